"""YAML text to documents with positions: the only door to PyYAML.

The text is composed to nodes, which know their positions, and the values are made from the nodes
by the rules of ``scalars``; PyYAML's own constructors (and their objects) are never used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from netprobe.errors import InputError
from netprobe.manifests.document import Document, Path, Places, Spot
from netprobe.manifests.scalars import PLAIN, Scalar, key_text, read_scalar
from netprobe.manifests.yaml_errors import NESTED_TOO_DEEPLY, TOO_DEEP, Complaint, Mark, explain
from netprobe.model.place import Place, Problem

LARGEST = 200_000
"""Values in one document, after aliases are followed: far above any manifest, far below a memory bomb."""

DEEPEST = 500
"""Levels of nesting; a pod spec has about ten."""

_MERGE = "<<"
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_COLLECTIONS = frozenset(("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"))

try:
    from yaml import CSafeLoader as _Base
except ImportError:  # PyYAML was built without libyaml: slower, the same nodes
    from yaml import SafeLoader as _Base  # type: ignore[assignment]


class _Loader(_Base):
    """Composes nodes and marks every scalar without quotes and tag as PLAIN."""

    def resolve(self, kind: type[Any], value: Any, implicit: Any) -> str:  # noqa: ARG002 - PyYAML's signature
        if kind is yaml.ScalarNode:
            return PLAIN if implicit[0] else "tag:yaml.org,2002:str"
        return "tag:yaml.org,2002:map" if kind is yaml.MappingNode else "tag:yaml.org,2002:seq"


class _Mistake(Exception):
    """A value that cannot be read, at its node; turned into a Problem by the reader of the document."""

    def __init__(self, node: yaml.Node, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.node, self.message, self.hint = node, message, hint


def read_documents(text: str, file: str, problems: list[Problem] | None = None) -> tuple[Document, ...]:
    """Return the documents of ``text`` in order, without the empty ones, with ``kind: List`` unfolded.

    What is wrong is appended to ``problems``, and the documents that could be read are returned.
    Without ``problems``, raises InputError with all of them.
    """
    found: list[Problem] = []
    documents = tuple(_read(text.removeprefix("\ufeff"), file, found))
    if problems is not None:
        problems.extend(found)
    elif found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise InputError(f"{found[0]}{more}", problems=found)
    return documents


def _read(text: str, file: str, problems: list[Problem]) -> Iterator[Document]:
    strange = _UNPRINTABLE.search(text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1
        column = strange.start() - text.rfind("\n", 0, strange.start())
        message = f"the character U+{ord(strange.group()):04X} is not allowed in YAML"
        problems.append(Problem(place=Place(file=file, line=line, column=column), message=message))
        return
    try:
        if _may_be_deep(text):
            _refuse_depth(text)
        for node in yaml.compose_all(text, Loader=_Loader):
            yield from _document(node, file, problems)
    except yaml.MarkedYAMLError as error:
        problems.append(explain(_complaint(error), text, file))
    except RecursionError:
        problems.append(Problem(place=Place(file=file), message=NESTED_TOO_DEEPLY))


def _may_be_deep(text: str) -> bool:
    """Whether the text could be nested deeper than DEEPEST; seldom true of a real manifest."""
    brackets = text.count("[") + text.count("{")
    return brackets > DEEPEST or max(map(len, text.splitlines()), default=0) > DEEPEST


def _refuse_depth(text: str) -> None:
    """Raise MarkedYAMLError for nesting that would overrun the stack of libyaml's composer, which is C.

    Newer ones of libyaml have a limit of their own and say the same of it.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            # The stubs do not know that a mark of the C parser is one, too.
            raise yaml.MarkedYAMLError(problem=TOO_DEEP, problem_mark=event.start_mark)  # type: ignore[arg-type]


def _document(node: yaml.Node | None, file: str, problems: list[Problem]) -> Iterator[Document]:
    if node is None:
        return
    builder = _Builder(file, problems)
    try:
        body, spot = builder.build(node, node)
    except _Mistake as mistake:
        builder.report(mistake)
        return
    places = Places(file=file, root=spot)
    if isinstance(body, dict):
        yield from _unfolded(body, places, problems)
    elif body is not None:
        what = "a list" if isinstance(body, list) else "a single value"
        message = f"this document is {what}, not an object with keys"
        problems.append(Problem(place=places.of(()), message=message))


def _unfolded(body: dict[str, Any], places: Places, problems: list[Problem]) -> Iterator[Document]:
    """The items of a List of objects, else the document itself; kubectl unfolds every ``…List`` too."""
    items = body.get("items")
    if not str(body.get("kind", "")).endswith("List") or not isinstance(items, list):
        yield Document(body=body, places=places)
        return
    for number, item in enumerate(items):
        path: Path = ("items", number)
        if isinstance(item, dict):
            yield from _unfolded(item, places.below(path), problems)
        else:
            message = f"items[{number}] of this {body['kind']} is not an object with keys"
            problems.append(Problem(place=places.of(path), message=message))


class _Builder:
    """Makes plain data and positions from the nodes of one document."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file = file
        self._problems = problems
        self._open: set[int] = set()
        self._count = 0

    def build(self, node: yaml.Node, key: yaml.Node) -> tuple[Any, Spot]:
        """Return the value of ``node`` and where it and its ``key`` stand. Raises _Mistake."""
        self._count += 1
        if self._count > LARGEST:
            raise _Mistake(node, f"the document has more than {LARGEST} values, counting aliases each time")
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node), _spot(node, key)
        if node.tag not in _COLLECTIONS:
            raise _Mistake(node, f"the tag {node.tag} cannot be used here")
        if id(node) in self._open:
            raise _Mistake(node, "this value contains itself through an alias")
        self._open.add(id(node))
        try:
            return self._mapping(node, key) if isinstance(node, yaml.MappingNode) else self._list(node, key)
        finally:
            self._open.discard(id(node))

    def report(self, mistake: _Mistake) -> None:
        """Write the mistake down as a problem of the file."""
        place = _place(self._file, mistake.node)
        self._problems.append(Problem(place=place, message=mistake.message, hint=mistake.hint))

    def _scalar(self, node: yaml.ScalarNode) -> Scalar:
        try:
            return read_scalar(node.value, node.tag)
        except ValueError as error:
            raise _Mistake(node, str(error)) from None

    def _list(self, node: yaml.Node, key: yaml.Node) -> tuple[list[Any], Spot]:
        built = [self.build(item, item) for item in node.value]
        inside: dict[str | int, Spot] = {number: spot for number, (_, spot) in enumerate(built)}
        return [value for value, _ in built], _spot(node, key, inside)

    def _mapping(self, node: yaml.MappingNode, key: yaml.Node) -> tuple[dict[str, Any], Spot]:
        body: dict[str, Any] = {}
        inside: dict[str | int, Spot] = {}
        merged: list[yaml.Node] = []
        for key_node, value_node in node.value:
            if key_node.tag == PLAIN and key_node.value == _MERGE:
                merged.extend(_merge_sources(value_node))
                continue
            name = self._key(key_node)
            if name in body:
                first = inside[name].key_line
                message = f'the key "{name}" is here twice'
                self.report(_Mistake(key_node, message, f"it is given first in line {first}"))
                continue
            body[name], inside[name] = self.build(value_node, key_node)
        for source in merged:
            other, spot = self.build(source, source)
            for name in other:
                if name not in body:
                    body[name], inside[name] = other[name], spot.inside[name]
        return body, _spot(node, key, inside)

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise _Mistake(node, "a key must be a word, not a list or a mapping")
        return key_text(self._scalar(node))


def _merge_sources(node: yaml.Node) -> list[yaml.Node]:
    sources = node.value if isinstance(node, yaml.SequenceNode) else [node]
    for source in sources:
        if not isinstance(source, yaml.MappingNode):
            raise _Mistake(source, "<< can only merge mappings")
    return list(sources)


def _spot(node: yaml.Node, key: yaml.Node, inside: dict[str | int, Spot] | None = None) -> Spot:
    value, name = node.start_mark, key.start_mark
    return Spot(
        line=value.line + 1,
        column=value.column + 1,
        key_line=name.line + 1,
        key_column=name.column + 1,
        inside=inside or {},
    )


def _complaint(error: yaml.MarkedYAMLError) -> Complaint:
    return Complaint(
        what=error.problem or "",
        context=error.context or "",
        at=_mark(error.problem_mark),
        since=_mark(error.context_mark),
    )


def _mark(mark: yaml.Mark | None) -> Mark | None:
    return None if mark is None else (mark.line + 1, mark.column + 1)


def _place(file: str, node: yaml.Node) -> Place:
    return Place(file=file, line=node.start_mark.line + 1, column=node.start_mark.column + 1)
