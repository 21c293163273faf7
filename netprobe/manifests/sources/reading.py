"""Documents from files, folders and stdin, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from netprobe.errors import InputError
from netprobe.manifests.document import Document, Places
from netprobe.manifests.json_source import read_json
from netprobe.manifests.lists import typed_item
from netprobe.manifests.sources.lists import find_list
from netprobe.manifests.sources.peeking import has_no_kind, irrelevant_kind, is_empty, template_action
from netprobe.manifests.sources.splitting import Chunk, split
from netprobe.manifests.sources.walking import STDIN, Source, find_sources
from netprobe.manifests.yaml_source import read_text, spots_inside
from netprobe.model.place import Place, Problem

RENDER = "render it first: helm template …"
"""What to do with a Helm template."""

SKIPPED = frozenset(("managedFields", "containerStatuses", "initContainerStatuses"))
"""What a server writes into objects, often at length, and nothing here reads."""


def read_sources(paths: Sequence[str], stdin: TextIO | None, problems: list[Problem]) -> Iterator[Document]:
    """Yield the documents of files, folders (recursively) and ``-``; what is wrong goes to ``problems``.

    Documents that decide nothing about flows come with their kind alone, or as an empty body where they
    are no Kubernetes objects. Raises InputError for paths that cannot be read, folders without manifests,
    and when nothing was found at all.
    """
    found = False
    before = len(problems)
    for source in find_sources(paths):
        for document in _documents(source, stdin, problems):
            found = True
            yield document
    if not found and len(problems) == before:
        raise InputError(f"there are no manifests in {', '.join(paths) or 'nothing'}")


def _documents(source: Source, stdin: TextIO | None, problems: list[Problem]) -> Iterator[Document]:
    if source.path == STDIN:
        if stdin is None:
            raise InputError("there is no standard input to read")
        yield from _of_lines(stdin, source, problems)
        return
    try:
        with Path(source.path).open(encoding="utf-8") as file:
            yield from _of_lines(file, source, problems)
    except OSError as error:
        raise InputError(f"{source.path} cannot be read: {error.strerror}") from None


def _of_lines(lines: Iterable[str], source: Source, problems: list[Problem]) -> Iterator[Document]:
    above = 0
    try:
        for chunk in split(lines):
            above = chunk.above
            yield from _of_chunk(chunk, source, problems)
    except UnicodeDecodeError as error:
        what = "a binary file" if b"\0" in error.object else "not UTF-8 text"
        place = Place(file=_shown(source))
        after = f" (after line {above})" if above else ""
        problems.append(Problem(place=place, message=f"this is {what}, not a manifest{after}"))


def _of_chunk(chunk: Chunk, source: Source, problems: list[Problem]) -> Iterator[Document]:
    if is_empty(chunk.text):
        return
    file = _shown(source)
    kind = irrelevant_kind(chunk.text)
    if kind:
        yield Document(body={"kind": kind}, places=Places(file=file))
        return
    if not source.named and has_no_kind(chunk.text):
        yield Document(body={}, places=Places(file=file))
        return
    for document in _parsed(chunk, file, problems):
        if document.body.get("kind") is not None:
            yield document
        elif source.named:
            message = 'this is no Kubernetes object: it has no "kind"'
            problems.append(Problem(place=document.place, message=message))
        else:
            yield Document(body={}, places=document.places)


def _parsed(chunk: Chunk, file: str, problems: list[Problem]) -> Iterator[Document]:
    if chunk.text.lstrip().startswith("{"):
        documents = read_json(chunk.text, file, spots_inside, above=chunk.above)
        if documents is not None:
            yield from documents
            return
    long = find_list(chunk)
    if long is None:
        yield from _read(chunk, file, problems)
        return
    # The frame is read for what is wrong with it.
    any(True for _ in _read(long.frame(), file, problems))
    for item in long.items():
        kind = irrelevant_kind(item.text, len(long.indent) + 2)
        if kind:
            yield Document(body={"kind": kind}, places=Places(file=file))
            continue
        for document in _read(item, file, problems):
            yield replace(document, body=typed_item(document.body, long.kind, long.api_version))


def _read(chunk: Chunk, file: str, problems: list[Problem]) -> Iterator[Document]:
    found: list[Problem] = []
    yield from read_text(chunk.text, file, found, above=chunk.above, skip=SKIPPED)
    action = template_action(chunk.text) if found else None
    if action is None:
        problems.extend(found)
        return
    line, column = action
    place = Place(file=file, line=line + chunk.above, column=column)
    message = "this is a Helm template, not a manifest"
    problems.append(Problem(place=place, message=message, hint=RENDER))


def _shown(source: Source) -> str:
    return "<stdin>" if source.path == STDIN else source.path
