"""Which probes an audit makes: enough to tell all explanations apart, and some for every feature."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from netprobe.audit.board.also_asked import ALWAYS, EARLIER
from netprobe.audit.board.cases import FEATURES
from netprobe.audit.board.feature import Phase
from netprobe.audit.board.pods import NAMESPACES, PODS, Needs
from netprobe.audit.canaries import canary_lines, canary_pods
from netprobe.audit.explanations import SOUND, Explanation, explanations
from netprobe.audit.nodes import AuditedNode
from netprobe.audit.predicting import Predictor
from netprobe.audit.rehearsal import rehearse
from netprobe.audit.writing import Line, is_about, scenario_files
from netprobe.model.decision import Answer
from netprobe.model.flow import Flow
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.scenario import Scenario
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.intent import strongest_lines
from netprobe.scenario.load import load_from_files

Pair = tuple[int, int]
"""Two explanations by their numbers in the plan."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedProbe:
    """A probe with the pairs of explanations that it tells apart, and the features that it is about."""

    line: Line
    features: tuple[str, ...]
    tells_apart: frozenset[Pair]


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """The probes and why; ``explanations`` begin with the sound network.

    ``needed`` is the smallest set that was found, in the order in which it was chosen; ``chosen`` adds
    some probes of every feature; ``alike`` are pairs that no probe tells apart.
    """

    explanations: tuple[Explanation, ...]
    probes: tuple[PlannedProbe, ...]
    needed: tuple[PlannedProbe, ...]
    chosen: tuple[PlannedProbe, ...]
    alike: frozenset[Pair]


def make_plan(nodes: Sequence[AuditedNode]) -> Plan:
    """Choose the probes for these nodes.

    What each explanation predicts is computed for every edge of the board and for the canaries of the
    first two nodes; then edges are taken, always the one that tells most pairs apart that are still alike.
    """
    two = list(nodes[:2])
    lines = [*_board_lines(), *_lines_of_canaries(two)]
    known = (SOUND, *explanations(node.name for node in two))
    scenario = load_from_files(scenario_files(two, lines))
    predictions = _predict(scenario, two, lines, known)
    pairs = frozenset(itertools.combinations(range(len(known)), 2))
    probes = [
        PlannedProbe(
            line=line,
            features=tuple(_features_of(line)),
            tells_apart=_told_apart(predictions[line]),
        )
        for line in lines
    ]
    needed, alike = _cover(probes, pairs)
    return Plan(
        explanations=known,
        probes=tuple(probes),
        needed=tuple(needed),
        chosen=tuple(_with_features(probes, needed)),
        alike=alike,
    )


def _board_lines() -> list[Line]:
    lines: dict[Line, None] = {}
    for feature in FEATURES:
        for allowed, texts in ((True, feature.allow), (False, feature.deny)):
            lines |= {Line(phase=feature.phase, text=text, allowed=allowed): None for text in texts}
    for allow, deny in EARLIER.values():
        for allowed, texts in ((True, allow), (False, deny)):
            lines |= {Line(phase=Phase.DENY, text=text, allowed=allowed): None for text in texts}
    return list(lines)


def _lines_of_canaries(nodes: Sequence[AuditedNode]) -> list[Line]:
    return [Line(phase=each.phase, text=each.text, allowed=each.allowed) for each in canary_lines(nodes)]


def _features_of(line: Line) -> Iterator[str]:
    for feature in FEATURES:
        texts = feature.allow if line.allowed else feature.deny
        if line.phase is feature.phase and line.text in texts:
            yield feature.name


def _predict(
    scenario: Scenario, nodes: Sequence[AuditedNode], lines: Sequence[Line], known: Sequence[Explanation]
) -> dict[Line, tuple[Answer, ...]]:
    """The answers of all explanations for each line."""
    places = {(pod.namespace, pod.name): nodes[pod.place % len(nodes)].name for pod in PODS}
    places |= {(pod.namespace, pod.name): nodes[pod.place].name for pod in canary_pods(len(nodes))}
    histories = rehearse(scenario, NAMESPACES, places)
    found: dict[Line, tuple[Answer, ...]] = {}
    for step, history in zip(scenario.steps, histories, strict=True):
        flows: dict[str, Flow] = {}
        for flow in flows_of_step(scenario, step):
            flows |= {each.text: flow for each in strongest_lines(step, flow)}
        mine = [line for line in lines if line.phase.value == step.name]
        asked = [flows[line.full] for line in mine]
        columns = [Predictor(each, history, IpBlocksMeanPods.YES).answers(asked) for each in known]
        found |= dict(zip(mine, zip(*columns, strict=True), strict=True))
    return found


def _told_apart(answers: Sequence[Answer]) -> frozenset[Pair]:
    """Each explanation that answers open with each that answers closed."""
    opens, closes = (
        [number for number, answer in enumerate(answers) if answer is wanted]
        for wanted in (Answer.ALLOW, Answer.DENY)
    )
    return frozenset((min(pair), max(pair)) for pair in itertools.product(opens, closes))


def _cover(
    probes: Sequence[PlannedProbe], pairs: frozenset[Pair]
) -> tuple[list[PlannedProbe], frozenset[Pair]]:
    """Take the probe that tells most pairs apart, until no probe tells more.

    Those that not every cluster can have come last: for what nothing else tells.
    """
    left, chosen = pairs, []
    everywhere = [probe for probe in probes if not _depends_on_cluster(probe.line)]
    for offered in (everywhere, probes):
        while left:
            best = max(offered, key=lambda probe: len(probe.tells_apart & left))
            if not best.tells_apart & left:
                break
            chosen.append(best)
            left -= best.tells_apart
    return chosen, left


def _depends_on_cluster(line: Line) -> bool:
    if "second-ip" in line.text or any(is_about(line, needs) for needs in Needs):
        return True
    source, _, rest = line.text.partition(" -> ")
    return rest.startswith(f"{source}:")


def _with_features(probes: Sequence[PlannedProbe], needed: Sequence[PlannedProbe]) -> list[PlannedProbe]:
    """Add probes until every feature has one that must be open and two that must be closed, where it can.

    Those that are always asked come first.
    """
    always = [p for p in probes if p.features and p.line.text in ALWAYS and p not in needed]
    chosen = [*needed, *always]
    for feature in FEATURES:
        for allowed, wanted in ((True, 1), (False, 2)):
            own = [p for p in probes if feature.name in p.features and p.line.allowed is allowed]
            there = sum(probe in chosen for probe in own)
            chosen += [probe for probe in own if probe not in chosen][: max(0, wanted - there)]
    return chosen


def lines_of(plan: Plan, nodes: Sequence[AuditedNode], *, thorough: bool = False) -> list[Line]:
    """The probes of an audit: those chosen, those of changes before they happen, and all canaries."""
    probes = plan.probes if thorough else plan.chosen
    canary = {line.text for line in _lines_of_canaries(nodes)}
    board = [probe.line for probe in probes if probe.line.text not in canary]
    return list(dict.fromkeys([*board, *_before_changes(board), *_lines_of_canaries(nodes)]))


def _before_changes(lines: Sequence[Line]) -> Iterator[Line]:
    """For each chosen edge of a change, the same edge in the step before, where the board has it."""
    changed: Mapping[str, None] = dict.fromkeys(line.text for line in lines if line.phase is Phase.CHANGE)
    for allow, deny in EARLIER.values():
        for allowed, texts in ((True, allow), (False, deny)):
            yield from (
                Line(phase=Phase.DENY, text=text, allowed=allowed) for text in texts if text in changed
            )
