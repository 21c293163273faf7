"""Words that the formats of a comparison share: cells in short, latencies, the conclusion, groups of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netprobe.comparison.cells import OPEN_ANYWAY
from netprobe.comparison.sentences import names_of
from netprobe.model.audit import Enforcement, Suspect
from netprobe.model.comparison import Cell, Column, Comparison, Row, RowKind, Spread, Standing

LEGEND = {
    "ok": "as the policies say",
    "LEAK": "passes what policies deny, in n of m probes or flows",
    "BLOCKED": "stops what policies admit",
    "MISTAKE": "the policies differ from the intent of the scenario",
    "~": "Kubernetes does not define it",
    "?": "no answer",
    "-": "not possible here, or not probed",
    "(open)": "open where it must be, which shows nothing where nothing is enforced",
}
"""What a short cell begins with or is, and what that means."""


NOT_JUDGED = (
    "Kubernetes leaves open, and no verdict rests on: whether a new policy cuts established connections, "
    "a pod and itself by a Service (hairpin), ipBlocks that hold pods or that are held against the address "
    "before or behind a Service, pods with hostNetwork, a pod and its own node"
)
"""What two networks may do differently while both are right."""


def short(cell: Cell | None, kind: RowKind) -> str:
    """A cell in a few characters: ``ok``, ``LEAK 2/3``, ``?``."""
    if cell is None or (cell.standing is Standing.NEUTRAL and cell.verdict != OPEN_ANYWAY):
        return "-"
    match cell.standing:
        case Standing.NEUTRAL:
            return "(open)"
        case Standing.UNKNOWN:
            return "?"
        case Standing.LEFT_OPEN:
            return f"~{cell.seen}" if kind is RowKind.FLOW else "~"
        case Standing.GOOD:
            return cell.seen if kind is RowKind.FLOW and cell.seen in ("open", "closed") else "ok"
        case Standing.BAD:
            return _bad(cell, kind)


def _bad(cell: Cell, kind: RowKind) -> str:
    if kind is RowKind.NETWORK:
        return "in part" if cell.verdict == Enforcement.PARTIALLY_ENFORCED else "NONE"
    wrong = cell.leaks + cell.blocks + cell.mistakes
    counts = ((cell.leaks, "LEAK"), (cell.blocks, "BLOCKED"), (cell.mistakes, "MISTAKE"))
    word = "+".join(word for count, word in counts if count)
    return word if kind is RowKind.FLOW else f"{word} {wrong}/{wrong + cell.agreed}"


def full(cell: Cell | None, kind: RowKind) -> str:
    """A cell in words: the verdict, and the numbers behind it."""
    if cell is None:
        return "not probed"
    counts = (
        (cell.leaks, "leak"), (cell.blocks, "blocked"), (cell.mistakes, "policy mistake"),
        (cell.unanswered, "without an answer"),
    )  # fmt: skip
    told = ", ".join(f"{count} {word}" for count, word in counts if count)
    if kind is RowKind.FLOW:
        return f"{cell.verdict}, {cell.seen}" if cell.seen in ("open", "closed") else cell.verdict
    return f"{cell.verdict} ({told})" if told else cell.verdict


def took(spread: Spread) -> str:
    """``0.10 s (median of 6; 95 % within 0.14 s; longest 0.15 s)``."""
    if spread.count == 1:
        return f"{spread.median:.2f} s (one reading)"
    within = f"95 % within {spread.p95:.2f} s; " if spread.p95 < spread.longest else ""
    return f"{spread.median:.2f} s (median of {spread.count}; {within}longest {spread.longest:.2f} s)"


def latency(column: Column) -> str:
    """How long changes of policies took to be seen, in a sentence without its end; "" where none was read."""
    told = []
    if column.enforced is not None:
        told.append(f"a denial takes effect after {took(column.enforced)}")
    if column.never:
        told.append(f"a denial never took effect on {names_of(column.never)}")
    if column.opened is not None:
        told.append(f"its removal after {took(column.opened)}")
    return "; ".join(told)


def suspicion(suspect: Suspect) -> str:
    """What is most likely broken, and how much of what was seen it explains."""
    against = f", {suspect.against} probes speak against it" if suspect.against else ""
    return (
        f"this network {suspect.says} ({suspect.name} explains {suspect.explained} of "
        f"{suspect.deviations} deviations{against})"
    )


def suspicions(column: Column) -> Iterator[str]:
    """What could be broken on a cluster; one line for each possibility."""
    for number, suspect in enumerate(column.suspects):
        yield f"{'or' if number else 'most likely'} {suspicion(suspect)}"
    if column.deviations and not column.suspects:
        yield f"an unknown deviation; no known defect explains all {column.deviations} deviations"
        yield from (f"nearest: {suspicion(each)}" for each in column.near)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusion:
    """What a comparison comes to; ``word`` is DIFFERENT, ALIKE or INCONCLUSIVE."""

    word: str
    sentence: str


def numbers_of(column: Column, comparison: Comparison) -> Iterator[str]:
    """``22 of 28 features enforced`` and ``0 of 3 scenarios pass``, of those that gave an answer there."""
    at = comparison.columns.index(column)
    for kind, words in ((RowKind.FEATURE, "features enforced"), (RowKind.SCENARIO, "scenarios pass")):
        cells = [row.cells[at] for row in comparison.rows if row.kind is kind]
        answers = [cell for cell in cells if cell is not None and cell.answers]
        if answers:
            good = sum(cell.standing is Standing.GOOD for cell in answers)
            yield f"{good} of {len(answers)} {words}"


def conclude(comparison: Comparison) -> Conclusion:
    """Return the word and the sentence that stand first."""
    rows, differing = comparison.common, comparison.differing
    count = len(comparison.columns)
    if not rows and all(column.missing for column in comparison.columns):
        return Conclusion(word="INCONCLUSIVE", sentence="none of the clusters gave an answer")
    if not rows:
        return Conclusion(word="INCONCLUSIVE", sentence="these have nothing in common that was measured")
    if not any(row.answers for row in rows):
        return Conclusion(word="INCONCLUSIVE", sentence="none of the clusters gave an answer")
    open_ones = [each.label for each in comparison.columns if each.missing]
    rest = f"; not everything was measured on {names_of(open_ones)}" if open_ones else ""
    if not comparison.compared:
        return Conclusion(
            word="INCONCLUSIVE", sentence=f"no two clusters gave an answer to the same question{rest}"
        )
    if not rest and not comparison.measured:
        rest = "; some of it gave no answer"
    counts = list(_counts(comparison.compared))
    if differing:
        parts = [f"{each.differing} of {each.words}" for each in counts if each.differing]
        parts = parts or [_finer(differing)]
        return Conclusion(
            word="DIFFERENT", sentence=f"{count} clusters differ in {' and '.join(parts)}{rest}"
        )
    word = "INCONCLUSIVE" if rest else "ALIKE"
    parts = [f"{each.words}{f' ({each.failing} failing)' if each.failing else ''}" for each in counts]
    parts = parts or ["the whole network"]
    return Conclusion(word=word, sentence=f"{count} clusters do not differ in {' and '.join(parts)}{rest}")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Count:
    """How many rows of a kind were compared (``28 features``), differ, and fail on some cluster."""

    words: str
    differing: int
    failing: int


def _counts(rows: Sequence[Row]) -> Iterator[_Count]:
    for kind, one, several in (
        (RowKind.FEATURE, "feature", "features"),
        (RowKind.SCENARIO, "scenario", "scenarios"),
    ):
        of_kind = [row for row in rows if row.kind is kind]
        if of_kind:
            yield _Count(
                words=f"{len(of_kind)} {one if len(of_kind) == 1 else several}",
                differing=sum(row.differs for row in of_kind),
                failing=sum(any(cell.standing is Standing.BAD for cell in row.answers) for row in of_kind),
            )


def _finer(rows: Sequence[Row]) -> str:
    """What differs where every feature and every scenario as a whole comes out alike."""
    flows = sum(row.kind is RowKind.FLOW for row in rows)
    if flows:
        return f"{flows} {'flow' if flows == 1 else 'flows'}"
    steps = sum(row.kind is RowKind.STEP for row in rows)
    return f"{steps} {'step' if steps == 1 else 'steps'}" if steps else "the whole network"


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """Rows in which the columns stand to each other in the same way: one is explained, the others named."""

    example: Row
    others: tuple[Row, ...]


def groups_of(rows: Sequence[Row]) -> tuple[Alike, ...]:
    """Group rows that differ by kind and by which columns are bad in which way."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        groups.setdefault((row.kind, *(_way(cell) for cell in row.cells)), []).append(row)
    return tuple(Alike(example=first, others=tuple(others)) for first, *others in groups.values())


def _way(cell: Cell | None) -> object:
    if cell is None:
        return None
    return (cell.standing, cell.leaks > 0, cell.blocks > 0, cell.mistakes > 0)
