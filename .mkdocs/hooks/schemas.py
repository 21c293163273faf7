"""A page for the JSON schemas: every ``*.schema.json`` of docs as tables of its keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

MARK = "<!-- schemas -->"
DOCS = Path(__file__).resolve().parents[2] / "docs"
Schema = Mapping[str, Any]


def tables(docs: Path = DOCS) -> str:
    """For each schema its file, then its shapes."""
    lines: list[str] = []
    for path in sorted(docs.rglob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        lines += _schema(schema, path.relative_to(docs).as_posix())
    return "\n".join(lines) + "\n"


def _schema(schema: Schema, name: str) -> Iterator[str]:
    title = schema.get("title", name)
    yield from (
        f"## {title}",
        "",
        f"[{name}]({name})" + (f", `{schema['$id']}`" if "$id" in schema else ""),
        "",
    )
    if "description" in schema:
        yield from (schema["description"], "")
    yield from _keys(schema, name)
    for own, shape in schema.get("$defs", {}).items():
        yield from (f"### {own} {{#{_anchor(name, own)}}}", "")
        if "description" in shape:
            yield from (shape["description"], "")
        yield from _keys(shape, name) if "properties" in shape else (_type(shape, name), "")


def _keys(shape: Schema, name: str) -> Iterator[str]:
    properties = shape.get("properties", {})
    if not properties:
        return
    required = shape.get("required", ())
    columns = ["key", "value", "required"]
    if any("description" in value for value in properties.values()):
        columns.append("meaning")
    yield from (_row(columns), "|---" * len(columns) + "|")
    for key, value in properties.items():
        cells = [f"`{key}`", _type(value, name), "yes" if key in required else ""]
        yield _row([*cells, value.get("description", "")][: len(columns)])
    yield ""


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_cell(each) for each in cells) + " |"


def _type(shape: Schema, name: str) -> str:
    """What a value may be, in a few words, with links to the shapes that it names."""
    if "$ref" in shape:
        own = str(shape["$ref"]).rpartition("/")[2]
        return f"[{own}](#{_anchor(name, own)})"
    if "enum" in shape:
        return ", ".join(f"`{each}`" for each in shape["enum"])
    if "const" in shape:
        return f"`{json.dumps(shape['const'])}`"
    for key in ("anyOf", "oneOf"):
        if key in shape:
            return " or ".join(dict.fromkeys(_type(each, name) for each in shape[key]))
    return _plain(shape, name)


def _plain(shape: Schema, name: str) -> str:
    kind = shape.get("type", "anything")
    if kind == "array":
        return f"list of {_type(shape.get('items', {}), name)}"
    values = shape.get("additionalProperties")
    if kind == "object" and isinstance(values, Mapping):
        return f"mapping to {_type(values, name)}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def _anchor(name: str, own: str) -> str:
    return f"{name.partition('.')[0].replace('/', '-')}-{own.lower()}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the tables where the page wants them."""
    return markdown.replace(MARK, tables()) if MARK in markdown else markdown
