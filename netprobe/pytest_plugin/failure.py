"""What a failing test shows of its finding: lines of YAML, the opinions in a table, the attempts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.model.decision import Decision
from netprobe.model.finding import Finding, Kind, Party
from netprobe.model.observation import Attempt
from netprobe.model.place import Place
from netprobe.model.scenario import Manifest, Scenario

_MOST_LINES = 30
"""Of a policy's YAML."""
_MOST_ATTEMPTS = 6


def explain_finding(finding: Finding, scenario: Scenario) -> str:
    """Return everything that a person needs to see why this finding is not PASS."""
    blocks = [
        [f"{finding.kind or finding.verdict.value}  {finding.id}", f"  {finding.explanation}"],
        list(_intent(finding, scenario)),
        *(list(block) for block in _policies(finding, scenario)),
        list(_table(finding)),
        list(_attempts(finding)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _intent(finding: Finding, scenario: Scenario) -> Iterator[str]:
    place = finding.intent.place if finding.intent is not None else None
    if place is None:
        return
    yield f"  intent, {place.file}:{place.line}"
    yield from _numbered(_lines(scenario, place)[place.line - 1 : place.line], place.line)


def _policies(finding: Finding, scenario: Scenario) -> Iterator[Iterator[str]]:
    """Yield one block for each policy of the scenario that took part in the decision."""
    written = _written(scenario, finding.id)
    for name in _named(finding.decision):
        if name in written:
            yield _policy("/".join(name), written[name].place, scenario)


def _policy(name: str, place: Place, scenario: Scenario) -> Iterator[str]:
    rows: list[str] = []
    for row in _lines(scenario, place)[max(place.line - 1, 0) :]:
        if row.startswith("---"):
            break
        rows.append(row)
    while rows and not rows[-1].strip():
        rows.pop()
    yield f"  policy {name}, {place.file}:{place.line}"
    yield from _numbered(rows[:_MOST_LINES], place.line)
    if len(rows) > _MOST_LINES:
        yield f"    … and {len(rows) - _MOST_LINES} more lines"


def _written(scenario: Scenario, finding_id: str) -> dict[tuple[str, str], Manifest]:
    """The policies by (namespace, name) as they were last written up to the finding's step."""
    found: dict[tuple[str, str], Manifest] = {}
    for step in scenario.steps:
        for manifest in (m for action in step.actions for m in action.manifests):
            if manifest.kind == "NetworkPolicy":
                found[manifest.namespace, manifest.name] = manifest
        if finding_id.startswith(f"{scenario.name}/{step.name}/"):
            break
    return found


def _named(decision: Decision | None) -> Sequence[tuple[str, str]]:
    """The policies of both ends (and of name resolution), each once."""
    if decision is None:
        return ()
    names: dict[tuple[str, str], None] = {}
    for end in (decision.egress, decision.ingress):
        if end is not None:
            names.update(((ref.namespace, ref.policy), None) for ref in end.isolating)
            names.update(((ref.namespace, ref.policy), None) for ref in end.allowing)
    for name in _named(decision.dns):
        names[name] = None
    return tuple(names)


def _table(finding: Finding) -> Iterator[str]:
    wanted = finding.intent.expectation.value if finding.intent is not None else "not given"
    said = finding.decision.answer.value.lower() if finding.decision is not None else "not read"
    blamed = {finding.party}
    if finding.policy.kind is Kind.POLICY_MISTAKE:
        blamed.add(Party.POLICY)
    rows = (
        ("party", "expected", "observed", ""),
        ("intent", "", wanted, ""),
        ("policy", wanted, said, "<- wrong" if Party.POLICY in blamed else ""),
        ("network", said, finding.seen.value, "<- wrong" if Party.NETWORK in blamed else ""),
    )
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=False))
        yield f"    {'  '.join(cells)}  {row[3]}".rstrip()


def _attempts(finding: Finding) -> Iterator[str]:
    attempts = finding.observation.attempts if finding.observation is not None else ()
    if not attempts:
        return
    yield "  attempts"
    for attempt in attempts[-_MOST_ATTEMPTS:]:
        yield f"    {_attempt(attempt)}"
    if len(attempts) > _MOST_ATTEMPTS:
        yield f"    and {len(attempts) - _MOST_ATTEMPTS} earlier ones"


def _attempt(attempt: Attempt) -> str:
    words = [f"{attempt.outcome.value} in {attempt.seconds:.2f} s", attempt.phase.value]
    words += [f"answered by {attempt.peer}"] if attempt.peer else []
    words += [f"control failed: {attempt.broken_control}"] if attempt.broken_control else []
    words += [attempt.detail] if attempt.detail else []
    return f"round {attempt.round}: {', '.join(words)}"


def _lines(scenario: Scenario, place: Place) -> list[str]:
    """The lines of the scenario's file that ``place`` lies in, as they were loaded."""
    names = [name for name in scenario.files if place.file == name or place.file.endswith(f"/{name}")]
    return scenario.files[max(names, key=len)].splitlines() if names else []


def _numbered(rows: Sequence[str], first: int) -> Iterator[str]:
    for number, row in enumerate(rows, start=first):
        yield f"    {number:>4} | {row}"
