"""Reading ``scenario.yaml`` into its shape: pydantic's complaints in plain words, at their places.

A file with mistakes is read as far as it makes sense without them, so that the loader can report
the mistakes of the other files as well.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from netprobe.manifests.cursor import did_you_mean, dotted, named
from netprobe.manifests.document import Document, Path
from netprobe.model.place import Problem
from netprobe.scenario.schema import ScenarioFile

_PLACEHOLDERS: dict[str, Any] = {"netprobe": 1, "name": "unnamed"}
"""What stands in for a required key that is wrong, so that the rest can be read."""

_TYPES = {
    "string_type": "a string",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What could be read of the file; ``wrong`` are the top-level keys under which something was not."""

    file: ScenarioFile
    wrong: frozenset[str] = frozenset()


def read_shape(document: Document, problems: list[Problem]) -> Shape | None:
    """The document's shape; what is wrong goes to ``problems``. None when too little is left."""
    body = copy.deepcopy(document.body)
    wrong: set[str] = set()
    for attempt in range(3):
        try:
            return Shape(file=ScenarioFile.model_validate(body), wrong=frozenset(wrong))
        except ValidationError as error:
            details = error.errors(include_url=False)
            if attempt == 0:
                problems.extend(_problem(detail, document) for detail in details)
            wrong.update(str(_path(detail)[0]) for detail in details if _path(detail))
            for detail in reversed(details):
                _mend(body, _path(detail))
    return None


def _path(detail: ErrorDetails) -> Path:
    """The way to the value; pydantic appends ``[key]`` when the key itself is wrong."""
    return tuple(part for part in detail["loc"] if part != "[key]")


def _mend(body: Any, path: Path) -> None:
    """Take the wrong value out, or put a placeholder where something is required."""
    *way, last = path
    for part in way:
        try:
            body = body[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(body, dict) and last in _PLACEHOLDERS:
        body[last] = _PLACEHOLDERS[str(last)]
    elif isinstance(body, dict):
        body.pop(last, None)
    elif isinstance(body, list) and isinstance(last, int) and last < len(body):
        del body[last]


def _problem(detail: ErrorDetails, document: Document) -> Problem:
    path = _path(detail)
    value = detail["input"]
    kind = detail["type"]
    if kind == "extra_forbidden":
        where = f" in {dotted(path[:-1])}" if path[:-1] else ""
        return Problem(
            place=document.places.of(path, key=True),
            message=f'unknown key "{path[-1]}"{where}',
            hint=did_you_mean(str(path[-1]), _known_keys(path[:-1])) or _list(_known_keys(path[:-1])),
        )
    place = document.places.of(path, key="[key]" in detail["loc"])
    if kind == "missing":
        return Problem(place=place, message=f"{dotted(path)} is missing", hint=_purpose(path))
    message, hint = _wrong_value(kind, value, detail)
    return Problem(place=place, message=f"{dotted(path)}: {message}", hint=hint)


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


def _purpose(path: Path) -> str:
    """What a missing key is for, from its place in the shape."""
    return "write netprobe: 1 at the top, the version of this format" if path == ("netprobe",) else ""


def _known_keys(path: Path) -> tuple[str, ...]:
    """The keys that the mapping at ``path`` may have."""
    model: type[BaseModel] = ScenarioFile
    for part in path:
        if isinstance(part, str):
            model = _model_of(model.model_fields[part].annotation)
    return tuple(model.model_fields)


def _model_of(annotation: Any) -> type[BaseModel]:
    """The model inside ``list[Model]``, ``Model | None`` or ``Model``."""
    inside = [each for each in getattr(annotation, "__args__", ()) if each is not type(None)]
    return _model_of(inside[0]) if inside else annotation
