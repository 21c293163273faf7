"""Runs as JSON: everything that is known about each flow, in a versioned shape (docs/reports.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum

from netprobe.model.finding import Finding
from netprobe.model.flow import DnsRef, ExternalRef, Flow, NodeRef, PodRef
from netprobe.model.run import RunResult, StepResult
from netprobe.report.conclusion import conclude, count_kinds, count_verdicts

VERSION = 1
"""The value of ``netprobe_report``; it grows when a reader of the old shape would be misled."""


def render(results: Sequence[RunResult]) -> str:
    """Return the JSON document of ``results``; the same results give the same text."""
    document = {"netprobe_report": VERSION, "runs": [_run(result) for result in results]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _run(result: RunResult) -> dict[str, object]:
    end = conclude(result)
    return {
        "run_id": result.run_id,
        "scenario": result.scenario,
        "title": result.title,
        "netprobe_version": result.netprobe_version,
        "cluster": plain(result.cluster),
        "started": result.started,
        "seconds": plain(result.seconds),
        "verdict": result.verdict.value,
        "exit_code": end.exit_code,
        "conclusion": end.sentence,
        "interrupted": result.interrupted,
        "headlines": list(result.headlines),
        "notes": list(result.notes),
        "counts": _counts(result.findings),
        "figures": plain(dict(sorted(result.figures.items()))),
        "steps": [_step(step) for step in result.steps],
    }


def _step(step: StepResult) -> dict[str, object]:
    return {
        "name": step.name,
        "complete": step.complete,
        "seconds": plain(step.seconds),
        "counts": _counts(step.findings),
        "sentinels": plain(step.sentinels),
        "findings": [_finding(finding) for finding in step.findings],
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.id,
        "verdict": finding.verdict.value,
        "kind": plain(finding.kind),
        "party": plain(finding.party),
        "explanation": finding.explanation,
        "flow": _flow(finding.flow),
        "seen": finding.seen.value,
        "network": plain(finding.network),
        "policy": plain(finding.policy),
        "intent": plain(finding.intent),
        "decision": plain(finding.decision),
        "observation": plain(finding.observation),
        "seconds": plain(finding.seconds),
    }


def _flow(flow: Flow) -> dict[str, object]:
    return {
        "key": flow.key,
        "source": plain(flow.source),
        "destination": plain(flow.destination),
        "port": flow.port,
        "protocol": flow.protocol.value,
        "via": flow.via.value,
        "service": flow.service,
        "service_port": flow.service_port,
    }


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    verdicts = {verdict.value: count for verdict, count in count_verdicts(findings).items()}
    kinds = {kind.value: count for kind, count in count_kinds(findings).items()}
    return {"flows": len(findings), **verdicts, **kinds}


ENDS = {PodRef: "pod", DnsRef: "dns", ExternalRef: "external", NodeRef: "node"}


def plain(value: object) -> object:
    """Return ``value`` as JSON can hold it; dataclasses become objects with all their fields.

    Ends of flows carry their ``kind``; numbers of seconds keep six decimals. Raises TypeError for
    what no report should hold.
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return round(value, 6)
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if is_dataclass(value):
        kind = {"kind": ENDS[type(value)]} if type(value) in ENDS else {}
        return {**kind, **{field.name: plain(getattr(value, field.name)) for field in fields(value)}}
    raise TypeError(f"a report cannot hold {type(value).__name__}")
