"""The figures that netprobe promises, measured on this machine: `python tests/bench/bench.py [PART...]`.

Parts: ``run`` (three-tier from cold and on a lab that is there already), ``round`` (one round of open
flows on deployed lab pods, small and large), ``oracle`` (decisions of a large grid), ``library``
(``run --all``). Prints one table
of medians with what was promised and the ratio between the two.
"""

from __future__ import annotations

import contextlib
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tabulate import tabulate

from netprobe.cluster.port import Cluster, ObjectRef
from netprobe.cluster.providers.lab import LabProvider
from netprobe.model.scenario import Scenario
from netprobe.oracle.decide import Oracle
from netprobe.record.journal import JournalWriter
from netprobe.runner.controls import Controls
from netprobe.runner.deploy import Deployer, read_surroundings, wait_for_population
from netprobe.runner.figures import Figures
from netprobe.runner.options import RunOptions
from netprobe.runner.overload import Budget
from netprobe.runner.plan import Looks
from netprobe.runner.progress import Nobody
from netprobe.runner.rounds import Ask, Rounds
from netprobe.runner.run import run_scenario
from netprobe.runner.sessions import Sessions
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot, Surroundings, read_snapshot
from netprobe.runner.steps import connect
from netprobe.runner.targets import Target, Targets
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.library import find_scenario, library_roots
from netprobe.scenario.load import load_from_files, load_scenario
from netprobe.scenario.placement import Placement

REPEATS = 5
Row = tuple[str, float, float, str]
"""What was measured, the median in seconds, the promise in seconds (0: none), a remark."""


def main(parts: list[str]) -> None:
    rows: list[Row] = []
    for name in parts or list(PARTS):
        rows.extend(PARTS[name]())
    table = [
        (what, f"{took:.2f}", *((f"{promise:g}", f"{took / promise:.2f}") if promise else ("", "")), remark)
        for what, took, promise, remark in rows
    ]
    headers = ("measured", "median s", "at most s", "ratio", "remark")
    print(tabulate(table, headers=headers, disable_numparse=True))


def bench_run() -> Iterator[Row]:
    """`netprobe run three-tier` as a user starts it, and the same run on a lab that is there."""
    command = [sys.executable, "-m", "netprobe", "run", "three-tier", "-q"]
    with tempfile.TemporaryDirectory() as folder:

        def run_cold() -> None:
            subprocess.run(command, check=True, cwd=folder, capture_output=True)

        cold = [timed(run_cold) for _ in range(3)]
    yield "run three-tier, cold lab", statistics.median(cold), 20, f"{min(cold):.2f} to {max(cold):.2f}"
    scenario = load_scenario(find_scenario("three-tier", library_roots()))
    with an_open_lab() as cluster, tempfile.TemporaryDirectory() as folder:
        warm = []
        for number in range(3):
            with JournalWriter(Path(folder, f"{number}.jsonl")) as journal:
                options = RunOptions(run_id=secrets.token_hex(3))
                warm.append(timed(partial(run_scenario, scenario, cluster, journal, options, Nobody())))
    yield "run three-tier, existing lab", statistics.median(warm), 12, f"{min(warm):.2f} to {max(warm):.2f}"


def bench_round() -> Iterator[Row]:
    """One round of open flows between deployed pods, with all its controls."""
    for pods, promise in ((12, 0.5), (40, 3.0)):
        scenario = grid(pods)
        with an_open_lab() as cluster, a_deployed(scenario, cluster) as (site, sessions, snapshot):
            targets, controls = Targets(site, snapshot), Controls(snapshot)
            asks = [
                Ask(flow=flow, target=target, attempts=1, timeout=2.5)
                for flow in flows_of_step(scenario, scenario.steps[0])
                if isinstance(target := targets.of(flow), Target)
            ]
            rounds = Rounds(site, sessions, Budget(cluster.limits, site.options.clock))
            took, opened = [], 0
            for _ in range(REPEATS):
                begin = time.perf_counter()
                result = rounds.run(asks, controls, looks=Looks(), pods=snapshot.pods())
                took.append(time.perf_counter() - begin)
                opened = sum(a[-1].outcome.is_open for a in result.attempts.values())
            opened_execs = site.figures.read()["sessions"]
        remark = f"{opened} of {len(asks)} open; {opened_execs:g} execs for {pods} pods and 2 controls"
        yield f"round of {len(asks)} flows, {pods} pods", statistics.median(took), promise, remark


def bench_oracle() -> Iterator[Row]:
    """The oracle's answers for every flow of a grid of 40 pods under a deny-all and an allow."""
    scenario = grid(40)
    with an_open_lab() as cluster, a_deployed(scenario, cluster) as (_, _, snapshot):
        flows = flows_of_step(scenario, scenario.steps[0])

        def decide() -> None:
            oracle = Oracle(snapshot.topology, ())
            for flow in flows:
                oracle.decide(flow)

        took = statistics.median(timed(decide) for _ in range(REPEATS))
    yield f"oracle, {len(flows)} decisions", took, 0, f"{len(flows) / took:,.0f} decisions a second"


def bench_library() -> Iterator[Row]:
    """`netprobe run --all` from cold, where policies are enforced and where they are not."""
    for profile, code, promise in (("enforcing", 0, 120), ("none", 1, 0)):
        command = [sys.executable, "-m", "netprobe", "run", "--all", "-q", "--cluster", f"lab:{profile}"]

        def run_all(command: list[str] = command, code: int = code) -> None:
            with tempfile.TemporaryDirectory() as folder:
                done = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True)
            assert done.returncode == code, done.stdout + done.stderr

        took = [timed(run_all) for _ in range(3)]
        remark = f"{min(took):.1f} to {max(took):.1f}; exit code {code}"
        yield f"run --all, cold lab:{profile}", statistics.median(took), promise, remark


PARTS: dict[str, Callable[[], Iterator[Row]]] = {
    "run": bench_run,
    "round": bench_round,
    "oracle": bench_oracle,
    "library": bench_library,
}


def timed(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


def grid(pods: int) -> Scenario:
    text = f"""\
netprobe: 1
name: grid
grid: {{namespaces: [x], pods: {pods}, ports: [8080]}}
steps:
- name: open
  intent: {{default: allow}}
"""
    return load_from_files({"scenario.yaml": text})


@contextlib.contextmanager
def an_open_lab() -> Iterator[Cluster]:
    cluster = LabProvider().open("")
    try:
        yield cluster
    finally:
        cluster.close()


@contextlib.contextmanager
def a_deployed(scenario: Scenario, cluster: Cluster) -> Iterator[tuple[Site, Sessions, Snapshot]]:
    """The scenario's pods and controls, each with its session."""
    options = RunOptions(run_id=secrets.token_hex(3))
    site = Site(
        cluster=cluster,
        options=options,
        placement=Placement(options.run_id, scenario.namespaces),
        watcher=Nobody(),
        figures=Figures(options.clock),
        began=options.clock.now(),
    )
    sessions, deployer = Sessions(site), Deployer(site)
    try:
        deployer.create(scenario)
        snapshot = wait_for_population(site, scenario.workloads, Surroundings())
        deployer.add_controls(snapshot)
        snapshot = read_snapshot(site, snapshot.surroundings)
        connect(sessions, snapshot)
        yield site, sessions, read_snapshot(site, read_surroundings(site, scenario, snapshot, sessions))
    finally:
        sessions.close()
        cluster.delete(
            [ObjectRef(api_version="v1", kind="Namespace", name=name) for name in deployer.namespaces]
        )


if __name__ == "__main__":
    main(sys.argv[1:])
