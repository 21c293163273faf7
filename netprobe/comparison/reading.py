"""JSON reports of netprobe, read strictly: what is wrong is told with the file and the place in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from netprobe.comparison.measured import MeasuredAudit, MeasuredRun
from netprobe.errors import InputError
from netprobe.model.place import Place, Problem

AUDIT = "netprobe_audit"
RUNS = "netprobe_report"
VERSIONS: Mapping[str, int] = {AUDIT: 1, RUNS: 1}
"""The reports that can be compared by their first key, and the version of each that this netprobe reads."""

_OTHERS = {
    "netprobe_comparison": "this is a comparison; give the reports that it was made of",
    "netprobe_identification": "this is an identification; give what netprobe check -o json=FILE writes",
}
Report = TypeVar("Report", MeasuredAudit, MeasuredRun)
_AUDIT = TypeAdapter(MeasuredAudit)
_RUN = TypeAdapter(MeasuredRun)
_MOST = 10
"""Problems that are told of one report."""

_REMEDY = "give files that netprobe check or netprobe run wrote with -o json=FILE, or journals of runs"


def read_reports(text: str, file: str) -> Sequence[MeasuredAudit | MeasuredRun]:
    """Return the audit, or all runs, that a JSON report holds. Raises InputError, with the place."""
    body = _parse(text, file)
    key = next((key for key in VERSIONS if key in body), None)
    if key is None:
        told = [words for other, words in _OTHERS.items() if other in body]
        unknown = f"this is no report of netprobe: it has neither {AUDIT} nor {RUNS}"
        raise _wrong(Place(file=file), told[0] if told else unknown)
    if body[key] != VERSIONS[key]:
        message = f"{key} is version {body[key]!r}; this netprobe reads version {VERSIONS[key]}"
        raise _wrong(Place(file=file), message, "use the netprobe that wrote it, or measure again")
    if key == AUDIT:
        return (_validate(_AUDIT, body, file, ""),)
    runs = body.get("runs")
    if not isinstance(runs, list) or not runs:
        raise _wrong(Place(file=file), "runs: this report holds no run")
    return [_validate(_RUN, run, file, f"runs[{number}].") for number, run in enumerate(runs)]


def _parse(text: str, file: str) -> Mapping[str, object]:
    try:
        body = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(file=file, line=error.lineno, column=error.colno)
        if not text.strip():
            raise _wrong(Place(file=file), "this file is empty") from error
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            raise _wrong(place, "the file ends in the middle of a report: the rest is missing") from error
        raise _wrong(place, f"this is not JSON: {error.msg}") from error
    except ValueError as error:
        raise _wrong(Place(file=file), "this is no report: it has a number that is too long") from error
    except RecursionError as error:
        raise _wrong(Place(file=file), "this is no report: it is nested too deeply") from error
    if not isinstance(body, dict):
        raise _wrong(Place(file=file), "this is no report of netprobe, which is a JSON object")
    return body


def _validate(adapter: TypeAdapter[Report], body: object, file: str, prefix: str) -> Report:
    try:
        return adapter.validate_json(json.dumps(body), strict=True)
    except ValidationError as error:
        problems = [
            Problem(
                place=Place(file=file),
                message=": ".join(
                    part
                    for part in (
                        f"{prefix}{_path(detail['loc'])}",
                        f"{detail['msg'][:1].lower()}{detail['msg'][1:]}",
                    )
                    if part
                ),
            )
            for detail in error.errors(include_url=False)[:_MOST]
        ]
        raise InputError(f"{file} is not a whole report", remedy=_REMEDY, problems=problems) from error


def _path(parts: Sequence[str | int]) -> str:
    """``steps[0].findings[3].verdict``."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _wrong(place: Place, message: str, remedy: str = _REMEDY) -> InputError:
    problem = Problem(place=place, message=message)
    return InputError(f"{place.file} cannot be compared", remedy=remedy, problems=(problem,))
