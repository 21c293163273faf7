"""Plain data as YAML for people to paste.

Written by hand: what can occur here is little, and the core has no door to a YAML library.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

Plain = str | int | Sequence["Plain"] | Mapping[str, "Plain"]

_PLAIN_WORD = re.compile(r"[A-Za-z_/][A-Za-z0-9_./-]*|[0-9]+(\.[0-9]+){3}/[0-9]+")
_OTHER_MEANING = frozenset(("null", "true", "false", "yes", "no", "on", "off", "y", "n"))


def to_yaml(*objects: Mapping[str, Plain]) -> str:
    """Return the objects as YAML documents, block style, lists at the indent of their key."""
    return "\n---\n".join("\n".join(_mapping(each, "")) for each in objects)


def list_yaml(key: str, items: Sequence[Plain]) -> str:
    """Return a list under its key."""
    return "\n".join(_mapping({key: items}, ""))


def _mapping(body: Mapping[str, Plain], indent: str) -> Iterator[str]:
    for key, value in body.items():
        name = f"{indent}{scalar(key)}:"
        if isinstance(value, Mapping) and value:
            yield name
            yield from _mapping(value, indent + "  ")
        elif isinstance(value, Sequence) and not isinstance(value, str) and value:
            yield name
            yield from _items(value, indent)
        else:
            yield f"{name} {_short(value)}"


def _items(values: Sequence[Plain], indent: str) -> Iterator[str]:
    for value in values:
        if isinstance(value, Mapping) and value:
            lines = _mapping(value, indent + "  ")
            yield f"{indent}- {next(lines).lstrip()}"
            yield from lines
        else:
            yield f"{indent}- {_short(value)}"


def _short(value: Plain) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, str | int):
        return scalar(value)
    return "[]"


def scalar(value: str | int) -> str:
    """Return a scalar, in quotes where YAML 1.1 would read something else than the text."""
    if isinstance(value, int):
        return str(value)
    if _PLAIN_WORD.fullmatch(value) and value.lower() not in _OTHER_MEANING:
        return value
    return json.dumps(value, ensure_ascii=False)
