"""The folder of a scenario: its files by relative name, from the disk or from texts kept in a journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Protocol

from netprobe.model.place import Place, Problem


class Unreadable(Exception):
    """A file that cannot be used: why, as the end of a sentence about it."""


class Folder(Protocol):
    """Files by their relative name (with ``/``)."""

    def names(self) -> tuple[str, ...]:
        """The names of all files, sorted."""

    def read(self, name: str) -> str:
        """The text of a file. Raises KeyError when there is none, Unreadable when it cannot be used."""

    def shown(self, name: str) -> str:
        """The name as problems display it."""


@dataclass(frozen=True, slots=True)
class TextFolder:
    """Texts by name, shown below ``origin`` (may be empty)."""

    files: Mapping[str, str]
    origin: str = ""

    def names(self) -> tuple[str, ...]:
        """All names, sorted."""
        return tuple(sorted(self.files))

    def read(self, name: str) -> str:
        """The text, or KeyError."""
        return self.files[name]

    def shown(self, name: str) -> str:
        """The name after the origin."""
        return f"{self.origin.removesuffix('/')}/{name}" if self.origin else name


@dataclass(frozen=True, slots=True)
class DiskFolder:
    """A directory; names are shown relative to the current directory when they lie below it."""

    root: Path

    def names(self) -> tuple[str, ...]:
        """All files below the directory, hidden ones left out."""
        found = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        return tuple(sorted(path.as_posix() for path in found if not path.name.startswith(".")))

    def read(self, name: str) -> str:
        """The text (UTF-8); line ends stay as they are, so that a journal holds them too."""
        path = self.root / name
        try:
            if not path.resolve().is_relative_to(self.root.resolve()):
                raise Unreadable("leads out of the scenario's folder through a link")
            return path.read_bytes().decode("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            raise KeyError(name) from None
        except IsADirectoryError:
            raise Unreadable("is a directory; list its files one by one") from None
        except UnicodeDecodeError as error:
            raise Unreadable(f"is not UTF-8 text (byte {error.start})") from None
        except OSError as error:
            raise Unreadable(f"cannot be read: {error.strerror}") from None

    def shown(self, name: str) -> str:
        """The path for a reader."""
        path = (self.root / name).absolute()
        here = Path.cwd()
        return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files of a folder, keeps every text it used in ``used`` and every failure in ``problems``."""

    folder: Folder
    problems: list[Problem]
    used: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, asked_at: Place) -> str | None:
        """The text of a file that the scenario names at ``asked_at``; None leaves a problem there."""
        hint = ""
        try:
            self.used[name] = self.folder.read(inside(name))
        except KeyError:
            message = f'there is no file "{name}" beside scenario.yaml'
            near = get_close_matches(name, self.folder.names(), n=1, cutoff=0.5)
            hint = f'did you mean "{near[0]}"?' if near else ""
        except Unreadable as reason:
            message = f'"{name}" {reason}'
        else:
            return self.used[name]
        self.problems.append(Problem(place=asked_at, message=message, hint=hint))
        return None


def inside(name: str) -> str:
    """The name itself. Raises Unreadable when it points out of its folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise Unreadable("lies outside the scenario's folder")
    return name
