"""YAML text to documents with positions: the only door to PyYAML.

The text is composed to nodes, which know their positions, and ``yaml_values`` makes the values from
them; PyYAML's own constructors (and their objects) are never used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from netprobe.errors import InputError
from netprobe.manifests.document import Document, Path, Places, Spot
from netprobe.manifests.lists import typed_item
from netprobe.manifests.scalars import PLAIN, STRING
from netprobe.manifests.yaml_errors import NESTED_TOO_DEEPLY, TOO_DEEP, Complaint, Mark, explain
from netprobe.manifests.yaml_values import LIST, MAPPING, Builder, Mistake, spot_of
from netprobe.model.place import Place, Problem

DEEPEST = 500
"""Levels of nesting; a pod spec has about ten."""

_FAR_RIGHT = re.compile(rf"^[ \t?:-]{{{DEEPEST // 2}}}", re.MULTILINE)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

try:
    from yaml import CSafeLoader as _Base
except ImportError:  # PyYAML was built without libyaml: slower, the same nodes
    from yaml import SafeLoader as _Base  # type: ignore[assignment]


class _Loader(_Base):
    """Composes nodes and marks every scalar without quotes and tag as PLAIN."""

    def resolve(self, kind: type[Any], value: Any, implicit: Any) -> str:  # noqa: ARG002 - PyYAML's signature
        if kind is yaml.ScalarNode:
            return PLAIN if implicit[0] else STRING
        return MAPPING if kind is yaml.MappingNode else LIST

    # Called around every node, for path resolvers, which nobody uses here.
    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


def read_documents(text: str, file: str, problems: list[Problem] | None = None) -> tuple[Document, ...]:
    """Return the documents of ``text`` in order, without the empty ones, with ``kind: List`` unfolded.

    What is wrong is appended to ``problems``, and the documents that could be read are returned.
    Without ``problems``, raises InputError with all of them.
    """
    found: list[Problem] = []
    documents = tuple(read_text(text.removeprefix("\ufeff"), file, found))
    if problems is not None:
        problems.extend(found)
    elif found:
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        raise InputError(f"{found[0]}{more}", problems=found)
    return documents


def read_text(
    text: str, file: str, problems: list[Problem], *, above: int = 0, skip: Collection[str] = ()
) -> Iterator[Document]:
    """Yield the documents of ``text``, a part of ``file`` with so many lines ``above`` it.

    What is wrong goes to ``problems``. Mappings and lists under the keys ``skip`` are left out as null.
    """
    strange = _UNPRINTABLE.search(text)
    if strange:
        line = text.count("\n", 0, strange.start()) + 1 + above
        column = strange.start() - text.rfind("\n", 0, strange.start())
        message = f"the character U+{ord(strange.group()):04X} is not allowed in YAML"
        problems.append(Problem(place=Place(file=file, line=line, column=column), message=message))
        return
    try:
        if _may_be_deep(text):
            _refuse_depth(text)
        aliases = "&" in text
        for node in yaml.compose_all(text, Loader=_Loader):
            builder = Builder(skip=skip, above=above, aliases=aliases)
            yield from _document(node, builder, _Target(file=file, above=above, problems=problems))
    except yaml.MarkedYAMLError as error:
        found = explain(_complaint(error), text, file)
        problems.append(replace(found, place=_lower(found.place, above)))
    except RecursionError:
        problems.append(Problem(place=Place(file=file), message=NESTED_TOO_DEEPLY))


def spots_inside(text: str, above: int, column: int) -> Mapping[str | int, Spot]:
    """Return the spots inside the one collection that ``text`` is, so far down and to the right in its file.

    Empty when the text cannot be read as YAML.
    """
    padded = " " * column + text
    try:
        if _may_be_deep(text):
            _refuse_depth(text)
        node = yaml.compose(padded, Loader=_Loader)
    except (yaml.YAMLError, RecursionError):
        return {}
    return {} if node is None else spot_of(node, node, above).inside


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    """Where a document stands, and what becomes of its mistakes."""

    file: str
    above: int
    problems: list[Problem]

    def report(self, mistake: Mistake) -> None:
        """Write the mistake down as a problem of the file."""
        mark = mistake.node.start_mark
        place = Place(file=self.file, line=mark.line + 1 + self.above, column=mark.column + 1)
        self.problems.append(Problem(place=place, message=mistake.message, hint=mistake.hint))


def _may_be_deep(text: str) -> bool:
    """Whether the text could be nested deeper than DEEPEST; seldom true of a real manifest.

    Outside of brackets, a level takes a column at the beginning of a line, or shares one with another.
    """
    return text.count("[") + text.count("{") > DEEPEST or _FAR_RIGHT.search(text) is not None


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


def _document(node: yaml.Node | None, builder: Builder, target: _Target) -> Iterator[Document]:
    if node is None:
        return
    try:
        body = builder.build(node)
    except Mistake as mistake:
        builder.mistakes.append(mistake)
        body = None
    for each in builder.mistakes:
        target.report(each)
    places = Places(file=target.file, root=spot_of(node, node, target.above))
    if isinstance(body, dict):
        yield from _unfolded(body, places, target.problems)
    elif body is not None:
        what = "a list" if isinstance(body, list) else "a single value"
        message = f"this document is {what}, not an object with keys"
        target.problems.append(Problem(place=places.of(()), message=message))


def _unfolded(body: dict[str, Any], places: Places, problems: list[Problem]) -> Iterator[Document]:
    """The items of a List of objects, else the document itself; kubectl unfolds every ``…List`` too."""
    items = body.get("items")
    if not str(body.get("kind", "")).endswith("List") or not isinstance(items, list):
        yield Document(body=body, places=places)
        return
    for number, item in enumerate(items):
        path: Path = ("items", number)
        if isinstance(item, dict):
            whole = typed_item(item, str(body["kind"]), body.get("apiVersion"))
            yield from _unfolded(whole, places.below(path), problems)
        else:
            message = f"items[{number}] of this {body['kind']} is not an object with keys"
            problems.append(Problem(place=places.of(path), message=message))


def _complaint(error: yaml.MarkedYAMLError) -> Complaint:
    return Complaint(
        what=error.problem or "",
        context=error.context or "",
        at=_mark(error.problem_mark),
        since=_mark(error.context_mark),
    )


def _mark(mark: yaml.Mark | None) -> Mark | None:
    return None if mark is None else (mark.line + 1, mark.column + 1)


def _lower(place: Place, above: int) -> Place:
    return replace(place, line=place.line + above) if place.line else place
