"""The intent of a step as written, turned into lines that can be matched with flows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from netprobe.manifests.document import Document
from netprobe.model.finding import Expectation
from netprobe.model.place import Place, Problem
from netprobe.model.scenario import Intent, IntentLine
from netprobe.scenario import schema
from netprobe.scenario.intent_grammar import End, LineSyntaxError, ParsedLine, parse_line


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A line as it stands in the file: what it says and where each character of it is."""

    expectation: Expectation
    text: str
    place: Place
    parsed: ParsedLine

    def at(self, offset: int) -> Place:
        """The place of a character of the line."""
        if not self.place.line:
            return self.place
        return Place(file=self.place.file, line=self.place.line, column=self.place.column + offset)


@dataclass(slots=True)
class Intents:
    """Reads the intents of a scenario file. ``source`` is its text, for exact columns."""

    document: Document
    source: str
    problems: list[Problem]
    written: dict[int, list[Written]] = field(default_factory=dict)

    def of_step(self, step: schema.Step, number: int) -> Intent:
        """The intent of a step; lines that cannot be read are problems and left out."""
        lines: list[IntentLine] = []
        kept = self.written.setdefault(number, [])
        for expectation, texts in (
            (Expectation.ALLOW, step.intent.allow),
            (Expectation.DENY, step.intent.deny),
        ):
            for index, text in enumerate(texts):
                place = self._place(number, expectation.value, index, text)
                written = self._read(expectation, text, place)
                if written is not None:
                    kept.append(written)
                    lines.extend(as_lines(written))
        return Intent(
            default=step.intent.default,
            lines=tuple(lines),
            place=self.document.places.of(("steps", number, "intent", "default")),
        )

    def _place(self, number: int, key: str, index: int, text: str) -> Place:
        """Where the text of a line begins, behind its quote if it has one."""
        place = self.document.places.of(("steps", number, "intent", key, index))
        rows = self.source.splitlines()
        row = rows[place.line - 1] if 0 < place.line <= len(rows) else ""
        quoted = row[place.column - 1 : place.column] in {"'", '"'} and row[place.column :].startswith(text)
        return Place(file=place.file, line=place.line, column=place.column + int(quoted))

    def _read(self, expectation: Expectation, text: str, place: Place) -> Written | None:
        try:
            return Written(expectation=expectation, text=text, place=place, parsed=parse_line(text))
        except LineSyntaxError as error:
            where = Place(file=place.file, line=place.line, column=place.column + error.offset)
            self.problems.append(Problem(place=where, message=error.message, hint=error.hint))
            return None


def as_lines(written: Written) -> Iterator[IntentLine]:
    """One intent line per port and protocol that the destinations carry."""
    groups: dict[tuple[object, object], list[End]] = {}
    for end in written.parsed.destinations:
        groups.setdefault((end.port, end.protocol), []).append(end)
    for ends in groups.values():
        yield line_to(written, ends)


def line_to(written: Written, destinations: Iterable[End]) -> IntentLine:
    """The line as if it had only these destinations, which carry the same port and protocol."""
    ends = tuple(destinations)
    return IntentLine(
        expectation=written.expectation,
        sources=tuple(end.pattern for end in written.parsed.sources),
        destinations=tuple(end.pattern for end in ends),
        port=ends[0].port,
        protocol=ends[0].protocol,
        via=written.parsed.via,
        text=written.text,
        place=written.place,
    )
