"""Versions as image tags spell them, compared as far as they can be."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"v?(\d+(?:\.\d+)*)")


def is_before(version: str, other: str) -> bool | None:
    """Whether ``version`` comes before ``other``; None when one of them has no number at its beginning."""
    mine, theirs = _numbers(version), _numbers(other)
    if mine is None or theirs is None:
        return None
    size = max(len(mine), len(theirs))
    return mine + (0,) * (size - len(mine)) < theirs + (0,) * (size - len(theirs))


def _numbers(version: str) -> tuple[int, ...] | None:
    match = _NUMBER.match(version)
    return tuple(int(each) for each in match[1].split(".")) if match else None
