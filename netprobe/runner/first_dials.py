"""What pods got through to by themselves before anybody asked them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netprobe.errors import SessionLost
from netprobe.model.flow import Flow, PodRef
from netprobe.model.observation import Attempt, Outcome, Phase
from netprobe.model.scenario import Scenario
from netprobe.runner.sessions import Sessions
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot
from netprobe.scenario.first_dials import WORD, first_dial_of


def first_dials(
    site: Site, scenario: Scenario, sessions: Sessions, before: Snapshot, now: Snapshot
) -> Mapping[PodRef, Attempt]:
    """For each pod that is new in ``now`` and got through by itself, the attempt that says so.

    It was made at some moment before this one. A pod whose word cannot be read has none.
    """
    old = {pod.uid for pod in before.pods().values()}
    found: dict[PodRef, Attempt] = {}
    for ref, target in _dialling(scenario, now):
        pod = now.pods()[ref]
        if pod.uid in old:
            continue
        try:
            word = sessions.read_file(pod, WORD).strip()
        except SessionLost:
            continue
        if word == target:
            detail = f"the pod itself got through to {target} as it started"
            found[ref] = Attempt(
                outcome=Outcome.CONNECTED, phase=Phase.SETTLING, round=0, started=site.now(), detail=detail
            )
    return found


def is_about(flow: Flow, scenario: Scenario) -> bool:
    """Whether what the source dialled by itself is the destination of the flow."""
    if not isinstance(flow.destination, PodRef):
        return False
    target = _targets(scenario).get((flow.source.namespace, flow.source.workload), "")
    name, _, port = target.partition(":")
    behind = (flow.destination.namespace, flow.destination.workload)
    return (flow.source.namespace, name) == behind and port == str(flow.port)


def _dialling(scenario: Scenario, snapshot: Snapshot) -> Iterator[tuple[PodRef, str]]:
    targets = _targets(scenario)
    for ref in snapshot.pods():
        if target := targets.get((ref.namespace, ref.workload)):
            yield ref, target


def _targets(scenario: Scenario) -> Mapping[tuple[str, str], str]:
    return {(each.namespace, each.name): first_dial_of(each.body) for each in scenario.manifests}
