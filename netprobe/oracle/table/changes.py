"""Which flows a change of policies opens or closes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from netprobe.model.decision import Answer
from netprobe.model.flow import PodRef
from netprobe.model.matrix import OTHER_PORTS, FlowChange, MatrixChange
from netprobe.model.protocol import Protocol
from netprobe.oracle.table.folding import ref_of
from netprobe.oracle.table.table import Port, TruthTable


@dataclass(frozen=True, slots=True)
class _Pair:
    """Pods that are of one class before, and of one class after."""

    before: int
    after: int
    pods: tuple[PodRef, ...]


def compare(old: TruthTable, new: TruthTable, more_ports: Iterable[Port] = ()) -> MatrixChange:
    """Compare two tables over the pods and ports that both have; pods are matched by their names.

    ``more_ports`` are asked of every pod, beside those that it declares.
    """
    more = tuple(more_ports)
    before, after = _numbers(old), _numbers(new)
    pairs = _pairs(before, after)
    found: dict[tuple[object, ...], list[tuple[_Pair, _Pair]]] = {}
    compared = 0
    for destination in pairs:
        for port in _ports(old, new, destination, more):
            compared += sum(_flows(source, destination) for source in pairs)
            for source, was, now in _differing(old, new, pairs, destination, port):
                found.setdefault((port, was, now), []).append((source, destination))
    return MatrixChange(
        changes=tuple(_sorted(change for key, edges in found.items() for change in _folded(key, edges))),
        added=tuple(sorted(set(after) - set(before))),
        removed=tuple(sorted(set(before) - set(after))),
        flows_compared=compared,
    )


def _numbers(table: TruthTable) -> dict[PodRef, int]:
    return {ref_of(pod): number for number, each in enumerate(table.classes) for pod in each.pods}


def _pairs(before: Mapping[PodRef, int], after: Mapping[PodRef, int]) -> list[_Pair]:
    found: dict[tuple[int, int], list[PodRef]] = {}
    for ref, number in before.items():
        if ref in after:
            found.setdefault((number, after[ref]), []).append(ref)
    return [_Pair(*key, tuple(sorted(pods))) for key, pods in found.items()]


def _ports(old: TruthTable, new: TruthTable, pair: _Pair, more: tuple[Port, ...]) -> tuple[Port, ...]:
    """The ports that the pods declare now; for pods without, those that rules before or after name."""
    now = new.ports(pair.after)
    if new.classes[pair.after].first.ports:
        return tuple(dict.fromkeys((*now, *more)))
    unnamed = (OTHER_PORTS, Protocol.TCP)
    return tuple(dict.fromkeys((*old.ports(pair.before), *now, unnamed, *more)))


def _flows(source: _Pair, destination: _Pair) -> int:
    return len(source.pods) * (len(destination.pods) - (source is destination))


def _differing(
    old: TruthTable, new: TruthTable, pairs: list[_Pair], destination: _Pair, port: Port
) -> Iterator[tuple[_Pair, Answer, Answer]]:
    for source in pairs:
        if _flows(source, destination):
            was = old.answer(source.before, destination.before, *port)
            now = new.answer(source.after, destination.after, *port)
            if was is not now:
                yield source, was, now


def _folded(key: tuple[object, ...], edges: list[tuple[_Pair, _Pair]]) -> Iterator[FlowChange]:
    """Put destinations with the same sources together, then sources with the same destinations."""
    port, was, now = key
    assert isinstance(port, tuple)
    assert isinstance(was, Answer)
    assert isinstance(now, Answer)
    by_destination: dict[tuple[PodRef, ...], set[PodRef]] = {}
    for source, destination in edges:
        by_destination.setdefault(destination.pods, set()).update(source.pods)
    by_sources: dict[tuple[PodRef, ...], list[PodRef]] = {}
    for destinations, sources in by_destination.items():
        by_sources.setdefault(tuple(sorted(sources)), []).extend(destinations)
    for among, to in by_sources.items():
        yield FlowChange(
            sources=among,
            destinations=tuple(sorted(to)),
            port=port[0],
            protocol=port[1],
            before=was,
            after=now,
        )


def _sorted(changes: Iterator[FlowChange]) -> list[FlowChange]:
    return sorted(changes, key=lambda c: (c.destinations, c.sources, c.port, c.protocol))
