"""Saved runs by the words of the command line: reports in JSON, and journals of runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from netprobe.app.scenarios import problems_of
from netprobe.audit.writing import NAME as AUDIT
from netprobe.comparison.gathering import Saved, gather
from netprobe.comparison.measured import Measured, MeasuredAudit, MeasuredRun
from netprobe.comparison.reading import read_reports
from netprobe.errors import InputError
from netprobe.model.place import Place, Problem
from netprobe.record.codec import VERSION_KEY
from netprobe.record.journal import parse_journal
from netprobe.report import to_json
from netprobe.runner.results import rejudge

_SUFFIXES = (".json", ".jsonl")


def names_a_file(word: str) -> bool:
    """Whether the word means a saved run (``FILE`` or ``LABEL=FILE``), beside names of scenarios."""
    return word.endswith(_SUFFIXES)


def load_saved(words: Sequence[str]) -> tuple[Measured, ...]:
    """Return a column for each cluster in the files; raises InputError with the problems of all files."""
    saved: list[Saved] = []
    problems: list[Problem] = []
    remedy = ""
    seen: set[Path] = set()
    for word in words:
        label, path = _split(word)
        try:
            if path.resolve() in seen:
                raise _unusable(path, "this file is named twice", "name each file once")
            seen.add(path.resolve())
            saved.append(Saved(file=str(path), label=label, reports=_read(path)))
        except InputError as error:
            problems += problems_of(word, error)
            remedy = error.remedy
    if problems:
        count = "a saved run cannot be used" if len(problems) == 1 else "saved runs cannot be used"
        raise InputError(count, remedy=remedy, problems=problems)
    return gather(saved)


def _split(word: str) -> tuple[str, Path]:
    """Label and path; a file whose own name has an ``=`` is taken as it is."""
    label, equals, rest = word.partition("=")
    if not equals or not label or Path(word).expanduser().exists():
        return "", Path(word).expanduser()
    return label, Path(rest).expanduser()


def _read(path: Path) -> Sequence[MeasuredAudit | MeasuredRun]:
    text = _text(path)
    if text.startswith(f'{{"{VERSION_KEY}"'):
        return _read_journal(text, str(path))
    return read_reports(text, str(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise _unusable(path, "there is no such file", "check the name; scenarios need --cluster") from error
    except OSError as error:
        raise _unusable(path, f"it cannot be read: {error.strerror}", "name a file") from error
    except UnicodeDecodeError as error:
        raise _unusable(path, "this is no report of netprobe: it is not text in UTF-8", "") from error


def _read_journal(text: str, file: str) -> Sequence[MeasuredAudit | MeasuredRun]:
    """The run of a journal, by way of its report: what is saved compares as what is fresh."""
    recording = parse_journal(text, file)
    if recording.header.scenario == AUDIT:
        raise _unusable(
            Path(file),
            "this is the journal of an audit, which does not hold its conclusions",
            "give its report: netprobe check -o json=FILE",
        )
    return read_reports(to_json.render([rejudge(recording)]), file)


def _unusable(path: Path, message: str, remedy: str) -> InputError:
    problem = Problem(place=Place(file=str(path)), message=message)
    return InputError(f"{path} cannot be used", remedy=remedy, problems=(problem,))
