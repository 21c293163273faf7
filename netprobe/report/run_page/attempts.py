"""The attempts of flows as numbers; of very long rows the middle is left out, and that is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from netprobe.model.finding import Finding
from netprobe.model.observation import Attempt

MOST = 40_000
"""How many attempts one page holds; the JSON report has all of them."""

_FEWEST = 4


def share_of(findings: Iterable[Finding]) -> int:
    """Return how many attempts of each flow the page may hold."""
    counts = sorted(
        (len(f.observation.attempts) for f in findings if f.observation is not None), reverse=True
    )
    if sum(counts) <= MOST:
        return counts[0] if counts else 0
    return max(_FEWEST, MOST // len(counts))


def pack_attempts(
    attempts: Sequence[Attempt], share: int, number: Callable[[str], int]
) -> tuple[list[list[int]], int]:
    """Return at most ``share`` attempts, the first and the last ones, and how many are left out between.

    Each is ``[outcome, phase, round, started ms, took 0.1 ms, timeout ms, peer, address, detail, control]``
    where texts are numbers that ``number`` gives; zeros at the end are cut off.
    """
    left = max(0, len(attempts) - share)
    kept = (
        attempts if not left else (*attempts[: share // 2], *attempts[len(attempts) - (share - share // 2) :])
    )
    return [_packed(each, number) for each in kept], left


def _packed(attempt: Attempt, number: Callable[[str], int]) -> list[int]:
    values = [
        number(attempt.outcome.value),
        number(attempt.phase.value),
        attempt.round,
        round(attempt.started * 1e3),
        round(attempt.seconds * 1e4),
        round(attempt.timeout * 1e3),
        number(attempt.peer),
        number(attempt.address),
        number(attempt.detail),
        number(attempt.broken_control),
    ]
    while values and values[-1] == 0:
        values.pop()
    return values
