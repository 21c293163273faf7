"""Where the policies of a step stand in the author's files: the cluster's copies have no lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netprobe.model.policy import NetworkPolicy, Rule
from netprobe.model.scenario import ActionKind, Scenario, Step

Written = Mapping[tuple[str, str], NetworkPolicy]
"""Policies as the author wrote them, by namespace and name."""


def written_until(scenario: Scenario, step: Step) -> Written:
    """Return the policies that the steps up to ``step`` have written, as each was written last."""
    written: dict[tuple[str, str], NetworkPolicy] = {}
    for each in scenario.steps:
        for action in each.actions:
            if action.kind in (ActionKind.APPLY, ActionKind.REPLACE):
                policies = [m.policy for m in action.manifests if m.policy is not None]
                written |= {(policy.namespace, policy.name): policy for policy in policies}
        if each.name == step.name:
            break
    return written


def with_places(policy: NetworkPolicy, written: Written) -> NetworkPolicy:
    """Return ``policy`` with the places of the author's; what the author did not write stays as it is."""
    own = written.get((policy.namespace, policy.name))
    if own is None:
        return policy
    return replace(
        policy,
        place=own.place,
        ingress=_rules(policy.ingress, own.ingress),
        egress=_rules(policy.egress, own.egress),
    )


def _rules(rules: tuple[Rule, ...] | None, own: tuple[Rule, ...] | None) -> tuple[Rule, ...] | None:
    if rules is None or own is None or len(rules) != len(own):
        return rules
    return tuple(replace(rule, place=mine.place) for rule, mine in zip(rules, own, strict=True))
