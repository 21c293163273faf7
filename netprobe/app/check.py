"""``netprobe check``: choose nodes and probes, run the board, and say what is enforced."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from netprobe import __version__
from netprobe.app.also import find_bystanders
from netprobe.app.clusters import check_terms, clock_of, open_cluster
from netprobe.app.jobs import job_for
from netprobe.app.journals import journal_paths
from netprobe.app.node_look import look_on_nodes
from netprobe.app.outside import address_of, externals_of
from netprobe.app.sights import Sights, look
from netprobe.audit.board.cases import FEATURES
from netprobe.audit.board.pods import Needs
from netprobe.audit.bystanders import Bystander, bystander_lines, scenario_entries
from netprobe.audit.canaries import held_flows
from netprobe.audit.concluding import conclude
from netprobe.audit.impact import impact_of
from netprobe.audit.needs import lacking_in
from netprobe.audit.nodes import MOST_NODES, Choice, choose_nodes
from netprobe.audit.planning import Plan, lines_of, make_plan
from netprobe.audit.recognition import recognise
from netprobe.audit.windows import NAME as WINDOW
from netprobe.audit.writing import scenario_files, with_outside
from netprobe.cluster.port import Cluster, Terms
from netprobe.config.settings import Config
from netprobe.errors import EnvironmentFailure, InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.audit import Audit, AuditReport, Enforcement
from netprobe.model.place import Place, Problem
from netprobe.model.scenario import Scenario
from netprobe.record.journal import JournalWriter
from netprobe.runner.clock import Clock
from netprobe.runner.progress import Watcher
from netprobe.runner.results import answer_of
from netprobe.runner.run import RunFailed, run_scenario
from netprobe.scenario.dressing import DEFAULT_IMAGE
from netprobe.scenario.load import load_from_files

_EXIT_CODES = {
    Enforcement.ENFORCED: 0,
    Enforcement.PARTIALLY_ENFORCED: 1,
    Enforcement.NOT_ENFORCED: 1,
    Enforcement.INCONCLUSIVE: 3,
    Enforcement.SKIPPED: 3,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRequest:
    """What ``netprobe check`` was asked for; ``require`` are names of features, all when it is empty.

    ``also`` are pods of the user (``namespace/pod``), to be asked as destinations. ``look_on_nodes``
    allows a pod on every node that reads its CNI files. ``terms`` are for a cluster that is made; their
    ``keep`` leaves the namespaces behind as well. ``outside`` is ``ADDRESS:PORT`` of a host outside of
    the cluster, "" where only the cluster may have one.
    """

    config: Config
    require: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    tolerate: bool = False
    most_nodes: int = MOST_NODES
    look_on_nodes: bool = False
    thorough: bool = False
    sctp: bool = False
    allow_exposure: bool = False
    outside: str = ""
    journal: str | None = None
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """The report of an audit, and why it ended early.

    ``failure`` is None when the environment did not end it, ``interrupted`` "" when the user did not.
    """

    report: AuditReport
    failure: EnvironmentFailure | None = None
    interrupted: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """What there is before anything is deployed: nodes, pods of the user, the rest of the cluster."""

    choice: Choice
    bystanders: Sequence[Bystander]
    sights: Sights


def check(request: CheckRequest, watcher: Watcher) -> Checked:
    """Audit a cluster. Raises InputError, and EnvironmentFailure when the cluster cannot be opened."""
    check_features(request.require)
    externals_of(request.outside)
    check_terms(request.config.cluster, request.terms)
    watcher.stage(f"opening the cluster {request.config.cluster}")
    with closing(open_cluster(request.config.cluster, request.terms)) as cluster:
        return check_on(cluster, request, watcher)


def check_on(
    cluster: Cluster, request: CheckRequest, watcher: Watcher, *, clock: Clock | None = None
) -> Checked:
    """Audit a cluster that is open, and leave it open; what keeps it from an audit is in the answer.

    ``clock`` None: the cluster's own time. Raises InputError for pods of ``also`` that cannot be asked.
    """
    try:
        choice = _choose(cluster, request)
        bystanders = find_bystanders(cluster, request.also)
    except EnvironmentFailure as failure:
        return _unable(cluster, request, failure)
    watcher.stage("looking at what is there")
    files = None
    if request.look_on_nodes:
        watcher.stage("reading the CNI files of nodes")
        files = look_on_nodes(cluster, choice.nodes, request.config.image or DEFAULT_IMAGE)
    found = _Found(choice=choice, bystanders=bystanders, sights=look(cluster, files))
    return _audit(request, cluster, found, watcher, clock or clock_of(cluster))


def _choose(cluster: Cluster, request: CheckRequest) -> Choice:
    """The nodes to look at. Raises EnvironmentFailure when there is none, or when we may not."""
    cluster.preflight()
    state = cluster.read(())
    choice = choose_nodes(state.nodes, tolerate=request.tolerate, most=request.most_nodes)
    if choice.nodes:
        return choice
    if "nodes" in state.unreadable:
        raise EnvironmentFailure(
            "nodes may not be listed with this account, and an audit puts pods on every one of them",
            remedy="give it the ClusterRole of docs/live-clusters.md",
        )
    reasons = "; ".join(f"{name}: {reason}" for name, reason in choice.excluded.items())
    raise EnvironmentFailure(
        f"no node takes the pods of an audit ({reasons or 'there is none'})",
        remedy="make a node ready for pods; --tolerate uses tainted ones, too",
    )


def _unable(cluster: Cluster, request: CheckRequest, failure: EnvironmentFailure) -> Checked:
    """The report of an audit that could not begin."""
    report = AuditReport(
        audit=Audit(
            verdict=Enforcement.INCONCLUSIVE, sentence=f"this audit proves nothing: {failure.message}"
        ),
        cluster=cluster.description,
        run_id="",
        started=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        seconds=0.0,
        netprobe_version=__version__,
        journal="",
        exit_code=_EXIT_CODES[Enforcement.INCONCLUSIVE],
        required=request.require,
    )
    return Checked(report=report, failure=failure)


def _scenario(
    request: CheckRequest,
    choice: Choice,
    bystanders: Sequence[Bystander],
    lacking: Collection[Needs],
    run_id: str,
) -> Scenario:
    lines = lines_of(make_plan(choice.nodes), choice.nodes, thorough=request.thorough)
    files = scenario_files(
        choice.nodes,
        [*lines, *bystander_lines(bystanders, choice.nodes)],
        ipv6=choice.ipv6,
        bystanders=scenario_entries(bystanders),
        lacking=lacking,
        run_id=run_id,
    )
    if request.outside:
        files = with_outside(files, address_of(request.outside)[0])
    return load_from_files(files)


def _audit(request: CheckRequest, cluster: Cluster, found: _Found, watcher: Watcher, clock: Clock) -> Checked:
    choice, sights = found.choice, found.sights
    lacking = lacking_in(cluster.description, sctp=request.sctp, exposure=request.allow_exposure)
    run_id = secrets.token_hex(3)
    scenario = _scenario(request, choice, found.bystanders, lacking, run_id)
    (journal,) = journal_paths([scenario], [run_id], named=request.journal, folder=request.config.journals)
    job = job_for(scenario, run_id, journal, config=request.config, cluster=cluster, keep=request.terms.keep)
    options = replace(
        job.options,
        patient=True,
        held=held_flows(choice.nodes),
        allow_exposure=request.allow_exposure,
        externals=externals_of(request.outside),
        clock=clock,
    )
    failure: EnvironmentFailure | None = None
    with JournalWriter(journal) as writer:
        try:
            result = run_scenario(scenario, cluster, writer, options, watcher)
        except RunFailed as broken:
            result, failure = broken.result, broken
        recording = writer.recording
    audit = conclude(result, recording, choice, found.bystanders)
    blocks = answer_of(recording.calibration)
    report = AuditReport(
        audit=audit,
        cluster=replace(result.cluster, facts={**choice.facts, **result.cluster.facts}),
        run_id=result.run_id,
        started=result.started,
        seconds=result.seconds,
        netprobe_version=result.netprobe_version,
        journal=str(journal),
        exit_code=_exit_code(audit, request.require),
        required=request.require,
        recognition=None if sights.identification is None else recognise(sights.identification, audit),
        impact=None if sights.inventory is None else impact_of(sights.inventory, audit, blocks),
        unseen=sights.unseen,
        skipped={**_skipped(choice), **{each.value: why for each, why in lacking.items()}},
        sentinels=tuple(reading for step in result.steps for reading in step.sentinels),
        ip_blocks_mean_pods=blocks,
    )
    interrupted = result.interrupted if failure is None else ""
    return Checked(report=report, failure=failure, interrupted=interrupted)


def _skipped(choice: Choice) -> Mapping[str, str]:
    """What the nodes do not allow to be audited."""
    if len(choice.nodes) > 1:
        return {}
    others = " that takes pods" if choice.excluded else ""
    return {"flows between nodes": f"this cluster has one node{others}"}


def _exit_code(audit: Audit, required: Sequence[str]) -> int:
    """The code of the network, or of the worst required feature; one without probes gave no answer."""
    if not required:
        return _EXIT_CODES[audit.verdict]
    verdicts = {feature.name: feature.verdict for feature in audit.features}
    codes = [_EXIT_CODES[verdicts.get(name, Enforcement.INCONCLUSIVE)] for name in required]
    return 1 if 1 in codes else max(codes)


def check_features(names: Sequence[str]) -> None:
    """Raise InputError for names that no feature of the board has."""
    known = [*(feature.name for feature in FEATURES), WINDOW]
    problems = [
        Problem(
            place=Place(file=f"--require {name}"),
            message=f'there is no feature "{name}"',
            hint=did_you_mean(name, known) or f"features are: {', '.join(known)}",
        )
        for name in names
        if name not in known
    ]
    if problems:
        raise InputError("the required features are wrong", problems=problems)


def plan_for(request: CheckRequest, watcher: Watcher) -> Plan:
    """The plan for the cluster's nodes, without deploying anything. Raises as ``check`` does."""
    check_terms(request.config.cluster, request.terms)
    watcher.stage(f"opening the cluster {request.config.cluster}")
    with closing(open_cluster(request.config.cluster, request.terms)) as cluster:
        choice = _choose(cluster, request)
    return make_plan(choice.nodes)
