"""Where reports are printed: how wide, in colour or not, and what happens when the reader has left."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TextIO

import click

_WIDTH_OF_FILES = 100
_WIDEST = 200
_ASCII = str.maketrans("·→…×─↓", ".>~x-v")


@dataclass(kw_only=True, slots=True)
class Page:
    """A stream for reports, silent once its reader has left (``netprobe run … | head``).

    The run, its report files and its exit code do not depend on who reads along.
    """

    stream: TextIO
    width: int
    color: bool
    abandoned: bool = field(default=False, init=False)

    def print(self, text: str) -> None:
        """Print ``text``, which ends in its own newline."""
        if self.abandoned:
            return
        try:
            click.echo(_spelled(text, self.stream), file=self.stream, nl=False, color=True)
            self.stream.flush()
        except OSError:
            self.abandoned = True
            _silence(self.stream)

    def line(self, text: str) -> None:
        """Print ``text`` and a newline."""
        self.print(f"{text}\n")


def page_for(
    stream: TextIO, color: Literal["auto", "always", "never"], environment: Mapping[str, str]
) -> Page:
    """Return a page on ``stream``.

    ``auto`` heeds NO_COLOR first, then FORCE_COLOR (anything but 0), then TERM=dumb; else it paints on
    terminals.
    """
    is_terminal = stream.isatty()
    painted = color == "always" or (color == "auto" and _wants_color(environment, is_terminal=is_terminal))
    return Page(stream=stream, width=_width(environment, is_terminal=is_terminal), color=painted)


def _wants_color(environment: Mapping[str, str], *, is_terminal: bool) -> bool:
    if environment.get("NO_COLOR"):
        return False
    forced = environment.get("FORCE_COLOR", "")
    if forced:
        return forced != "0"
    return is_terminal and environment.get("TERM") != "dumb"


def _width(environment: Mapping[str, str], *, is_terminal: bool) -> int:
    if not is_terminal and not environment.get("COLUMNS", "").isdigit():
        return _WIDTH_OF_FILES
    return min(shutil.get_terminal_size((_WIDTH_OF_FILES, 24)).columns, _WIDEST)


def _spelled(text: str, stream: TextIO) -> str:
    """Return ``text`` as the stream's encoding can hold it; a table keeps its columns in ASCII, too."""
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_ASCII).encode(encoding, "backslashreplace").decode(encoding)
    return text


def _silence(stream: TextIO) -> None:
    """Let what the interpreter flushes at its end go nowhere, instead of failing again."""
    if stream is sys.__stdout__ or stream is sys.__stderr__:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
