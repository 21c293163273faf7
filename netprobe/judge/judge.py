"""From a decision, an observation and the intent to a finding. Total: every input has a verdict."""

from __future__ import annotations

from dataclasses import dataclass, field

from netprobe.judge.comparisons import compare_network, compare_policy
from netprobe.judge.evidence import Evidence, Peers, seen_of
from netprobe.judge.wording import Naming, edge_text
from netprobe.model.decision import Decision
from netprobe.model.finding import Comparison, Finding, IntentRef, Kind, Party, Seen, Verdict
from netprobe.model.flow import Flow
from netprobe.model.observation import Observation, Phase

_BLAME = {
    Kind.LEAK: "LEAK, the network does not enforce it",
    Kind.BLOCKED: "BLOCKED, the network stops what the policies allow",
    Kind.POLICY_MISTAKE: "POLICY_MISTAKE, the policies do not say what was intended",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a judgement needs beside the flow: ids, names for reports, and who answers where.

    ``prefix`` is ``scenario/step``. ``naming`` calls pods as reports do. ``peers`` maps
    ``namespace/pod`` to the pod's primary address.
    """

    prefix: str
    naming: Naming = str
    peers: Peers = field(default_factory=dict)


def judge(
    flow: Flow,
    decision: Decision | None,
    intent: IntentRef | None,
    observation: Observation,
    setting: Setting,
) -> Finding:
    """Return the finding for one flow in one step; never raises.

    ``decision`` None (the state of the cluster was not read) is INCONCLUSIVE, or SKIP when the
    observation says that the flow was skipped. The verdict is the worse of the two comparisons;
    where both fail, the network's kind comes first and the explanation names both.
    """
    evidence = _evidence(decision, observation, setting)
    if observation.skipped:
        network = policy = Comparison(verdict=Verdict.SKIP, reason=observation.skipped)
    elif decision is None:
        network = Comparison(verdict=Verdict.INCONCLUSIVE, reason=evidence.reason)
        policy = Comparison(verdict=Verdict.INCONCLUSIVE, reason="the policies were not read")
    else:
        network = compare_network(decision, evidence, observation)
        policy = compare_policy(decision, intent, evidence.seen)
    worse = max((network, policy), key=lambda comparison: comparison.verdict.severity)
    return Finding(
        id=f"{setting.prefix}/{flow.key}",
        flow=flow,
        verdict=worse.verdict,
        kind=worse.kind,
        party=_party(worse.kind),
        network=network,
        policy=policy,
        decision=decision,
        intent=intent,
        seen=evidence.seen,
        observation=observation,
        explanation=_explanation(edge_text(flow, setting.naming), network, policy),
        seconds=_seconds(observation),
    )


def _evidence(decision: Decision | None, observation: Observation, setting: Setting) -> Evidence:
    if observation.skipped:
        return Evidence(seen=Seen.NOTHING, reason=observation.skipped)
    if observation.disturbed:
        return Evidence(seen=Seen.NOTHING, reason=observation.disturbed)
    if decision is None:
        return Evidence(seen=Seen.NOTHING, reason="the state of the cluster was not read")
    return seen_of(observation, decision, setting.peers)


def _party(kind: Kind | None) -> Party | None:
    if kind is None:
        return None
    return Party.POLICY if kind is Kind.POLICY_MISTAKE else Party.NETWORK


def _explanation(edge: str, network: Comparison, policy: Comparison) -> str:
    """One sentence per comparison that has something to say, the network's first."""
    parts = []
    separator = ": " if network.verdict in (Verdict.INCONCLUSIVE, Verdict.SKIP) else " "
    if network.kind is not None or policy.kind is None:
        parts.append(f"{edge}{separator}{_with_blame(network)}")
    elif network.verdict in (Verdict.INCONCLUSIVE, Verdict.UNDEFINED):
        parts.append(f"{edge}{separator}{network.reason}")
    if policy.kind is not None:
        parts.append(f"{'besides, ' if parts else f'{edge}: '}{_with_blame(policy)}")
    elif policy.verdict is Verdict.UNDEFINED:
        parts.append(policy.reason)
    return "; ".join(parts)


def _with_blame(comparison: Comparison) -> str:
    return comparison.reason if comparison.kind is None else f"{comparison.reason}: {_BLAME[comparison.kind]}"


def _seconds(observation: Observation) -> float:
    """From the start of the first attempt of the step to the end of the last."""
    own = [a for a in observation.attempts if a.phase is not Phase.BASELINE]
    if not own:
        return 0.0
    return round(max(a.started + a.seconds for a in own) - min(a.started for a in own), 3)
