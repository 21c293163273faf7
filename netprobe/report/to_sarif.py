"""The failures of runs as SARIF 2.1.0, for code scanning: each stands where its policy was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.model.finding import Finding, Kind, Verdict
from netprobe.model.place import Place
from netprobe.model.run import RunResult
from netprobe.report.conclusion import conclude
from netprobe.report.responsible import reference_text, responsible_for
from netprobe.report.sarif import fingerprint, log, physical, related

_RULES = {
    Kind.LEAK: (
        "NetworkLeak",
        "The network lets through what the policies deny",
        "A flow that the NetworkPolicies deny was open: the network (the CNI) does not enforce them.",
    ),
    Kind.BLOCKED: (
        "NetworkBlocks",
        "The network blocks what the policies allow",
        "A flow that the NetworkPolicies allow was closed in every attempt, beside controls that worked.",
    ),
    Kind.POLICY_MISTAKE: (
        "PolicyMistake",
        "The policies do not say what was intended",
        "What the NetworkPolicies say about a flow differs from the intent of the scenario's author.",
    ),
}


def render(results: Sequence[RunResult]) -> str:
    """Return the log: a result for each FAIL; what gave no answer is a notification of its invocation.

    All runs are one run of the tool, since code scanning takes no second one of the same category.
    """
    return log(
        version=results[0].netprobe_version if results else "",
        rules=[_rule(kind) for kind in Kind],
        results=[each for result in results for each in _results(result)],
        invocations=[_invocation(result) for result in results],
    )


def _rule(kind: Kind) -> dict[str, object]:
    name, title, text = _RULES[kind]
    return {
        "id": kind.value,
        "name": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": f"**{title}**\n\n{text}"},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["kubernetes", "network-policy"]},
    }


def _results(run: RunResult) -> Iterator[object]:
    home = next((Place(file=place.file) for f in run.findings for place in _intent_places(f)), None)
    yield from (_result(f, run, home) for f in run.findings if f.verdict is Verdict.FAIL)


def _intent_places(finding: Finding) -> Iterator[Place]:
    if finding.intent is not None and finding.intent.place is not None:
        yield finding.intent.place


def _result(finding: Finding, run: RunResult, home: Place | None) -> dict[str, object]:
    """A failure; one that rests on no line stands at ``home``: code scanning takes none without a file."""
    kind = finding.kind or Kind.POLICY_MISTAKE
    places = _places(finding) or ([(home, "")] if home else [])
    location: dict[str, object] = {"logicalLocations": [{"fullyQualifiedName": finding.id}]}
    if places:
        location = {"physicalLocation": physical(places[0][0]), **location}
    result: dict[str, object] = {
        "ruleId": kind.value,
        "ruleIndex": list(Kind).index(kind),
        "level": "error",
        "message": {"text": f"{finding.explanation} ({run.cluster.title}, {finding.id})"},
        "locations": [location],
        "partialFingerprints": fingerprint(run.cluster.name, finding.id),
        "properties": {"finding": finding.id, "cluster": run.cluster.title, "run": run.run_id},
    }
    if places[1:]:
        result["relatedLocations"] = related(places[1:])
    return result


def _places(finding: Finding) -> list[tuple[Place, str]]:
    """The places that a failure rests on, each with its name: policies and rules first, then the intent."""
    refs = responsible_for(finding.decision)
    found = [(ref.place, reference_text(ref)) for ref in refs if ref.place is not None and ref.place.line]
    intent = finding.intent.text if finding.intent is not None else ""
    found += [(place, f"intent: {intent}") for place in _intent_places(finding)]
    return list(dict.fromkeys(found))


def _invocation(run: RunResult) -> dict[str, object]:
    end = conclude(run)
    doubtful = [f for f in run.findings if f.verdict is Verdict.INCONCLUSIVE]
    notifications = [_notification(f"{f.explanation} ({f.id})", "warning") for f in doubtful]
    notifications += [_notification(headline, "error") for headline in run.headlines]
    if run.interrupted:
        notifications.append(_notification(run.interrupted, "error"))
    return {
        "executionSuccessful": not run.interrupted,
        "exitCode": end.exit_code,
        "exitCodeDescription": f"{end.word}: {end.sentence}",
        "startTimeUtc": run.started,
        "toolExecutionNotifications": notifications,
        "properties": {"scenario": run.scenario, "cluster": run.cluster.title, "run": run.run_id},
    }


def _notification(text: str, level: str) -> dict[str, object]:
    return {"message": {"text": text}, "level": level}
