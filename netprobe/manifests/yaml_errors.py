"""What a YAML parser's complaint means, in words for the person who wrote the file."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.place import Place, Problem

TOO_DEEP = "exceeded maximum nesting depth"
"""How libyaml complains of nesting, where it does so at all."""

NESTED_TOO_DEEPLY = "the YAML is nested too deeply to be read"

Mark = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Complaint:
    """A syntax error: what and where (``at``), while reading what (``context``), begun where (``since``)."""

    what: str
    context: str = ""
    at: Mark | None = None
    since: Mark | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Meaning:
    """``what`` and ``context`` must occur in the complaint; the rest is what we say instead.

    ``begun``: the useful position is where the thing began, not where the parser gave up.
    """

    what: str
    message: str
    context: str = ""
    hint: str = ""
    begun: bool = False


# The first that fits wins.
_MEANINGS = (
    _Meaning(
        what="mapping values are not allowed",
        message="a ':' is not expected here",
        hint="quote a value that holds ': ', or check the indentation",
    ),
    _Meaning(
        what="sequence entries are not allowed",
        message="a '-' is not expected here",
        hint="begin a list on the line after its key",
    ),
    _Meaning(
        what="unexpected end of stream",
        context="quoted scalar",
        message="this quote is never closed",
        begun=True,
    ),
    _Meaning(
        what="unknown escape",
        message="this string has an unknown \\ escape",
        hint="use single quotes to keep a \\ as it is",
        begun=True,
    ),
    _Meaning(
        what="expected ',' or ']'",
        message="this '[' list is not closed, or a ',' is missing in it",
        begun=True,
    ),
    _Meaning(
        what="expected ',' or '}'",
        message="this '{' mapping is not closed, or a ',' is missing in it",
        begun=True,
    ),
    _Meaning(what="node content", message="a value is missing here, or a bracket has no partner"),
    _Meaning(
        what="could not find expected ':'",
        message="this is not 'key: value'",
        hint="a ':' is missing",
        begun=True,
    ),
    _Meaning(
        what="undefined alias",
        message="this *alias has no &anchor before it",
        hint="quote a value that begins with *",
    ),
    _Meaning(what=TOO_DEEP, message=NESTED_TOO_DEEPLY),
    _Meaning(what="second occurrence", message="this &anchor is defined twice"),
    _Meaning(
        what="expected",
        context="block mapping",
        message="the indentation does not fit the lines above",
    ),
    _Meaning(
        what="expected",
        context="block collection",
        message="a list item ('- …') is expected here",
        hint="check the indentation",
    ),
)


def explain(complaint: Complaint, text: str, file: str) -> Problem:
    """Return the problem that ``complaint`` about ``text`` stands for, at its most useful position."""
    meaning = _meaning(complaint, text)
    mark = complaint.since if meaning.begun and complaint.since else complaint.at or complaint.since
    line, column = mark or (0, 0)
    return Problem(
        place=Place(file=file, line=line, column=column), message=meaning.message, hint=meaning.hint
    )


def _meaning(complaint: Complaint, text: str) -> _Meaning:
    if "cannot start any token" in complaint.what:
        return _wrong_start(complaint, text)
    for meaning in _MEANINGS:
        if meaning.what in complaint.what and meaning.context in complaint.context:
            return meaning
    while_reading = f" ({complaint.context})" if complaint.context else ""
    return _Meaning(what="", message=f"this is not valid YAML: {complaint.what}{while_reading}")


def _wrong_start(complaint: Complaint, text: str) -> _Meaning:
    line, column = complaint.at or (0, 0)
    lines = text.splitlines()
    character = lines[line - 1][column - 1 : column] if 0 < line <= len(lines) else ""
    if character == "\t":
        message, hint = "a tab stands where YAML allows only spaces", "indent with spaces"
    else:
        message, hint = (
            f"a value cannot begin with {character or 'this character'}",
            "put the value in quotes",
        )
    return _Meaning(what="", message=message, hint=hint)
