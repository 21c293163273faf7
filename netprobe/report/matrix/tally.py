"""How many flows of a matrix are allowed, denied and undefined."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.model.decision import Answer
from netprobe.model.matrix import Matrix
from netprobe.report.matrix.naming import WORDS, counted


def tally(matrix: Matrix) -> Mapping[Answer, int]:
    """Count the flows between single pods by their answers."""
    counts = dict.fromkeys(Answer, 0)
    sizes = [len(group.pods) for group in matrix.groups]
    for column in matrix.columns:
        for source, size in enumerate(sizes):
            answer = matrix.answer(source, column)
            if answer is not None:
                own = source == column.group
                counts[answer] += size * (sizes[column.group] - own)
    return counts


def tally_text(matrix: Matrix) -> str:
    """``12 flows: 3 allowed, 9 denied``."""
    counts = tally(matrix)
    parts = ", ".join(f"{count:,} {WORDS[answer]}" for answer, count in counts.items() if count)
    return f"{counted(sum(counts.values()), 'flow')}: {parts}" if parts else "no flows"
