"""JSON Schema of what ``to_json.plain`` makes of a type, read from the type's own hints."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from netprobe.report.to_json import ENDS

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"


class Definitions:
    """Schemas of dataclasses and enums by name; each is made once and referred to."""

    def __init__(self) -> None:
        self.found: dict[str, Schema] = {}

    def of(self, hint: Any) -> Schema:
        """Return the schema of a type hint. Raises TypeError for what a report cannot hold."""
        if isinstance(hint, type) and (is_dataclass(hint) or issubclass(hint, Enum)):
            return self._named(hint)
        plain = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
        if hint in plain:
            return {"type": plain[hint]}
        origin, arguments = get_origin(hint), get_args(hint)
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(each) for each in arguments]}
        if origin is tuple:
            return self._tuple(arguments)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        raise TypeError(f"a report cannot hold {hint}")

    def object(self, title: str, properties: Mapping[str, Schema], *, description: str = "") -> Schema:
        """Return a reference to an object that has all of ``properties``."""
        told = {"description": description} if description else {}
        self.found[title] = {
            "type": "object",
            **told,
            "properties": dict(properties),
            "required": list(properties),
        }
        return {"$ref": f"#/$defs/{title}"}

    def document(self, name: str, title: str, description: str, properties: Mapping[str, Schema]) -> Schema:
        """Return the schema of a whole document."""
        return {
            "$schema": DRAFT,
            "$id": f"urn:netprobe:{name}",
            "title": title,
            "description": description,
            "type": "object",
            "properties": dict(properties),
            "required": list(properties),
            "$defs": dict(sorted(self.found.items())),
        }

    def _tuple(self, arguments: tuple[Any, ...]) -> Schema:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            return array(self.of(arguments[0]))
        items = [self.of(each) for each in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}

    def _named(self, kind: type) -> Schema:
        reference = {"$ref": f"#/$defs/{kind.__name__}"}
        if kind.__name__ in self.found:
            return reference
        description = _first_sentence(kind.__doc__ or "")
        if issubclass(kind, Enum):
            values = [member.value for member in kind]
            self.found[kind.__name__] = {"description": description, "enum": values}
            return reference
        self.found[kind.__name__] = {}  # a decision may hold a decision
        hints = get_type_hints(kind)
        ends: Mapping[Any, str] = ENDS
        tag = {"kind": {"const": ends[kind]}} if kind in ends else {}
        known: Any = kind  # a dataclass, as ``of`` has seen
        own = {field.name: self.of(hints[field.name]) for field in fields(known)}
        return self.object(kind.__name__, {**tag, **own}, description=description)


def array(items: Schema) -> Schema:
    """Return the schema of an array."""
    return {"type": "array", "items": items}


def nullable(schema: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def hints_of(kind: type) -> Mapping[str, Any]:
    """Return the hints of a dataclass by field."""
    return typing.get_type_hints(kind)


def _first_sentence(doc: str) -> str:
    return " ".join(doc.strip().partition("\n\n")[0].split()).replace("``", "`")
