"""Runs as compact data for the page's script: every text once, every flow a row of numbers.

The script (``assets/run.js``) knows the order of the columns; ``COLUMNS`` tells it by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from netprobe.model.decision import Decision, DirectionDecision
from netprobe.model.finding import Finding, Verdict
from netprobe.model.flow import PodRef
from netprobe.model.observation import Observation
from netprobe.model.place import Place
from netprobe.model.protocol import Via
from netprobe.model.run import RunResult, StepResult
from netprobe.report.cells import Cell, cell_of
from netprobe.report.naming import Names, names_of
from netprobe.report.responsible import Ref, place_text, reference_text
from netprobe.report.run_page.attempts import pack_attempts, share_of
from netprobe.report.run_page.texts import DESTINATION, SOURCE, Numbered, without_ends
from netprobe.report.run_page.tones import SHORT, TONES

COLUMNS = (
    "source", "destination", "port", "protocol", "via", "service", "servicePort", "cell", "verdict",
    "kind", "party", "explanation", "network", "policy", "intent", "decision", "seen", "baseline", "remark",
    "seconds", "left", "attempts",
)  # fmt: skip
"""What stands where in the row of a flow."""

Row = list[object]


@dataclass(slots=True)
class Store:
    """What rows refer to by number; number 0 of each is "nothing"."""

    texts: Numbered = field(default_factory=lambda: Numbered([""]))
    decisions: Numbered = field(default_factory=lambda: Numbered([()]))
    directions: Numbered = field(default_factory=lambda: Numbered([()]))
    ends: Numbered = field(default_factory=Numbered)


def pack(results: Sequence[RunResult], anchors: Sequence[str]) -> Mapping[str, object]:
    """Return the data of a page about ``results``; ``anchors`` go before the ids of each in links."""
    store = Store()
    share = share_of(finding for result in results for finding in result.findings)
    runs = [
        {
            "anchor": anchor,
            "scenario": result.scenario,
            "steps": [_step(result, step, store, share) for step in result.steps],
        }
        for result, anchor in zip(results, anchors, strict=True)
    ]
    return {
        "columns": COLUMNS,
        "cells": [[cell.symbol, SHORT[cell], cell.words, TONES[cell]] for cell in Cell],
        "verdicts": list(Verdict),
        "vias": list(Via),
        "runs": runs,
        "texts": store.texts.values,
        "decisions": store.decisions.values,
        "directions": store.directions.values,
        "ends": store.ends.values,
    }


def _step(result: RunResult, step: StepResult, store: Store, share: int) -> Mapping[str, object]:
    names = names_of(step.findings)
    prefix = f"{result.scenario}/{step.name}/"
    return {
        "name": step.name,
        "prefix": prefix,
        "flows": [_flow(finding, names, store, share, prefix) for finding in step.findings],
    }


def _flow(finding: Finding, names: Names, store: Store, share: int, prefix: str) -> Row:
    flow = finding.flow
    source, destination = names.end(flow.source), names.end(flow.destination)
    ends = {str(flow.destination): DESTINATION, destination: DESTINATION} if len(destination) > 4 else {}
    ends |= {str(flow.source): SOURCE, source: SOURCE}

    def text(value: object) -> int:
        return 0 if value is None else store.texts.of(without_ends(str(value), ends))

    observation = finding.observation
    intent = finding.intent
    wanted = (
        0
        if intent is None
        else store.texts.of("\n".join((intent.expectation, intent.text, _at(intent.place))))
    )
    kept, left = (
        ([], 0) if observation is None else pack_attempts(observation.attempts, share, store.texts.of)
    )
    key = f"{prefix}{flow.key}"
    row: Row = [
        _end(flow.source, source, store),
        _end(flow.destination, destination, store),
        flow.port,
        flow.protocol.value,
        list(Via).index(flow.via),
        text(flow.service),
        flow.service_port,
        list(Cell).index(cell_of(finding)),
        finding.verdict.severity,
        text(finding.kind),
        text(finding.party),
        text(finding.explanation),
        text(finding.network.reason),
        text(finding.policy.reason),
        wanted,
        _decision(finding.decision, store, ends),
        text(finding.seen),
        text(observation.baseline if observation is not None else None),
        text(_remark(observation)),
        round(finding.seconds, 3),
        left,
        kept,
    ]
    return row if finding.id == key else [*row, finding.id]


def _end(end: object, name: str, store: Store) -> int:
    """The end of a flow: its name here, its namespace, its name in ids."""
    return store.ends.of((name, end.namespace if isinstance(end, PodRef) else "", str(end)))


def _remark(observation: Observation | None) -> str:
    if observation is None:
        return ""
    young = "a pod of this flow is younger than the baseline" if observation.younger else ""
    return "; ".join(each for each in (observation.skipped, observation.disturbed, young) if each)


def _decision(decision: Decision | None, store: Store, ends: Mapping[str, str]) -> int:
    if decision is None:
        return 0
    value = (
        decision.answer.value,
        store.texts.of(without_ends(decision.reason, ends)),
        _direction(decision.egress, store, ends),
        _direction(decision.ingress, store, ends),
        _decision(decision.dns, store, ends),
        tuple((f"{address}:{port}", answer.value) for address, port, answer in decision.backends),
    )
    return store.decisions.of(value)


def _direction(end: DirectionDecision | None, store: Store, ends: Mapping[str, str]) -> int:
    if end is None:
        return 0

    def reference(ref: Ref) -> tuple[object, ...]:
        words = (reference_text(ref), without_ends(ref.text, ends), place_text(ref))
        return tuple(store.texts.of(each) for each in words)

    value = (
        end.direction.value,
        end.answer.value,
        store.texts.of(without_ends(end.reason, ends)),
        tuple(reference(ref) for ref in end.isolating),
        tuple(reference(ref) for ref in end.allowing),
        tuple(reference(ref) for ref in end.denying),
        reference(end.nearest_miss) if end.nearest_miss is not None else (),
    )
    return store.directions.of(value)


def _at(place: Place | None) -> str:
    """Where something stands in a file; what was read from a cluster stands nowhere."""
    return str(place) if place is not None and place.line else ""
