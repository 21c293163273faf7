"""Where something stands in a file, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Place:
    """A position in a source file: ``line`` and ``column`` count from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Render as ``file:line:column``, leaving out what is unknown."""
        if not self.line:
            return self.file
        return f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing wrong with the user's input: where, what, and a hint (``did you mean …``, may be empty)."""

    place: Place
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Render as one line, ``file:line:column: what; hint``."""
        return f"{self.place}: {self.message}" + (f"; {self.hint}" if self.hint else "")
