"""Pydantic's complaints about a document in plain words, at their places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from netprobe.manifests.cursor import did_you_mean, dotted, named
from netprobe.manifests.document import Document, Path
from netprobe.model.place import Problem

_TYPES = {
    "string_type": "a string",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "bool_type": "true or false",
}


def problem_of(
    detail: ErrorDetails, document: Document, model: type[BaseModel], purposes: Mapping[Path, str]
) -> Problem:
    """One complaint about ``document``, which was to be a ``model``.

    ``purposes`` say what a missing key is for. A model must hold other models only as fields, or in lists.
    """
    path = path_of(detail)
    value = detail["input"]
    kind = detail["type"]
    if kind == "extra_forbidden":
        where = f" in {dotted(path[:-1])}" if path[:-1] else ""
        known = _known_keys(path[:-1], model)
        return Problem(
            place=document.places.of(path, key=True),
            message=f'unknown key "{path[-1]}"{where}',
            hint=did_you_mean(str(path[-1]), known) or _list(known),
        )
    place = document.places.of(path, key="[key]" in detail["loc"])
    if kind == "missing":
        return Problem(place=place, message=f"{dotted(path)} is missing", hint=purposes.get(path, ""))
    message, hint = _wrong_value(kind, value, detail)
    return Problem(place=place, message=f"{dotted(path)}: {message}" if path else message, hint=hint)


def path_of(detail: ErrorDetails) -> Path:
    """The way to the value; pydantic appends ``[key]`` when the key itself is wrong."""
    return tuple(part for part in detail["loc"] if part != "[key]")


def _wrong_value(kind: str, value: object, detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong with a value, and a hint."""
    context: dict[str, Any] = detail.get("ctx") or {}
    if kind in _TYPES:
        return f"must be {_TYPES[kind]}, not {named(value)}", _quoting(kind, value)
    if kind == "enum":
        words = [word.strip(" '") for word in context["expected"].replace(" or ", ",").split(",")]
        return f"{_spoken(value)} is not one of its words", did_you_mean(str(value), words) or _list(words)
    return _out_of_bounds(kind, value, context) or f"{detail['msg']} (it is {named(value)})", ""


def _out_of_bounds(kind: str, value: object, context: dict[str, Any]) -> str:
    match kind:
        case "literal_error":
            return f"must be {context['expected']}, not {named(value)}"
        case "too_short" | "string_too_short":
            return "must not be empty"
        case "greater_than_equal":
            return f"must be at least {context['ge']}, not {value}"
        case "less_than_equal":
            return f"must be at most {context['le']}, not {value}"
        case "value_error":
            return str(context["error"])
        case _:
            return ""


def _spoken(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else named(value)


def _quoting(kind: str, value: object) -> str:
    if kind == "string_type" and isinstance(value, bool | int | float):
        return "put it in quotes"
    return "begin the item with '- '" if kind == "list_type" and isinstance(value, str) else ""


def _list(words: Iterable[str]) -> str:
    return "known are " + ", ".join(words)


def _known_keys(path: Path, model: type[BaseModel]) -> tuple[str, ...]:
    """The keys that the mapping at ``path`` of a ``model`` may have, as files spell them."""
    for part in path:
        if isinstance(part, str):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            model = _model_of(fields[part].annotation)
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _model_of(annotation: Any) -> type[BaseModel]:
    """The model inside ``list[Model]``, ``Model | None`` or ``Model``."""
    inside = [each for each in getattr(annotation, "__args__", ()) if each is not type(None)]
    return _model_of(inside[0]) if inside else annotation
