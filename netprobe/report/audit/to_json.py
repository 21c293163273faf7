"""An audit as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from netprobe.model.audit import (
    AffectedPolicy,
    AuditReport,
    BystanderResult,
    Established,
    FeatureResult,
    Impact,
    NodeResult,
    Recognition,
    Suspect,
)
from netprobe.model.identification import Limit
from netprobe.model.run import HeldState

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
            "facts": dict(report.cluster.facts),
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
        "sentinels": [asdict(each) for each in report.sentinels],
        "ipblocks_mean_pods": None
        if report.ip_blocks_mean_pods is None
        else report.ip_blocks_mean_pods.value,
        "features": [_feature(each) for each in audit.features],
        "established": [_established(each) for each in audit.established],
        "also": [_bystander(each) for each in audit.bystanders],
        "excluded_nodes": dict(audit.excluded),
        "skipped": dict(report.skipped),
        "cni": None if report.recognition is None else _cni(report.recognition),
        "impact": None if report.impact is None else _impact(report.impact),
        "unseen": list(report.unseen),
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


def _established(each: Established) -> dict[str, object]:
    reading = each.reading
    return {
        "flow": reading.flow,
        "where": each.where,
        "state": reading.state.value,
        "last_answer_seconds": None if reading.state is HeldState.UNKNOWN else reading.seconds,
        "detail": reading.detail,
    }


def _bystander(each: BystanderResult) -> dict[str, object]:
    return {
        "namespace": each.namespace,
        "pod": each.pod,
        "node": each.node,
        "verdict": each.verdict.value,
        "policies": list(each.policies),
        "flows": [
            {
                "flow": found.flow.key,
                "expected": found.expected.value,
                "result": found.word.value,
                "text": found.text,
            }
            for found in each.flows
        ],
    }


def _cni(recognition: Recognition) -> dict[str, object]:
    """The hint of the cluster's objects beside the proof; ``netprobe identify`` tells its evidence."""
    seen = recognition.identification
    return {
        "sentence": recognition.sentence,
        "expected": seen.enforces.value,
        "because": seen.because,
        "agrees": recognition.agrees,
        "found": [
            {
                "name": each.name,
                "title": each.title,
                "version": each.version,
                "role": each.role.value,
                "enforces": each.enforces.value,
                "limits": [_limit(limit) for limit in each.limits],
            }
            for each in seen.found
        ],
        "platforms": [each.title for each in seen.platforms],
        "fitting_limits": [_limit(limit) for limit in recognition.limits],
        "warnings": list(seen.warnings),
    }


def _limit(limit: Limit) -> dict[str, object]:
    return {"text": limit.text, "before": limit.before, "ids": list(limit.ids)}


def _impact(impact: Impact) -> dict[str, object]:
    return {
        "because": impact.because,
        "policies_present": impact.present,
        "affected": [_affected(each) for each in impact.affected],
        "misread_without_effect": list(impact.beyond),
        "notes": list(impact.notes),
    }


def _affected(each: AffectedPolicy) -> dict[str, object]:
    return {
        "namespace": each.namespace,
        "policy": each.name,
        "opened_pods": [str(pod) for pod in each.opened],
        "shut_pods": [str(pod) for pod in each.shut],
        "leaking_flows": each.leaks,
        "blocked_flows": each.blocks,
    }
