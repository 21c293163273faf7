"""The manifest files behind the paths that a user gives."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netprobe.errors import InputError

STDIN = "-"
"""The path that stands for the standard input."""

_ENDINGS = (".yaml", ".yml", ".json")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One file to read (``path`` "-" is stdin); ``named`` when the user gave that very file."""

    path: str
    named: bool


def find_sources(paths: Sequence[str]) -> Iterator[Source]:
    """Yield the files behind ``paths`` in the order given, those of a folder sorted, each file once.

    Raises InputError for a path that is not there and for a folder without manifests.
    """
    seen: set[str] = set()
    for path in paths:
        try:
            found = list(_behind(path))
        except OSError as error:
            raise InputError(f"{error.filename} cannot be read: {error.strerror}") from None
        for source in found:
            real = os.path.realpath(source.path)
            if source.path == STDIN or real not in seen:
                seen.add(real)
                yield source


def _behind(path: str) -> Iterator[Source]:
    if path != STDIN and Path(path).is_dir():
        found = sorted(_files(path))
        if not found:
            kinds = ", ".join(f"*{ending}" for ending in _ENDINGS)
            raise InputError(f"{path} holds no manifests ({kinds})")
        yield from (Source(path=name, named=False) for name in found)
    elif path == STDIN or Path(path).exists():
        yield Source(path=path, named=True)
    else:
        raise InputError(f"there is no file or folder {path}")


def _files(folder: str) -> Iterator[str]:
    """Walk a folder; hidden ones are skipped, and one that links lead to again is entered once."""
    seen: set[tuple[int, int]] = set()

    def complain(error: OSError) -> None:
        raise error

    for parent, folders, names in os.walk(folder, followlinks=True, onerror=complain):
        about = Path(parent).stat()
        if (about.st_dev, about.st_ino) in seen:
            folders.clear()
            continue
        seen.add((about.st_dev, about.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if name.lower().endswith(_ENDINGS) and not name.startswith("."):
                yield str(Path(parent, name))
