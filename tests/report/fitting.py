"""Whether a JSON report is all that its published schema says, and nothing beside."""

from __future__ import annotations

import json

from jsonschema import Draft202012Validator

from netprobe.app.schemas import schema_text


def strict(schema):
    """The schema, with no key left that it does not name."""
    if isinstance(schema, dict):
        closed = {key: strict(value) for key, value in schema.items()}
        if isinstance(closed.get("properties"), dict) and "type" in closed:
            closed["additionalProperties"] = False
        return closed
    return [strict(each) for each in schema] if isinstance(schema, list) else schema


def problems(name, document):
    schema = strict(json.loads(schema_text(name)))
    return [
        f"{list(e.absolute_path)}: {e.message}" for e in Draft202012Validator(schema).iter_errors(document)
    ]
