"""Documents from files, folders and stdin, one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from netprobe.errors import InputError
from netprobe.manifests.document import Document
from netprobe.manifests.sources.walking import STDIN, Source, find_sources
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.place import Problem


def read_sources(paths: Sequence[str], stdin: TextIO | None, problems: list[Problem]) -> Iterator[Document]:
    """Yield the documents of files, folders (recursively) and ``-``; what is wrong goes to ``problems``.

    Raises InputError for paths that cannot be read and for folders without manifests.
    """
    for source in find_sources(paths):
        yield from read_documents(_text(source, stdin), _shown(source), problems)


def _text(source: Source, stdin: TextIO | None) -> str:
    if source.path == STDIN:
        if stdin is None:
            raise InputError("there is no standard input to read")
        return stdin.read()
    try:
        return Path(source.path).read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{source.path} cannot be read: {error.strerror}") from None


def _shown(source: Source) -> str:
    return "<stdin>" if source.path == STDIN else source.path
