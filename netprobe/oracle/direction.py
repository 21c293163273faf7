"""The decision at one end of a contact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from netprobe.model.decision import Answer, DirectionDecision, PolicyRef, RuleRef
from netprobe.model.policy import Direction, NetworkPolicy
from netprobe.model.topology import Pod
from netprobe.oracle.contact import Contact, title
from netprobe.oracle.isolation import Isolation, rules_of
from netprobe.oracle.near_miss import NearMisses
from netprobe.oracle.peers import Directory
from netprobe.oracle.rules import judge_rule
from netprobe.oracle.wording import only_text, policy_text, rule_text

SHOWN = 3
"""How many isolating policies a reason spells out; the rest are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """What a decision rests on: who isolates whom, and which pods and namespaces selectors mean."""

    isolation: Isolation
    directory: Directory
    near_misses: NearMisses
    _refs: dict[tuple[int, Direction], PolicyRef] = field(default_factory=dict)
    _texts: dict[tuple[str, str, Direction], str] = field(default_factory=dict)

    def decide(self, direction: Direction, contact: Contact) -> DirectionDecision:
        """Decide the end that ``direction`` is about: egress at the source, ingress at the destination.

        A loop must be decided before; a contact with a host that is no pod has no ingress end.
        """
        pod = contact.source if direction is Direction.EGRESS else contact.destination
        assert pod is not None
        policies = self.isolation.of(pod, direction)
        if not policies:
            reason = f"no policy isolates {title(pod)} for {direction.lower()}"
            return DirectionDecision(direction=direction, answer=Answer.ALLOW, reason=reason)
        isolating = tuple(self._ref(policy, direction) for policy in policies)
        remote = contact.remote(direction)
        on_host = next((end for end in (pod, remote) if end is not None and end.host_network), None)
        if on_host is not None:
            return _on_host_network(direction, on_host, isolating)
        decided = self._by_rules(direction, pod, contact, policies)
        return replace(decided, isolating=isolating)

    def _ref(self, policy: NetworkPolicy, direction: Direction) -> PolicyRef:
        key = (id(policy), direction)
        if key not in self._refs:
            text = policy_text(policy, direction)
            self._refs[key] = PolicyRef(namespace=policy.namespace, policy=policy.name, text=text)
        return self._refs[key]

    def _isolated(self, direction: Direction, pod: Pod, policies: tuple[NetworkPolicy, ...]) -> str:
        key = (pod.namespace, pod.name, direction)
        if key not in self._texts:
            self._texts[key] = _isolated(direction, pod, policies)
        return self._texts[key]

    def _by_rules(
        self, direction: Direction, pod: Pod, contact: Contact, policies: tuple[NetworkPolicy, ...]
    ) -> DirectionDecision:
        """OR over all rules of all policies (concept page, "The two sorts of pod isolation")."""
        by_answer: Mapping[Answer, list[RuleRef]] = {answer: [] for answer in Answer}
        for policy, number, answer in self._answers(direction, contact, policies):
            if answer is not Answer.DENY:
                by_answer[answer].append(_rule_ref(policy, direction, number))
        if allowing := by_answer[Answer.ALLOW]:
            return DirectionDecision(
                direction=direction,
                answer=Answer.ALLOW,
                allowing=tuple(allowing),
                reason=_allowed(direction, pod, allowing),
            )
        if open_rules := by_answer[Answer.UNDEFINED]:
            reason = _left_open(direction, contact, open_rules)
            return DirectionDecision(direction=direction, answer=Answer.UNDEFINED, reason=reason)
        reason = self._isolated(direction, pod, policies)
        if contact.own_node:
            return DirectionDecision(direction=direction, answer=Answer.UNDEFINED, reason=reason + _OWN_NODE)
        miss = self.near_misses.find(policies, direction, contact)
        return DirectionDecision(
            direction=direction, answer=Answer.DENY, reason=f"{reason} ({miss})" if miss else reason
        )

    def _answers(
        self, direction: Direction, contact: Contact, policies: tuple[NetworkPolicy, ...]
    ) -> Iterator[tuple[NetworkPolicy, int, Answer]]:
        for policy in policies:
            for number, rule in enumerate(rules_of(policy, direction)):
                answer = judge_rule(rule, direction, policy.namespace, contact, self.directory)
                yield policy, number, answer


_OWN_NODE = (
    "; but the concept page says that traffic to and from the node where a pod runs is always allowed, "
    "so a policy's word about a pod's own node is left open"
)


def _on_host_network(direction: Direction, pod: Pod, isolating: tuple[PolicyRef, ...]) -> DirectionDecision:
    """Concept page, "NetworkPolicy and hostNetwork pods": the behaviour for such pods is undefined."""
    who = ", ".join(ref.policy for ref in isolating)
    reason = (
        f"{who} isolates for {direction.lower()}, but {title(pod)} uses its node's network (hostNetwork), "
        "and the Kubernetes reference leaves open whether policies see such a pod or only its node"
    )
    return DirectionDecision(direction=direction, answer=Answer.UNDEFINED, isolating=isolating, reason=reason)


def _rule_ref(policy: NetworkPolicy, direction: Direction, number: int) -> RuleRef:
    text = rule_text(rules_of(policy, direction)[number], policy.namespace)
    return RuleRef(namespace=policy.namespace, policy=policy.name, rule=number, text=text)


def _allowed(direction: Direction, pod: Pod, allowing: list[RuleRef]) -> str:
    first = allowing[0]
    word = direction.lower()
    more = f" (and {len(allowing) - 1} more admit it)" if len(allowing) > 1 else ""
    return (
        f"{title(pod)} is isolated for {word}, and {first.policy} {word} rule {first.rule + 1} "
        f"admits {first.text}{more}"
    )


def _left_open(direction: Direction, contact: Contact, rules: list[RuleRef]) -> str:
    first = rules[0]
    what = f"{first.policy} {direction.lower()} rule {first.rule + 1} admits {first.text}"
    remote = contact.remote(direction)
    if direction is Direction.EGRESS and contact.virtual is not None:
        return (
            f"{what}, and the Kubernetes reference leaves open whether an ipBlock is held against the "
            f"Service's address {contact.virtual[0]} or against the one behind it, {contact.address}"
        )
    who = title(remote) if remote is not None else contact.address
    return (
        f"only an ipBlock could admit {who}: {what}, and the Kubernetes reference means ipBlocks for "
        "addresses outside the cluster and leaves open what they do to pods"
    )


def _isolated(direction: Direction, pod: Pod, policies: tuple[NetworkPolicy, ...]) -> str:
    word = direction.lower()
    first, *others = policies
    text = f"{first.name} isolates {title(pod)} for {word}; {only_text(first, direction)}"
    for policy in others[: SHOWN - 1]:
        text += f"; {policy.name} isolates it, too; {only_text(policy, direction)}"
    hidden = len(policies) - SHOWN
    if hidden > 0:
        text += f"; so do {hidden} more, and none of their rules admits it"
    return text
