"""The JSON Schema of the JSON report of runs (docs/run.schema.json)."""

from __future__ import annotations

from netprobe.model.finding import Finding, Kind, Verdict
from netprobe.model.flow import Flow
from netprobe.model.run import RunResult, StepResult
from netprobe.report.json_schema import Definitions, Schema, array, hints_of
from netprobe.report.to_json import VERSION

_TEXT: Schema = {"type": "string"}
_SECONDS: Schema = {"type": "number", "minimum": 0}


def schema() -> Schema:
    """Return the schema. Further keys may come at any time; what is here is there in every report."""
    known = Definitions()
    runs = array(_run(known))
    return known.document(
        f"run:{VERSION}",
        "netprobe report",
        "What netprobe run -o json=FILE writes.",
        {"netprobe_report": {"const": VERSION}, "runs": runs},
    )


def _run(known: Definitions) -> Schema:
    hints = hints_of(RunResult)
    taken = {name: known.of(hints[name]) for name in ("cluster", "headlines", "notes", "figures")}
    texts = dict.fromkeys(
        ("run_id", "scenario", "title", "netprobe_version", "conclusion", "interrupted"), _TEXT
    )
    return known.object(
        "Run",
        {
            **texts,
            **taken,
            "started": {"type": "string", "format": "date-time"},
            "seconds": _SECONDS,
            "verdict": known.of(Verdict),
            "exit_code": {"enum": [0, 1, 3]},
            "counts": _counts(known),
            "steps": array(_step(known)),
        },
        description="A judged run of one scenario on one cluster.",
    )


def _step(known: Definitions) -> Schema:
    sentinels = known.of(hints_of(StepResult)["sentinels"])
    return known.object(
        "Step",
        {
            "name": _TEXT,
            "complete": {"type": "boolean"},
            "seconds": _SECONDS,
            "counts": _counts(known),
            "sentinels": sentinels,
            "findings": array(_finding(known)),
        },
        description="The findings of one step, in the order of its flows.",
    )


def _counts(known: Definitions) -> Schema:
    """How many flows there are, and of each verdict and kind that occurs."""
    number: Schema = {"type": "integer", "minimum": 0}
    reference = known.object("Counts", {"flows": number})
    known.found["Counts"]["properties"] |= {word.value: number for word in (*Verdict, *Kind)}
    return reference


def _finding(known: Definitions) -> Schema:
    hints = hints_of(Finding)
    names = (
        "id",
        "verdict",
        "kind",
        "party",
        "explanation",
        "seen",
        "network",
        "policy",
        "intent",
        "decision",
    )
    own = {name: known.of(hints[name]) for name in (*names, "observation")}
    return known.object(
        "Finding",
        {**own, "flow": _flow(known), "seconds": _SECONDS},
        description="The verdict about one flow in one step.",
    )


def _flow(known: Definitions) -> Schema:
    hints = hints_of(Flow)
    return known.object(
        "Flow",
        {"key": _TEXT, **{name: known.of(hint) for name, hint in hints.items()}},
        description="A source and a destination with protocol, port and the way of addressing.",
    )
