"""A whole run: deploy, baseline, steps, the end of the journal, and cleaning up whatever happens."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe import __version__
from netprobe.cluster.port import Cluster, ObjectRef
from netprobe.errors import EnvironmentFailure, InputError, NetprobeError, RunInterrupted
from netprobe.model.flow import Flow
from netprobe.model.run import RunResult
from netprobe.model.scenario import Scenario
from netprobe.record.journal import JournalWriter
from netprobe.record.records import Baseline, End, Header, Skipped
from netprobe.runner.baseline import measure_baseline
from netprobe.runner.calibration import calibrate, is_needed
from netprobe.runner.deploy import Deployer, read_surroundings, wait_for_population
from netprobe.runner.figures import Figures
from netprobe.runner.holding import Holding
from netprobe.runner.options import RunOptions
from netprobe.runner.overload import Budget
from netprobe.runner.progress import Watcher
from netprobe.runner.requirements import missing_after, missing_before
from netprobe.runner.results import answer_of, rejudge
from netprobe.runner.rounds import Rounds
from netprobe.runner.sentinel import Sentinel
from netprobe.runner.sessions import Sessions
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot, Surroundings, read_snapshot
from netprobe.runner.steps import Steps, connect
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.load import FILE
from netprobe.scenario.placement import Placement
from netprobe.scenario.population import pods_of

GONE_DEADLINE = 120.0
"""Seconds that the cluster has to remove the run's namespaces."""


class RunFailed(EnvironmentFailure):
    """The environment ended the run early; ``result`` is what was measured until then."""

    def __init__(self, cause: NetprobeError, result: RunResult) -> None:
        super().__init__(cause.message, remedy=cause.remedy)
        self.result = result


def run_scenario(
    scenario: Scenario, cluster: Cluster, journal: JournalWriter, options: RunOptions, watcher: Watcher
) -> RunResult:
    """Run a scenario on a cluster and judge it.

    ``journal`` must be fresh; the caller closes it and the cluster. The result is that of
    ``rejudge(journal.recording)``. An interruption (RunInterrupted or KeyboardInterrupt) ends the
    journal with its reason and returns what was measured, with ``interrupted`` set. The run's
    namespaces are removed in any case, unless ``options.keep``. Raises RunFailed, with the partial
    result, when the environment ended the run, and InputError when the journal cannot be written.
    """
    placement = Placement(options.run_id, scenario.namespaces, options.exact)
    site = Site(
        cluster=cluster,
        options=options,
        placement=placement,
        watcher=watcher,
        figures=Figures(options.clock),
        began=options.clock.now(),
        bystanders=frozenset(ref for each in scenario.bystanders for ref in pods_of(each)),
    )
    run = _Run(
        site=site,
        scenario=scenario,
        journal=journal,
        sessions=Sessions(site),
        deployer=Deployer(site),
        sentinel=Sentinel(site),
    )
    stopped: NetprobeError | KeyboardInterrupt | None = None
    try:
        try:
            journal.append(_header(scenario, site))
            run.carry_out()
        except (NetprobeError, KeyboardInterrupt) as error:
            stopped = error
        journal.append(_end(site, stopped))
    finally:
        run.clean_up()
    if isinstance(stopped, InputError):
        raise stopped
    result = rejudge(journal.recording)
    if isinstance(stopped, NetprobeError) and not isinstance(stopped, RunInterrupted):
        raise RunFailed(stopped, result) from stopped
    return result


@dataclass(kw_only=True, slots=True)
class _Run:
    site: Site
    scenario: Scenario
    journal: JournalWriter
    sessions: Sessions
    deployer: Deployer
    sentinel: Sentinel

    def carry_out(self) -> None:
        """Everything between the header and the end of the journal."""
        site = self.site
        site.watcher.stage(f"deploying {self.scenario.name}")
        with site.figures.timing("deploy_seconds"):
            snapshot = self._deploy()
        if snapshot is None:
            return
        rounds = Rounds(site, self.sessions, Budget(site.limits, site.options.clock))
        site.watcher.stage("baseline")
        begin = site.now()
        with site.figures.timing("baseline_seconds"):
            before, observations = measure_baseline(site, self._all_flows(), snapshot, rounds, self.sentinel)
        self.journal.append(Baseline(observations=observations, seconds=round(site.now() - begin, 3)))
        calibration = calibrate(site, self.scenario, snapshot, rounds, self.sentinel)
        if calibration is not None:
            self.journal.append(calibration)
        steps = Steps(
            site=site,
            scenario=self.scenario,
            sessions=self.sessions,
            rounds=rounds,
            sentinel=self.sentinel,
            deployer=self.deployer,
            journal=self.journal,
            before=before,
            ip_blocks_mean_pods=answer_of(calibration),
            holding=Holding(site=site, sessions=self.sessions, flows=site.options.held),
        )
        with site.figures.timing("steps_seconds"):
            for step in self.scenario.steps:
                snapshot = steps.run(step, snapshot)

    def clean_up(self) -> None:
        """Close the sessions and remove the namespaces of this run; what is left is told as a warning."""
        names = self.deployer.namespaces
        try:
            self.sessions.close()
            if not names or self.site.options.keep:
                return
            self.site.watcher.stage("removing the namespaces of this run")
            refs = [ObjectRef(api_version="v1", kind="Namespace", name=name) for name in reversed(names)]
            self.site.cluster.delete(refs)
            self.site.cluster.wait_gone(names, GONE_DEADLINE)
        except (RunInterrupted, KeyboardInterrupt):
            self.site.watcher.warning(f"cleaning up was interrupted; {_left(names)}")
        except NetprobeError as error:
            self.site.watcher.warning(f"{error.message}; {_left(names)}")

    def _deploy(self) -> Snapshot | None:
        """Deploy and read; None when the cluster lacks what the scenario requires."""
        site, scenario = self.site, self.scenario
        site.cluster.preflight()
        missing = missing_before(scenario, site.cluster.read(()), site.cluster.description)
        if missing:
            self.journal.append(Skipped(reason=missing))
            return None
        self.deployer.create(scenario)
        snapshot = wait_for_population(site, scenario.workloads, Surroundings())
        missing = missing_after(scenario, snapshot)
        if missing:
            self.journal.append(Skipped(reason=missing))
            return None
        calibrating = site.options.ip_blocks_mean_pods is None and is_needed(scenario, snapshot)
        if self.deployer.add_controls(snapshot, calibrating=calibrating):
            snapshot = read_snapshot(site, snapshot.surroundings)
        connect(self.sessions, snapshot)
        return read_snapshot(site, read_surroundings(site, scenario, snapshot, self.sessions))

    def _all_flows(self) -> list[Flow]:
        """The flows of all steps, each once, in the order of the steps."""
        flows: dict[str, Flow] = {}
        for step in self.scenario.steps:
            for flow in flows_of_step(self.scenario, step):
                flows.setdefault(flow.key, flow)
        self.site.figures.add("flows", len(flows))
        return list(flows.values())


def _header(scenario: Scenario, site: Site) -> Header:
    limits, options = site.limits, site.options
    return Header(
        run_id=options.run_id,
        netprobe_version=__version__,
        started=options.started.isoformat(timespec="seconds").replace("+00:00", "Z"),
        cluster=site.cluster.description,
        scenario=scenario.name,
        origin=_origin(scenario),
        files=scenario.files,
        settings={
            "settle": options.settle,
            "deploy_deadline": options.deploy_deadline,
            "flows_in_flight": limits.flows_in_flight,
            "connections_per_second": limits.connections_per_second or 0,
            "quiet_seconds": limits.quiet_seconds,
            "own_dial_seconds": limits.own_dial_seconds,
        },
    )


def _origin(scenario: Scenario) -> str:
    """The folder under which the scenario's places are shown, "" when it is the current one."""
    shown = next((step.place.file for step in scenario.steps if step.place), FILE)
    return shown.removesuffix(FILE).rstrip("/")


def _end(site: Site, stopped: NetprobeError | KeyboardInterrupt | None) -> End:
    reason = ""
    if isinstance(stopped, NetprobeError):
        reason = stopped.message
    elif stopped is not None:
        reason = "interrupted by the user"
    return End(reason=reason, seconds=round(site.now(), 3), figures=site.figures.read())


def _left(names: list[str]) -> str:
    command = f"kubectl delete namespace {' '.join(names)}"
    return f"these namespaces are left: {', '.join(names)}; remove them with: {command}"
