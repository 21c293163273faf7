"""The first moments of new pods: whether they could send or be reached before the network isolated them."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.audit.board.feature import Phase
from netprobe.model.audit import Enforcement, FeatureResult, Suspect, Tally
from netprobe.model.finding import Finding, Seen
from netprobe.model.observation import Outcome

_NEW = "home/fresh"
NAME = "startup-window"


def assess_window(found: Iterable[tuple[str, Finding]]) -> FeatureResult | None:
    """Judge the first attempts to and from a pod that came under policies which were there before it.

    Concept page, "Pod lifecycle": once a policy is handled, pods that it selects are isolated before they
    are started. So one attempt that gets through at first is a leak, although the flow settles closed.
    None when nothing of the kind was probed. ``found`` holds (step, finding).
    """
    probes = [
        finding
        for step, finding in found
        if step == Phase.CHANGE.value and finding.seen is Seen.CLOSED and _is_about_a_new_pod(finding)
    ]
    if not probes:
        return None
    early = [finding for finding in probes if _got_through(finding)]
    return FeatureResult(
        name=NAME,
        title="the first moments of new pods",
        verdict=Enforcement.PARTIALLY_ENFORCED if early else Enforcement.ENFORCED,
        tally=Tally(agreed=len(probes) - len(early), leaked=len(early), denials=len(probes)),
        examples=tuple(
            f"{finding.flow.key} got through before the new pod was isolated" for finding in early
        ),
    )


def suspect_window(result: FeatureResult | None) -> tuple[Suspect, ...]:
    """Return the one explanation for attempts that got through at first; none when none did."""
    if result is None or not result.tally.leaked:
        return ()
    leaked = result.tally.leaked
    return (
        Suspect(
            name=NAME,
            says="lets new pods send and be reached before it isolates them",
            cites=("kuberouter-startup-race", "aws-standard-race", "kindnet-startup"),
            explained=leaked,
            deviations=leaked,
            against=0,
        ),
    )


def _is_about_a_new_pod(finding: Finding) -> bool:
    source, destination = str(finding.flow.source), str(finding.flow.destination)
    return source.startswith(f"{_NEW}[") or destination.startswith(f"{_NEW}[")


def _got_through(finding: Finding) -> bool:
    attempts = finding.observation.attempts if finding.observation is not None else ()
    return any(attempt.outcome is Outcome.CONNECTED for attempt in attempts)
