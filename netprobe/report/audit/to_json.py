"""An audit as JSON."""

from __future__ import annotations

import json

from netprobe.model.audit import AuditReport, FeatureResult, NodeResult, Suspect

VERSION = 1
"""The value of ``netprobe_audit``; it grows when a reader of the old shape would be misled."""


def render(report: AuditReport) -> str:
    """Return the document."""
    audit = report.audit
    document = {
        "netprobe_audit": VERSION,
        "verdict": audit.verdict.value,
        "conclusion": audit.sentence,
        "exit_code": report.exit_code,
        "required": list(report.required),
        "cluster": {
            "name": report.cluster.name,
            "kind": report.cluster.kind,
            "title": report.cluster.title,
            "version": report.cluster.version,
        },
        "run_id": report.run_id,
        "started": report.started,
        "seconds": round(report.seconds, 3),
        "netprobe_version": report.netprobe_version,
        "probes": audit.probes,
        "deviations": audit.deviations,
        "suspects": [_suspect(each) for each in audit.suspects],
        "near": [_suspect(each) for each in audit.near],
        "nodes": [_node(each) for each in audit.nodes],
        "features": [_feature(each) for each in audit.features],
        "excluded_nodes": dict(audit.excluded),
        "notes": list(audit.notes),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _suspect(suspect: Suspect) -> dict[str, object]:
    return {
        "name": suspect.name,
        "says": suspect.says,
        "cites": list(suspect.cites),
        "explained": suspect.explained,
        "deviations": suspect.deviations,
        "against": suspect.against,
    }


def _node(node: NodeResult) -> dict[str, object]:
    return {
        "node": node.node,
        "verdict": node.verdict.value,
        "takes_effect_seconds": node.seconds,
        "cells": [
            {"direction": direction.value, "protocol": protocol.value, "verdict": verdict.value}
            for (direction, protocol), verdict in node.cells.items()
        ],
    }


def _feature(feature: FeatureResult) -> dict[str, object]:
    tally = feature.tally
    return {
        "name": feature.name,
        "title": feature.title,
        "verdict": feature.verdict.value,
        "agreed": tally.agreed,
        "leaked": tally.leaked,
        "blocked": tally.blocked,
        "unanswered": tally.unanswered,
        "skipped": tally.skipped,
        "reason": tally.reason,
        "examples": list(feature.examples),
    }
