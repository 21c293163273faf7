"""The shapes of objects: which fields a kind has and of which type, and decoding against them.

Decoding does what a typed server does to a body: values of a wrong type are refused, unknown fields
are dropped (or refused, when the client asks for strictness), nulls, empty strings, lists and maps
vanish as they are equal to absent fields. The tables are in ``kinds``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netprobe.lab.api.status_errors import undecodable


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf: ``go_type`` as messages name it, and the JSON types that it takes."""

    go_type: str
    takes: tuple[type, ...]


@dataclass(frozen=True, slots=True)
class Anything:
    """A part that the lab keeps as it came."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; an empty one equals an absent one."""

    item: Shape


@dataclass(frozen=True, slots=True)
class MapOf:
    """A map with string keys; an empty one equals an absent one."""

    value: Shape


@dataclass(frozen=True, slots=True)
class Struct:
    """An object with known fields; ``required`` ones appear even when absent (as empty objects)."""

    go_type: str
    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()


Shape = Scalar | Anything | ListOf | MapOf | Struct

STRING = Scalar("string", (str,))
INTEGER = Scalar("int32", (int,))
LONG = Scalar("int64", (int,))
BOOLEAN = Scalar("bool", (bool,))
INT_OR_STRING = Scalar("intstr.IntOrString", (int, str))
ANYTHING = Anything()


@dataclass(kw_only=True, slots=True)
class Decoded:
    """A decoded body and what decoding dropped: the paths of unknown fields."""

    value: dict[str, Any]
    unknown: list[str] = field(default_factory=list)


class _Mismatch(Exception):
    """A value has another type than its field; the message is in the words of the API server's decoder."""


def decode(shape: Struct, body: Mapping[str, Any], *, kind: str, version: str) -> Decoded:
    """Decode ``body``; raises StatusError (400) for a value of a wrong type."""
    decoded = Decoded(value={})
    try:
        decoded.value = _struct(shape, body, "", "", decoded.unknown)
    except _Mismatch as mismatch:
        wanted = shape.go_type
        raise undecodable(kind, version, wanted, f"json: cannot unmarshal {mismatch}") from None
    return decoded


def _struct(
    shape: Struct, value: Mapping[str, Any], plain: str, indexed: str, unknown: list[str]
) -> dict[str, Any]:
    """``plain`` is the path without indices (for type errors), ``indexed`` with them (unknown fields)."""
    result: dict[str, Any] = {}
    for key, part in value.items():
        here = f"{indexed}.{key}" if indexed else key
        if key not in shape.fields:
            unknown.append(here)
            continue
        path = f"{plain}.{key}" if plain else key
        owner = f"{shape.go_type}.{path}"
        decoded = _value(shape.fields[key], part, (owner, path, here), unknown)
        if decoded is not None and decoded != "":
            result[key] = decoded
    for key in shape.required:
        result.setdefault(key, {})
    return result


def _value(shape: Shape, value: Any, where: tuple[str, str, str], unknown: list[str]) -> Any:
    """Decode one value; None means that the field is as good as absent."""
    owner, plain, indexed = where
    if value is None or isinstance(shape, Anything):
        return value
    if isinstance(shape, Scalar):
        if type(value) not in shape.takes:
            raise _mismatch(value, owner, shape.go_type)
        return value
    if isinstance(shape, ListOf):
        if not isinstance(value, list):
            raise _mismatch(value, owner, f"[]{_type_name(shape.item)}")
        items = (
            _value(shape.item, item, (owner, plain, f"{indexed}[{i}]"), unknown)
            for i, item in enumerate(value)
        )
        return [item for item in items if item is not None] or None
    if not isinstance(value, dict):
        raise _mismatch(value, owner, _type_name(shape))
    if isinstance(shape, MapOf):
        entries = {
            k: _value(shape.value, v, (owner, plain, f"{indexed}.{k}"), unknown) for k, v in value.items()
        }
        return {k: v for k, v in entries.items() if v is not None} or None
    return _struct(shape, value, plain, indexed, unknown)


def _mismatch(value: Any, owner: str, go_type: str) -> _Mismatch:
    names = {bool: "bool", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return _Mismatch(f"{names[type(value)]} into Go struct field {owner} of type {go_type}")


def _type_name(shape: Shape) -> str:
    if isinstance(shape, MapOf):
        return f"map[string]{_type_name(shape.value)}"
    if isinstance(shape, ListOf):
        return f"[]{_type_name(shape.item)}"
    if isinstance(shape, Struct):
        return f"v1.{shape.go_type}"
    return shape.go_type if isinstance(shape, Scalar) else "interface {}"
