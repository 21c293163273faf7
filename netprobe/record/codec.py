"""One record to one JSON line and back."""

from __future__ import annotations

import json

from pydantic import TypeAdapter, ValidationError

from netprobe.record.records import (
    JOURNAL_VERSION,
    Baseline,
    Calibration,
    End,
    Header,
    Measured,
    Record,
    Skipped,
    StepEnd,
    StepState,
)

VERSION_KEY = "netprobe_journal"
_WORDS: dict[str, type[Record]] = {
    "header": Header,
    "skipped": Skipped,
    "baseline": Baseline,
    "calibration": Calibration,
    "state": StepState,
    "observation": Measured,
    "step_end": StepEnd,
    "end": End,
}
_ADAPTERS: dict[str, TypeAdapter[Record]] = {word: TypeAdapter(kind) for word, kind in _WORDS.items()}
_WORD_OF = {kind: word for word, kind in _WORDS.items()}


class BrokenLine(ValueError):
    """A line that is not a record; the message says why, in words for a person."""


def encode(record: Record) -> str:
    """Return the record as one line of JSON, without the newline."""
    word = _WORD_OF[type(record)]
    body = _ADAPTERS[word].dump_python(record, mode="json")
    head: dict[str, object] = {VERSION_KEY: JOURNAL_VERSION} if isinstance(record, Header) else {}
    return json.dumps({**head, "record": word, **body}, ensure_ascii=False, separators=(",", ":"))


def decode(line: str) -> Record:
    """Return the record of one line; raises BrokenLine."""
    try:
        body = json.loads(line)
    except ValueError as error:
        raise BrokenLine("this line is not JSON") from error
    if not isinstance(body, dict):
        raise BrokenLine("a journal line is a JSON object")
    version = body.pop(VERSION_KEY, None)
    if version not in (None, JOURNAL_VERSION):
        raise BrokenLine(
            f"this is journal version {version!r}; this netprobe reads version {JOURNAL_VERSION}"
        )
    word = body.pop("record", None)
    if word == "header" and version is None:
        raise BrokenLine(f"the header does not carry {VERSION_KEY}")
    if word not in _ADAPTERS:
        raise BrokenLine(f"there is no record called {word!r}")
    try:
        return _ADAPTERS[word].validate_json(json.dumps(body), extra="forbid")
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BrokenLine(f"the {word} record is broken at {where}: {first['msg']}") from error
