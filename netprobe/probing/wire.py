"""The line format in which a pod's shell answers: marks around records, one record per line.

A record is tab-separated and ends with a lone dot, so that a line cut short is never mistaken for a
whole one. The last field but the dot may contain anything but a newline.

========  =====================================================================================
``S``     attempt, uptime: when the attempt was started (pod's ``/proc/uptime``)
``B``     attempt, id, text: first line of the body that the server sent (before its ``T``)
``T``     attempt, id, exit, namelookup, connect, total, remote address, HTTP code, message: curl's
``P``     attempt, id, start, middle, end, exit, text: a probe by a program of its own
``X``     attempt, tool, exit, text: how a tool ended that speaks for several requests
========  =====================================================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

FIELDS = {"S": 2, "B": 3, "T": 9, "P": 7, "X": 4}
"""Number of fields after the tag."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One line of an answer; ``fields`` as in the table above."""

    tag: str
    fields: tuple[str, ...]


def begin_mark(batch: str) -> str:
    """The line before a batch's records."""
    return f"NETPROBE-BEGIN-{batch}"


def end_mark(batch: str) -> str:
    """The line after a batch's records."""
    return f"NETPROBE-END-{batch}"


def write_record(tag: str, *fields: object) -> str:
    """One record as a line without its newline.

    Raises ValueError when the number of fields is wrong, or a field would break the line.
    """
    texts = [str(field) for field in fields]
    if len(texts) != FIELDS[tag]:
        raise ValueError(f"record {tag} has {FIELDS[tag]} fields, not {len(texts)}")
    if any("\n" in text for text in texts) or any("\t" in text for text in texts[:-1]):
        raise ValueError(f"record {tag}: a field contains a separator")
    return "\t".join((tag, *texts, "."))


def read_records(batch: str, output: str) -> Iterator[Record]:
    """The whole records after the batch's begin mark; lines that are none are passed over.

    What comes before the mark (left from an earlier batch that broke) and after the end mark, if
    ``output`` still has it, is not read.
    """
    lines = iter(output.split("\n"))
    if begin_mark(batch) not in lines:
        return
    for line in lines:
        if line == end_mark(batch):
            return
        record = _read_record(line)
        if record is not None:
            yield record


def has_begun(batch: str, output: str) -> bool:
    """Whether the batch's begin mark is in ``output``."""
    return begin_mark(batch) in output.split("\n")


def _read_record(line: str) -> Record | None:
    tag = line[:1]
    if tag not in FIELDS or line[1:2] != "\t" or not line.endswith("\t."):
        return None
    fields = line[2:-2].split("\t", FIELDS[tag] - 1)
    if len(fields) != FIELDS[tag]:
        return None
    return Record(tag=tag, fields=tuple(fields))
