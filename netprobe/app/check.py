"""``netprobe check``: choose nodes and probes, run the board, and say what is enforced."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import cast

from netprobe.app.clusters import find_provider, open_cluster
from netprobe.app.formats import Output, parse_outputs
from netprobe.app.jobs import job_for
from netprobe.app.journals import journal_paths
from netprobe.app.late import load
from netprobe.audit.board.cases import FEATURES
from netprobe.audit.concluding import conclude
from netprobe.audit.nodes import MOST_NODES, Choice, choose_nodes
from netprobe.audit.planning import Plan, lines_of, make_plan
from netprobe.audit.writing import scenario_files
from netprobe.cluster.port import Body, Cluster
from netprobe.config.settings import Config
from netprobe.errors import EnvironmentFailure, InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.audit import Audit, AuditReport, Enforcement
from netprobe.model.place import Place, Problem
from netprobe.record.journal import JournalWriter
from netprobe.report.write import write_report
from netprobe.runner.progress import Watcher
from netprobe.runner.run import RunFailed, run_scenario
from netprobe.scenario.load import load_from_files

FORMATS: Mapping[str, str] = {
    "json": "netprobe.report.audit.to_json:render",
    "markdown": "netprobe.report.audit.to_markdown:render",
    "junit": "netprobe.report.audit.to_junit:render",
}
"""Formats of report files by name."""

Render = Callable[[AuditReport], str]

_EXIT_CODES = {
    Enforcement.ENFORCED: 0,
    Enforcement.PARTIALLY_ENFORCED: 1,
    Enforcement.NOT_ENFORCED: 1,
    Enforcement.INCONCLUSIVE: 3,
    Enforcement.SKIPPED: 3,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRequest:
    """What ``netprobe check`` was asked for; ``require`` are names of features, all when it is empty."""

    config: Config
    require: tuple[str, ...] = ()
    tolerate: bool = False
    most_nodes: int = MOST_NODES
    thorough: bool = False
    journal: str | None = None
    keep: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """The report of an audit, and why the environment ended it early (None when it did not)."""

    report: AuditReport
    failure: EnvironmentFailure | None = None


def check(request: CheckRequest, watcher: Watcher) -> Checked:
    """Audit a cluster. Raises InputError, and EnvironmentFailure when the cluster cannot be opened."""
    _check_features(request.require)
    find_provider(request.config.cluster.partition(":")[0])
    watcher.stage(f"opening the cluster {request.config.cluster}")
    with closing(open_cluster(request.config.cluster)) as cluster:
        choice = choose_nodes(_nodes(cluster), tolerate=request.tolerate, most=request.most_nodes)
        if not choice.nodes:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in choice.excluded.items())
            raise EnvironmentFailure(f"no node takes the pods of an audit ({reasons or 'there is none'})")
        return _audit(request, cluster, choice, watcher)


def _nodes(cluster: Cluster) -> Sequence[Body]:
    cluster.preflight()
    return cluster.read(()).nodes


def _audit(request: CheckRequest, cluster: Cluster, choice: Choice, watcher: Watcher) -> Checked:
    plan = make_plan(choice.nodes)
    lines = lines_of(plan, choice.nodes, thorough=request.thorough)
    scenario = load_from_files(scenario_files(choice.nodes, lines))
    run_id = secrets.token_hex(3)
    (journal,) = journal_paths([scenario], [run_id], named=request.journal, folder=request.config.journals)
    job = job_for(scenario, run_id, journal, config=request.config, cluster=cluster, keep=request.keep)
    failure: EnvironmentFailure | None = None
    with JournalWriter(journal) as writer:
        try:
            result = run_scenario(scenario, cluster, writer, replace(job.options, patient=True), watcher)
        except RunFailed as broken:
            result, failure = broken.result, broken
        audit = conclude(result, writer.recording, choice)
    report = AuditReport(
        audit=audit,
        cluster=result.cluster,
        run_id=result.run_id,
        started=result.started,
        seconds=result.seconds,
        netprobe_version=result.netprobe_version,
        journal=str(journal),
        exit_code=_exit_code(audit, request.require),
        required=request.require,
    )
    return Checked(report=report, failure=failure)


def _exit_code(audit: Audit, required: Sequence[str]) -> int:
    """The code of the network, or of the worst required feature; one without probes gave no answer."""
    if not required:
        return _EXIT_CODES[audit.verdict]
    verdicts = {feature.name: feature.verdict for feature in audit.features}
    codes = [_EXIT_CODES[verdicts.get(name, Enforcement.INCONCLUSIVE)] for name in required]
    return 1 if 1 in codes else max(codes)


def _check_features(names: Sequence[str]) -> None:
    known = [feature.name for feature in FEATURES]
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
    watcher.stage(f"opening the cluster {request.config.cluster}")
    with closing(open_cluster(request.config.cluster)) as cluster:
        choice = choose_nodes(_nodes(cluster), tolerate=request.tolerate, most=request.most_nodes)
    return make_plan(choice.nodes)


def outputs_of(words: Sequence[str]) -> tuple[Output, ...]:
    """Return the report files that the words name. Raises InputError."""
    return parse_outputs(words, FORMATS)


def write_check(outputs: Sequence[Output], report: AuditReport, print_text: Callable[[str], None]) -> None:
    """Write every report that was asked for. Raises InputError when a file cannot be written."""
    for output in outputs:
        text = cast("Render", load(FORMATS[output.format]))(report)
        if output.path is None:
            print_text(text)
        else:
            write_report(output.path, text)
