"""The JSON Schema of the JSON report of an audit (docs/check.schema.json)."""

from __future__ import annotations

from netprobe.model.audit import BystanderWord, Enforcement, FeatureResult, Suspect, Tally
from netprobe.model.decision import Answer
from netprobe.model.identification import Enforces, Role
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.model.run import HeldState, SentinelReading
from netprobe.report.audit.to_json import VERSION
from netprobe.report.json_schema import Definitions, Schema, array, hints_of, nullable

_TEXT: Schema = {"type": "string"}
_TEXTS = array(_TEXT)
_COUNT: Schema = {"type": "integer", "minimum": 0}
_SECONDS: Schema = {"type": "number", "minimum": 0}
_WORDS: Schema = {"type": "object", "additionalProperties": _TEXT}


def schema() -> Schema:
    """Return the schema. Further keys may come at any time; what is here is there in every report."""
    known = Definitions()
    verdict = known.of(Enforcement)
    texts = dict.fromkeys(("conclusion", "run_id", "netprobe_version"), _TEXT)
    return known.document(
        f"check:{VERSION}",
        "netprobe check report",
        "What netprobe check -o json=FILE writes.",
        {
            "netprobe_audit": {"const": VERSION},
            "verdict": verdict,
            **texts,
            "exit_code": {"enum": [0, 1, 3]},
            "required": _TEXTS,
            "cluster": known.object(
                "Cluster",
                {**dict.fromkeys(("name", "kind", "title", "version"), _TEXT), "facts": _WORDS},
            ),
            "started": {"type": "string", "format": "date-time"},
            "seconds": _SECONDS,
            "probes": _COUNT,
            "deviations": _COUNT,
            "suspects": array(known.of(Suspect)),
            "near": array(known.of(Suspect)),
            "nodes": array(_node(known, verdict)),
            "sentinels": array(known.of(SentinelReading)),
            "ipblocks_mean_pods": nullable(known.of(IpBlocksMeanPods)),
            "features": array(_feature(known, verdict)),
            "established": array(_established(known)),
            "also": array(_bystander(known, verdict)),
            "excluded_nodes": _WORDS,
            "skipped": _WORDS,
            "cni": nullable(_cni(known)),
            "impact": nullable(_impact(known)),
            "unseen": _TEXTS,
            "notes": _TEXTS,
        },
    )


def _node(known: Definitions, verdict: Schema) -> Schema:
    cell = known.object(
        "NodeCell", {"direction": known.of(Direction), "protocol": known.of(Protocol), "verdict": verdict}
    )
    return known.object(
        "Node",
        {"node": _TEXT, "verdict": verdict, "takes_effect_seconds": nullable(_SECONDS), "cells": array(cell)},
        description="What the canaries of one node came to, by direction and protocol.",
    )


def _feature(known: Definitions, verdict: Schema) -> Schema:
    tally = hints_of(Tally)
    counts = ("agreed", "leaked", "blocked", "unanswered", "skipped", "reason")
    examples = known.of(hints_of(FeatureResult)["examples"])
    return known.object(
        "Feature",
        {
            "name": _TEXT,
            "title": _TEXT,
            "verdict": verdict,
            **{name: known.of(tally[name]) for name in counts},
            "examples": examples,
        },
        description="What the probes of one feature came to.",
    )


def _established(known: Definitions) -> Schema:
    return known.object(
        "Established",
        {
            "flow": _TEXT,
            "where": _TEXT,
            "state": known.of(HeldState),
            "last_answer_seconds": nullable(_SECONDS),
            "detail": _TEXT,
        },
        description="What became of a connection that was open before the policies: told, never judged.",
    )


def _bystander(known: Definitions, verdict: Schema) -> Schema:
    flow = known.object(
        "AlsoFlow",
        {"flow": _TEXT, "expected": known.of(Answer), "result": known.of(BystanderWord), "text": _TEXT},
    )
    return known.object(
        "AlsoPod",
        {
            **dict.fromkeys(("namespace", "pod", "node"), _TEXT),
            "verdict": verdict,
            "policies": _TEXTS,
            "flows": array(flow),
        },
        description="A pod of the user that was asked as a destination.",
    )


def _cni(known: Definitions) -> Schema:
    limit = known.object("Limit", {"text": _TEXT, "before": _TEXT, "ids": _TEXTS})
    found = known.object(
        "FoundCni",
        {
            **dict.fromkeys(("name", "title", "version"), _TEXT),
            "role": known.of(Role),
            "enforces": known.of(Enforces),
            "limits": array(limit),
        },
    )
    return known.object(
        "Cni",
        {
            "sentence": _TEXT,
            "expected": known.of(Enforces),
            "because": _TEXT,
            "agrees": nullable({"type": "boolean"}),
            "found": array(found),
            "platforms": _TEXTS,
            "fitting_limits": array(limit),
            "warnings": _TEXTS,
        },
        description="Which CNI this seems to be: a hint, beside what the packets proved.",
    )


def _impact(known: Definitions) -> Schema:
    affected = known.object(
        "AffectedPolicy",
        {
            "namespace": _TEXT,
            "policy": _TEXT,
            "opened_pods": _TEXTS,
            "shut_pods": _TEXTS,
            "leaking_flows": _COUNT,
            "blocked_flows": _COUNT,
        },
    )
    return known.object(
        "Impact",
        {
            "because": _TEXT,
            "policies_present": _COUNT,
            "affected": array(affected),
            "misread_without_effect": _TEXTS,
            "notes": _TEXTS,
        },
        description="What the deviations mean for the NetworkPolicies that were there before the audit.",
    )
