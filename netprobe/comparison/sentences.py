"""One sentence for a row whose columns differ: who is at fault, and what it means there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from netprobe.comparison.consequences import block_of, leak_of
from netprobe.model.audit import Enforcement
from netprobe.model.comparison import Cell, Column, Row, RowKind, Standing

_WORST_FIRST = (Standing.BAD, Standing.LEFT_OPEN, Standing.GOOD)


def sentence_of(row: Row, columns: Sequence[Column]) -> str:
    """Return what differs in the row, "" when nothing does."""
    if not row.differs:
        return ""
    answers = [
        (cell, column.label)
        for cell, column in zip(row.cells, columns, strict=True)
        if cell is not None and cell.answers
    ]
    mistaken = row.kind is not RowKind.FLOW and all(cell.mistakes for cell, _ in answers)
    if mistaken:
        answers = [(_without_mistakes(cell), label) for cell, label in answers]
    groups: dict[object, list[tuple[Cell, str]]] = {}
    for cell, label in answers:
        groups.setdefault(_way(cell), []).append((cell, label))
    ordered = sorted(groups.values(), key=lambda group: _WORST_FIRST.index(group[0][0].standing))
    told = [_told(row, group) for group in ordered]
    if mistaken:
        told.append("on all of them the policies are not what the scenario intends")
    text = "; ".join((*told, *_suspects(row, columns)))
    return f"{text[0].upper()}{text[1:]}."


def _without_mistakes(cell: Cell) -> Cell:
    """What the network alone came to: the policies are the same everywhere, and so are their mistakes."""
    wrong = cell.leaks or cell.blocks
    return replace(cell, mistakes=0, standing=cell.standing if wrong else Standing.GOOD)


def _way(cell: Cell) -> object:
    """What a sentence can say of several columns at once."""
    if cell.standing is Standing.LEFT_OPEN:
        return cell.standing
    whole = cell.verdict if not (cell.leaks or cell.blocks) else ""
    return (cell.standing, whole, cell.leaks > 0, cell.blocks > 0, cell.mistakes > 0)


def names_of(labels: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *first, last = labels
    return f"{', '.join(first)} and {last}" if first else last


@dataclass(frozen=True, slots=True)
class _Who:
    """The columns that came out alike."""

    labels: Sequence[str]

    @property
    def names(self) -> str:
        return names_of(self.labels)

    @property
    def network(self) -> str:
        return f"the {'networks' if len(self.labels) > 1 else 'network'} of {self.names}"

    def verb(self, one: str, several: str) -> str:
        """The verb's form for as many networks."""
        return several if len(self.labels) > 1 else one


def _told(row: Row, group: Sequence[tuple[Cell, str]]) -> str:
    """What those columns came to that are alike."""
    cell, who = group[0][0], _Who([label for _, label in group])
    match cell.standing:
        case Standing.GOOD:
            return _good(row, cell, who)
        case Standing.LEFT_OPEN:
            return f"Kubernetes does not define this: {_seen(row, group)}; no policy can rely on it"
        case _:
            return _BAD[row.kind](row, cell, who) + _in_part(row, group)


def _seen(row: Row, group: Sequence[tuple[Cell, str]]) -> str:
    if row.kind is not RowKind.FLOW:
        return f"it has flows on {names_of(label for _, label in group)} that policies leave open"
    seen: dict[str, list[str]] = {}
    for cell, label in group:
        seen.setdefault(cell.seen, []).append(label)
    return ", ".join(f"{word} on {names_of(labels)}" for word, labels in seen.items())


def _in_part(row: Row, group: Sequence[tuple[Cell, str]]) -> str:
    """Which of them fail in some probes only."""
    if row.kind is not RowKind.FEATURE:
        return ""
    part = [label for cell, label in group if cell.verdict == Enforcement.PARTIALLY_ENFORCED]
    if not part:
        return ""
    on = "" if len(part) == len(group) else f" on {names_of(part)}"
    return f" (in some of the probes{on})"


def _good(row: Row, cell: Cell, who: _Who) -> str:
    match row.kind:
        case RowKind.NETWORK | RowKind.FEATURE:
            what = "all of it" if row.kind is RowKind.NETWORK else "it"
            return f"{who.names} {who.verb('enforces', 'enforce')} {what}"
        case RowKind.FLOW:
            return f"on {who.names} it is {'open' if cell.seen == 'open' else 'closed'}, as it should be"
        case _:
            return f"{who.network} {who.verb('does', 'do')} what the policies say"


def _network(row: Row, cell: Cell, who: _Who) -> str:
    del row
    if cell.verdict == Enforcement.NOT_ENFORCED:
        there = who.verb("there", "on any of them")
        verbs = who.verb("takes policies and enforces none", "take policies and enforce none")
        return f"{who.network} {verbs}: nothing {there} is protected by one"
    return f"{who.network} {who.verb('enforces', 'enforce')} policies in part"


def _feature(row: Row, cell: Cell, who: _Who) -> str:
    parts = []
    if cell.leaks:
        verb = who.verb("lets", "let")
        parts.append(f"{verb} pass what policies deny, so {leak_of(row.name, row.title)}")
    if cell.blocks:
        verb = who.verb("stops", "stop")
        parts.append(f"{verb} what policies admit, so {block_of(row.name, row.title)}")
    return f"{who.network} {', and '.join(parts) or who.verb('fails', 'fail')}"


def _flows(row: Row, cell: Cell, who: _Who) -> str:
    del row
    parts = []
    if cell.leaks:
        parts.append("the network lets pass what policies deny, so nobody there is protected by them")
    if cell.blocks:
        parts.append("the network stops what policies admit, so what needs it is cut off")
    if cell.mistakes:
        parts.append("the policies are not what the scenario intends, so they are to be changed")
    return f"on {who.names} {', and '.join(parts) or 'it fails'}"


def _flow(row: Row, cell: Cell, who: _Who) -> str:
    del row
    if cell.leaks:
        verb = who.verb("lets", "let")
        return f"{who.network} {verb} it pass though policies deny it: who relies on them is open"
    if cell.blocks:
        return (
            f"{who.network} {who.verb('stops', 'stop')} it though policies admit it: who needs it is cut off"
        )
    return f"on {who.names} the policies say otherwise than the scenario intends: they are to be changed"


_BAD: Mapping[RowKind, Callable[[Row, Cell, _Who], str]] = {
    RowKind.NETWORK: _network,
    RowKind.FEATURE: _feature,
    RowKind.SCENARIO: _flows,
    RowKind.STEP: _flows,
    RowKind.FLOW: _flow,
}


def _suspects(row: Row, columns: Sequence[Column]) -> Iterator[str]:
    """What is most likely broken in the columns that fail, where one thing explains all of it."""
    if row.kind not in (RowKind.NETWORK, RowKind.FEATURE):
        return
    told: dict[str, list[str]] = {}
    for cell, column in zip(row.cells, columns, strict=True):
        # That nothing is enforced says the network's row; it would only be repeated in every other one.
        if row.kind is RowKind.FEATURE and column.enforces_nothing:
            continue
        if cell is not None and cell.standing is Standing.BAD and len(column.suspects) == 1:
            told.setdefault(column.suspects[0].says, []).append(column.label)
    for says, labels in told.items():
        yield f"most likely {'each of ' if len(labels) > 1 else ''}{names_of(labels)} {says}"
