"""One sentence for a row whose columns differ: who is at fault, and what it means there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from netprobe.comparison.consequences import block_of, leak_of
from netprobe.model.comparison import Cell, Column, Row, RowKind, Standing

_GOOD = {
    RowKind.NETWORK: ("enforces all of it", "enforce all of it"),
    RowKind.FEATURE: ("enforces it", "enforce it"),
}


def sentence_of(row: Row, columns: Sequence[Column]) -> str:
    """Return what differs in the row, "" when nothing does."""
    if not row.differs:
        return ""
    groups: dict[object, list[int]] = {}
    for at, cell in enumerate(row.cells):
        if cell is not None and cell.answers:
            groups.setdefault(cell.signature, []).append(at)
    # Worst first, and then as the columns stand.
    ordered = sorted(groups.values(), key=lambda group: _rank(_cell(row, group[0])))
    told = [_group(row, group, columns) for group in ordered]
    suspects = _suspects(row, [at for group in groups.values() for at in group], columns)
    text = "; ".join(part for part in (*told, suspects) if part)
    return f"{text[0].upper()}{text[1:]}."


def names_of(labels: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    *first, last = labels
    return f"{', '.join(first)} and {last}" if first else last


def _rank(cell: Cell) -> int:
    order = (Standing.BAD, Standing.LEFT_OPEN, Standing.GOOD)
    return order.index(cell.standing)


def _cell(row: Row, at: int) -> Cell:
    cell = row.cells[at]
    assert cell is not None
    return cell


def _group(row: Row, group: Sequence[int], columns: Sequence[Column]) -> str:
    """What those columns came to that are alike."""
    names = names_of(columns[at].label for at in group)
    cell = _cell(row, group[0])
    several = len(group) > 1
    match cell.standing:
        case Standing.GOOD if row.kind in _GOOD:
            return f"{names} {_GOOD[row.kind][several]}"
        case Standing.GOOD if row.kind is RowKind.FLOW:
            seen = "open" if cell.seen == "open" else "closed"
            return f"on {names} it is {seen}, as the policies say"
        case Standing.GOOD:
            return f"{names} {'do' if several else 'does'} what the policies say"
        case Standing.LEFT_OPEN:
            seen = f"{cell.seen} on {names}" if row.kind is RowKind.FLOW else f"left open on {names}"
            return f"Kubernetes does not define it: {seen}, which no policy guarantees"
        case _:
            return _WORDS[row.kind](row, cell, names, several)


def _network(row: Row, cell: Cell, names: str, several: bool) -> str:  # noqa: FBT001 - one of a table
    del row
    if cell.verdict == "NOT ENFORCED":
        them = "them" if several else "it"
        return (
            f"the network of {names} takes policies and enforces none: no policy protects anything on {them}"
        )
    return f"the network of {names} enforces policies in part"


def _feature(row: Row, cell: Cell, names: str, several: bool) -> str:  # noqa: FBT001 - one of a table
    del several
    parts = []
    if cell.leaks:
        parts.append(f"lets pass what policies deny, so {leak_of(row.name, row.title)}")
    if cell.blocks:
        parts.append(f"stops what policies admit, so {block_of(row.name, row.title)}")
    part = " in part" if cell.verdict.startswith("PARTIALLY") and not cell.agreed == 0 else ""
    return f"the network of {names} {' and '.join(parts) or 'does not enforce it'}{part and ' (some of the probes)'}"


def _flows(row: Row, cell: Cell, names: str, several: bool) -> str:  # noqa: FBT001 - one of a table
    del row, several
    parts = []
    if cell.leaks:
        parts.append(f"the network lets pass what policies deny ({_count(cell.leaks, 'leak')}), unprotected")
    if cell.blocks:
        parts.append(f"the network stops what policies admit ({_count(cell.blocks, 'block')}), cut off")
    if cell.mistakes:
        parts.append(f"the policies are not what the scenario intends ({_count(cell.mistakes, 'mistake')})")
    return f"on {names} {' and '.join(parts) or 'it fails'}"


def _flow(row: Row, cell: Cell, names: str, several: bool) -> str:  # noqa: FBT001 - one of a table
    del row, several
    if cell.leaks:
        return f"the network of {names} lets it pass though policies deny it: whoever relies on them is open"
    if cell.blocks:
        return f"the network of {names} stops it though policies admit it: who needs it is cut off"
    return f"on {names} the policies say otherwise than the scenario intends: the policy is to be changed"


_Words = Callable[[Row, Cell, str, bool], str]
_WORDS: dict[RowKind, _Words] = {
    RowKind.NETWORK: _network,
    RowKind.FEATURE: _feature,
    RowKind.SCENARIO: _flows,
    RowKind.STEP: _flows,
    RowKind.FLOW: _flow,
}


def _suspects(row: Row, answering: Sequence[int], columns: Sequence[Column]) -> str:
    """What is most likely broken in the columns that fail, where one thing explains all of it."""
    if row.kind not in (RowKind.NETWORK, RowKind.FEATURE):
        return ""
    told: dict[str, list[str]] = {}
    for at in answering:
        column = columns[at]
        if _cell(row, at).standing is Standing.BAD and len(column.suspects) == 1:
            told.setdefault(column.suspects[0].says, []).append(column.label)
    return "; ".join(f"most likely {names_of(labels)} {says}" for says, labels in told.items())


def _count(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
