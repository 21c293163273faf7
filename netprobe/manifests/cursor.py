"""A typed reader over plain data that writes problems down instead of raising them.

Every getter returns None for what is absent, ``null`` (the API server treats both alike) or of the
wrong type; the latter leaves a problem. So a caller reads everything first, and learns from
``problems`` whether the result can be used.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from netprobe.manifests.document import Document, Path, Places
from netprobe.model.inventory import Remark, RemarkCode
from netprobe.model.place import Place, Problem

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Cursor:
    """A position in a document: its value, the path that led here, and the problems found so far.

    What some API servers take and others refuse (an unknown key) is a problem, or a remark where those
    are collected, or nothing at all with ``strict`` false (objects that a cluster already holds).
    """

    value: Any
    path: Path
    places: Places
    problems: list[Problem]
    strict: bool = True
    remarks: list[Remark] | None = None

    @property
    def place(self) -> Place:
        """Where the value begins."""
        return self.places.of(self.path)

    def complain(self, message: str, *, key: str | int | None = None, hint: str = "") -> None:
        """Write down a problem of this value, or of what stands under ``key`` in it."""
        path = self.path if key is None else (*self.path, key)
        where = dotted(path)
        text = f"{where}: {message}" if where else message
        self.problems.append(Problem(place=self.places.of(path), message=text, hint=hint))

    def doubt(self, code: RemarkCode, message: str, *, key: str | int | None = None, hint: str = "") -> None:
        """Write down what not every API server takes: as a remark, where those are collected."""
        path = self.path if key is None else (*self.path, key)
        self._doubt(
            code, Problem(place=self.places.of(path), message=f"{dotted(path)}: {message}", hint=hint)
        )

    def keys(self, known: Collection[str]) -> None:
        """Write down every key that is not ``known``, with the nearest known one."""
        if not self.strict or not isinstance(self.value, dict):
            return
        for name in self.value:
            if name not in known:
                place = self.places.of((*self.path, name), key=True)
                where = f" in {dotted(self.path)}" if self.path else ""
                message = f'unknown field "{name}"{where}'
                problem = Problem(place=place, message=message, hint=did_you_mean(name, known))
                self._doubt(RemarkCode.UNKNOWN_FIELD, problem)

    def mapping(self, key: str, *, required: bool = False) -> Cursor | None:
        """Return the mapping under ``key``."""
        found = self._typed(key, dict, "a mapping (key: value)", required=required)
        return None if found is None else self._at(found, (*self.path, key))

    def items(self, key: str, *, required: bool = False) -> tuple[Cursor, ...] | None:
        """Return the items of the list under ``key`` (None when absent, () when empty)."""
        found = self._typed(key, list, "a list", required=required)
        if found is None:
            return None
        return tuple(self._at(item, (*self.path, key, number)) for number, item in enumerate(found))

    def text(self, key: str, *, required: bool = False) -> str | None:
        """Return the string under ``key``."""
        found: str | None = self._typed(key, str, "a string", required=required)
        return found

    def number(self, key: str, *, required: bool = False) -> int | None:
        """Return the whole number under ``key``."""
        found: int | None = self._typed(key, int, "a whole number", required=required)
        return found

    def flag(self, key: str, *, required: bool = False) -> bool | None:
        """Return the boolean under ``key``."""
        found: bool | None = self._typed(key, bool, "true or false", required=required)
        return found

    def number_or_text(self, key: str, *, required: bool = False) -> int | str | None:
        """Return the whole number or string under ``key`` (an IntOrString of the Kubernetes API)."""
        found: int | str | None = self._typed(key, (int, str), "a whole number or a name", required=required)
        return found

    def strings(self, key: str, *, required: bool = False) -> tuple[str, ...] | None:
        """Return the list of strings under ``key``; items of another type are problems and left out."""
        items = self.items(key, required=required)
        if items is None:
            return None
        for item in items:
            if not isinstance(item.value, str):
                item.complain(f"must be a string, not {named(item.value)}", hint=_quoting(item.value))
        return tuple(item.value for item in items if isinstance(item.value, str))

    def string_map(self, key: str, *, required: bool = False) -> dict[str, str] | None:
        """Return the mapping of strings under ``key``, such as labels; other values are problems, left out.

        A value of ``null`` is the empty string, as the API server reads it.
        """
        found = self.mapping(key, required=required)
        if found is None:
            return None
        result: dict[str, str] = {}
        for name, value in found.value.items():
            if value is None or isinstance(value, str):
                result[name] = value or ""
            else:
                found.complain(f"must be a string, not {named(value)}", key=name, hint=_quoting(value))
        return result

    def is_mapping(self) -> bool:
        """Whether the value itself is a mapping; if not, write that down."""
        if isinstance(self.value, dict):
            return True
        self.complain(f"must be a mapping (key: value), not {named(self.value)}")
        return False

    def _typed(self, key: str, kinds: type | tuple[type, ...], wanted: str, *, required: bool) -> Any:
        """Return the value under ``key``, None when it is absent or of another type than ``kinds``."""
        value = self.value.get(key)
        if value is None:
            if required:
                path = (*self.path, key)
                place = self.places.of(path, key=True)
                self.problems.append(Problem(place=place, message=f"{dotted(path)}: is required"))
            return None
        # bool is an int to Python, and never one to Kubernetes.
        if not isinstance(value, kinds) or (value.__class__ is bool and kinds is not bool):
            self.complain(
                f"must be {wanted}, not {named(value)}",
                key=key,
                hint=_quoting(value) if kinds is str else "",
            )
            return None
        return value

    def _at(self, value: Any, path: Path) -> Cursor:
        # Not dataclasses.replace: this is the busiest line of loading, and that takes thrice as long.
        return Cursor(
            value=value,
            path=path,
            places=self.places,
            problems=self.problems,
            strict=self.strict,
            remarks=self.remarks,
        )

    def _doubt(self, code: RemarkCode, problem: Problem) -> None:
        if not self.strict:
            return
        if self.remarks is None:
            self.problems.append(problem)
        else:
            self.remarks.append(Remark(code=code, problem=problem))


def cursor(
    document: Document,
    problems: list[Problem],
    *,
    strict: bool = True,
    remarks: list[Remark] | None = None,
) -> Cursor:
    """Return a cursor at the top of ``document``."""
    return Cursor(
        value=document.body,
        path=(),
        places=document.places,
        problems=problems,
        strict=strict,
        remarks=remarks,
    )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean "…"?`` with the known word nearest to ``word``, or ""."""
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.7)
    return f'did you mean "{by_lower[near[0]]}"?' if near else ""


def dotted(path: Path) -> str:
    """Render a path as the API server does: ``spec.ingress[0].from``; odd keys in brackets."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif _WORD.fullmatch(part):
            text += f".{part}" if text else part
        else:
            text += f"[{part}]"
    return text


def named(value: object) -> str:
    """Name a value and its type for a message: ``the number 80``, ``a list``."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"the boolean {'true' if value else 'false'}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        return f'the string "{value}"'
    return "a list" if isinstance(value, list) else "a mapping"


def _quoting(value: object) -> str:
    return "put it in quotes" if isinstance(value, bool | int | float) else ""
