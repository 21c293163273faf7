"""Plain data from the nodes of one YAML document, and where each piece of it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from netprobe.manifests.document import Spot
from netprobe.manifests.scalars import (
    PLAIN,
    STRING,
    Scalar,
    key_text,
    read_plain,
    read_plain_key,
    read_scalar,
)

LARGEST = 200_000
"""Values that aliases may repeat in one document: far above any manifest, far below a memory bomb."""

MAPPING = "tag:yaml.org,2002:map"
LIST = "tag:yaml.org,2002:seq"

Node = Any
"""A node of PyYAML, known by its attributes: ``tag``, ``value``, ``start_mark``, ``id`` (its kind)."""

_MERGE = "<<"


class Mistake(Exception):
    """A value that cannot be read, at its node; turned into a Problem by the reader of the document."""

    def __init__(self, node: Node, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.node, self.message, self.hint = node, message, hint


class Builder:
    """Makes plain data from the nodes of one document.

    Mappings and lists under a key in ``skip`` are left out as null. ``above`` are the lines of the file
    above the text, ``aliases`` whether there may be any in it. ``mistakes`` are what is wrong beside what
    ``build`` raises.
    """

    def __init__(self, *, skip: Collection[str] = (), above: int = 0, aliases: bool = True) -> None:
        """Nothing was built yet."""
        self.mistakes: list[Mistake] = []
        self._above = above
        self._skip = skip
        self._seen: set[int] = set()
        self._open: set[int] = set()
        self._aliases = aliases
        self._repeated = 0

    def build(self, node: Node) -> Any:
        """Return the value of ``node``. Raises Mistake."""
        tag = node.tag
        if tag == PLAIN:
            try:
                return read_plain(node.value)
            except ValueError as error:
                raise Mistake(node, str(error)) from None
        if tag == STRING:
            return node.value
        if tag == MAPPING:
            return self._once(node, self._mapping) if self._aliases else self._mapping(node)
        if tag == LIST:
            return self._once(node, self._list) if self._aliases else self._list(node)
        return _tagged(node)

    def _once(self, node: Node, read: Callable[[Node], Any]) -> Any:
        key = id(node)
        if key in self._seen:
            self._count_again(node)
        self._seen.add(key)
        self._open.add(key)
        try:
            return read(node)
        finally:
            self._open.discard(key)

    def _count_again(self, node: Node) -> None:
        """An alias led here: refuse a circle, and a bomb of aliases."""
        if id(node) in self._open:
            raise Mistake(node, "this value contains itself through an alias")
        self._repeated += 1 + len(node.value)
        if self._repeated > LARGEST:
            raise Mistake(node, f"the document has more than {LARGEST} values that aliases repeat")

    def _list(self, node: Node) -> list[Any]:
        build = self.build
        return [build(item) for item in node.value]

    def _mapping(self, node: Node) -> dict[str, Any]:
        body: dict[str, Any] = {}
        merged: list[Node] = []
        for key_node, value_node in node.value:
            if key_node.tag == PLAIN and key_node.value == _MERGE:
                merged.extend(_merge_sources(value_node))
                continue
            name = key_of(key_node)
            if name in body:
                self.mistakes.append(self._twice(name, key_node, node))
            elif name in self._skip and value_node.id != "scalar":
                body[name] = None
            else:
                body[name] = self.build(value_node)
        for source in merged:
            for name, value in self.build(source).items():
                body.setdefault(name, value)
        return body

    def _twice(self, name: str, key: Node, mapping: Node) -> Mistake:
        first = next(other for other, _ in mapping.value if other.id == "scalar" and key_of(other) == name)
        line = first.start_mark.line + 1 + self._above
        return Mistake(key, f'the key "{name}" is here twice', f"it is given first in line {line}")


def key_of(node: Node) -> str:
    """Return the key that ``node`` is. Raises Mistake."""
    if node.id != "scalar":
        raise Mistake(node, "a key must be a word, not a list or a mapping")
    tag = node.tag
    if tag == STRING:
        return str(node.value)
    try:
        return read_plain_key(node.value) if tag == PLAIN else key_text(read_scalar(node.value, tag))
    except ValueError as error:
        raise Mistake(node, str(error)) from None


def spot_of(node: Node, key: Node, above: int = 0) -> Spot:
    """Return where a value and its ``key`` stand in a file, ``above`` lines further down than in the nodes.

    What is inside is looked at when it is asked for: few places of a document ever are.
    """
    value, name = node.start_mark, key.start_mark
    return Spot(
        line=value.line + 1 + above,
        column=value.column + 1,
        key_line=name.line + 1 + above,
        key_column=name.column + 1,
        inside={} if node.id == "scalar" else _Inside(node, above),
    )


class _Inside(Mapping[str | int, Spot]):
    """The spots inside a collection, made at the first question."""

    __slots__ = ("_above", "_node", "_spots")

    def __init__(self, node: Node, above: int) -> None:
        self._node, self._above = node, above
        self._spots: dict[str | int, Spot] | None = None

    def __getitem__(self, part: str | int) -> Spot:
        return self._made()[part]

    def __iter__(self) -> Iterator[str | int]:
        return iter(self._made())

    def __len__(self) -> int:
        return len(self._made())

    def _made(self) -> dict[str | int, Spot]:
        if self._spots is None:
            self._spots = {}
            for part, value, key in _parts(self._node):
                # The first of two equal keys counts, and a key of its own before a merged one.
                self._spots.setdefault(part, spot_of(value, key, self._above))
        return self._spots


def _parts(node: Node) -> Iterator[tuple[str | int, Node, Node]]:
    """Each key or index of a collection with its value's node and its key's."""
    if node.id == "sequence":
        yield from ((number, item, item) for number, item in enumerate(node.value))
        return
    merged: list[Node] = []
    for key, value in node.value:
        if key.tag == PLAIN and key.value == _MERGE:
            merged.extend(_merge_sources(value))
        else:
            yield key_of(key), value, key
    for source in merged:
        yield from _parts(source)


def _tagged(node: Node) -> Scalar:
    if node.id != "scalar":
        raise Mistake(node, f"the tag {node.tag} cannot be used here")
    try:
        return read_scalar(node.value, node.tag)
    except ValueError as error:
        raise Mistake(node, str(error)) from None


def _merge_sources(node: Node) -> list[Node]:
    sources = node.value if node.id == "sequence" else [node]
    for source in sources:
        if source.id != "mapping":
            raise Mistake(source, "<< can only merge mappings")
    return list(sources)
