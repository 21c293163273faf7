"""Variables in the texts of a recipe: ``${version}`` and the like (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from netprobe.manifests.cursor import did_you_mean
from netprobe.manifests.document import Path

KNOWN = (
    "version",
    "number",
    "cluster",
    "control-plane",
    "pod-subnet-v4",
    "pod-subnet-v6",
    "arch",
)
"""The variables of every recipe; ``arch`` in archives of plugins only."""

_VARIABLE = re.compile(r"\$\{([A-Za-z][A-Za-z0-9-]*)\}")


def filled(value: Any, variables: Mapping[str, str]) -> Any:
    """The value with every variable in its texts (not its keys) replaced; unknown ones stay."""
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), value)
    if isinstance(value, Mapping):
        return {key: filled(inner, variables) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [filled(inner, variables) for inner in value]
    return value


def unknown_variables(value: Any, own: Sequence[str], path: Path = ()) -> Iterator[tuple[Path, str, str]]:
    """Yield every variable that is neither ``KNOWN`` nor ``own``: where, its name, the nearest one."""
    known = (*KNOWN, *own)
    if isinstance(value, str):
        for name in _VARIABLE.findall(value):
            if name not in known:
                yield path, name, did_you_mean(name, known) or f"known are {', '.join(known)}"
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from unknown_variables(inner, own, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from unknown_variables(inner, own, (*path, number))
