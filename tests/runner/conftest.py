"""A scenario as texts, a simulated cluster and a run on it, all in virtual time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter

from netprobe.cluster.port import Limits
from netprobe.cluster.providers.simulated import SimulatedCluster
from netprobe.cluster.providers.simulation.clock import VirtualClock
from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.model.run import RunResult
from netprobe.record.journal import JournalWriter, read_journal
from netprobe.runner.options import RunOptions
from netprobe.runner.results import rejudge
from netprobe.runner.run import RunFailed, run_scenario
from netprobe.scenario.load import load_from_files

GRID = """
grid:
  namespaces: [red, blue]
  pods: [a, b]
  ports: [80]
"""

DENY_A = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-a, namespace: red}
spec: {podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress]}
"""

DENY_B_EGRESS = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: no-egress-b, namespace: blue}
spec: {podSelector: {matchLabels: {pod: b}}, policyTypes: [Egress]}
"""


def scenario_texts(steps: str, head: str = "", workloads: str = GRID) -> dict[str, str]:
    return {
        "scenario.yaml": f"netprobe: 1\nname: test\ntitle: A test\n{head}{workloads}\nsteps:\n{steps}",
        "deny-a.yaml": DENY_A,
        "no-egress-b.yaml": DENY_B_EGRESS,
    }


DENY_STEP = """
  - name: deny a
    apply: [deny-a.yaml]
    intent:
      default: allow
      deny: ["* -> red/a"]
"""


@dataclass
class Diary:
    """A watcher that remembers."""

    stages: list[str] = field(default_factory=list)
    headlines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    counts: list[tuple[int, int]] = field(default_factory=list)

    def stage(self, text):
        self.stages.append(text)

    def progress(self, done, total):
        self.counts.append((done, total))

    def headline(self, text):
        self.headlines.append(text)

    def warning(self, text):
        self.warnings.append(text)


class Bench:
    """Runs scenarios on a simulated cluster; after each run its journal is judged again."""

    def __init__(self, folder):
        self.folder = folder
        self.clock = VirtualClock()
        self.diary = Diary()
        self.cluster: SimulatedCluster | None = None
        self.recording = None
        self.failure: RunFailed | None = None

    def prepare(self, *, faults=None, limits=None, **options) -> SimulatedCluster:
        self.cluster = SimulatedCluster(
            faults=faults or Faults(), limits=limits or Limits(), clock=self.clock, **options
        )
        return self.cluster

    def run(self, files: dict[str, str], **options) -> RunResult:
        cluster = self.cluster or self.prepare()
        scenario = load_from_files({k: v for k, v in files.items() if k in used(files)}, "test")
        settings = RunOptions(
            run_id="t1",
            settle=options.pop("settle", 12.0),
            started=datetime(2025, 1, 1, tzinfo=UTC),
            clock=self.clock,
            **options,
        )
        path = self.folder / "journal.jsonl"
        self.failure = None
        with JournalWriter(path) as journal:
            try:
                result = run_scenario(scenario, cluster, journal, settings, self.diary)
            except RunFailed as failed:
                self.failure = failed
                result = failed.result
        self.recording = read_journal(path)
        dump = TypeAdapter(RunResult).dump_json
        assert dump(rejudge(self.recording)) == dump(result)
        return result


def used(files: dict[str, str]) -> set[str]:
    return {name for name in files if name == "scenario.yaml" or name in files["scenario.yaml"]}


@pytest.fixture
def bench(tmp_path) -> Bench:
    return Bench(tmp_path)


@pytest.fixture
def texts():
    return scenario_texts


@pytest.fixture
def deny_step() -> str:
    return DENY_STEP
