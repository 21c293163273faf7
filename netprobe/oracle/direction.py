"""The decision at one end of a contact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from netprobe.model.admin_policy import Tier
from netprobe.model.decision import Answer, DirectionDecision, PolicyRef, RuleRef
from netprobe.model.policy import Direction, NetworkPolicy
from netprobe.model.topology import Pod
from netprobe.oracle.addresses import parse
from netprobe.oracle.contact import Contact, title
from netprobe.oracle.isolation import Isolation, rules_of
from netprobe.oracle.near_miss import NearMisses
from netprobe.oracle.reading import Reading
from netprobe.oracle.rules import Verdicts, any_of, judge_rule
from netprobe.oracle.tier_decision import after_tier
from netprobe.oracle.tiers import Tiers
from netprobe.oracle.wording import only_text, policy_text, rule_text

SHOWN = 3
"""How many isolating policies a reason spells out; the rest are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """What a decision rests on: who isolates whom, how peers are read, and the cluster-wide tiers."""

    isolation: Isolation
    reading: Reading
    near_misses: NearMisses
    tiers: Tiers
    _refs: dict[tuple[int, Direction], PolicyRef] = field(default_factory=dict)
    _texts: dict[tuple[str, str, Direction], str] = field(default_factory=dict)

    def decide(self, direction: Direction, contact: Contact) -> DirectionDecision:
        """Decide the end that ``direction`` is about: egress at the source, ingress at the destination.

        That end must be a pod; a loop must be decided before. Reference, ClusterNetworkPolicy, tier: the
        tiers are asked in the order Admin, NetworkPolicy, Baseline, and "if a given connection wasn't
        allowed or denied by any of the tiers, the default kubernetes policy is applied", which allows it.
        """
        first = self.tiers.walk(Tier.ADMIN, direction, contact)
        if not first.met:
            return self._by_policies(direction, contact)
        if not first.goes_on:
            return after_tier(direction, first, None)
        return after_tier(direction, first, self._by_policies(direction, contact))

    def _by_policies(self, direction: Direction, contact: Contact) -> DirectionDecision:
        pod = contact.end(direction)
        policies = self.isolation.of(pod, direction)
        if not policies:
            return self._by_default(direction, contact)
        isolating = tuple(self._ref(policy, direction) for policy in policies)
        decided = self._by_rules(direction, pod, contact, policies)
        if pod.host_network and decided.answer is not Answer.ALLOW:
            return _on_host_network(direction, pod, isolating)
        return replace(decided, isolating=isolating)

    def _by_default(self, direction: Direction, contact: Contact) -> DirectionDecision:
        """No NetworkPolicy isolates the pod: the baseline decides, else all is allowed."""
        pod = contact.end(direction)
        reason = f"no policy isolates {title(pod)} for {direction.lower()}"
        allowed = DirectionDecision(direction=direction, answer=Answer.ALLOW, reason=reason)
        baseline = self.tiers.walk(Tier.BASELINE, direction, contact)
        if not baseline.met:
            return allowed
        return after_tier(direction, baseline, allowed if baseline.goes_on else None)

    def _ref(self, policy: NetworkPolicy, direction: Direction) -> PolicyRef:
        key = (id(policy), direction)
        if key not in self._refs:
            text = policy_text(policy, direction)
            self._refs[key] = PolicyRef(
                namespace=policy.namespace, policy=policy.name, text=text, place=policy.place
            )
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
        asked = list(self._asked(direction, contact, policies))
        answer = any_of(verdicts for _, _, verdicts in asked).together
        if answer is Answer.ALLOW:
            allowing = [_rule_ref(policy, direction, number) for policy, number in _admitting(asked)]
            return DirectionDecision(
                direction=direction,
                answer=Answer.ALLOW,
                allowing=tuple(allowing),
                reason=_allowed(direction, pod, allowing),
            )
        if answer is Answer.UNDEFINED:
            perhaps = [(policy, number) for policy, number, said in asked if said.admits_perhaps]
            open_rules = [_rule_ref(policy, direction, number) for policy, number in perhaps]
            reason = _left_open(direction, contact, open_rules)
            return DirectionDecision(direction=direction, answer=Answer.UNDEFINED, reason=reason)
        reason = self._isolated(direction, pod, policies)
        if contact.own_node:
            return DirectionDecision(direction=direction, answer=Answer.UNDEFINED, reason=reason + _OWN_NODE)
        miss = self.near_misses.find(policies, direction, contact)
        return DirectionDecision(
            direction=direction,
            answer=Answer.DENY,
            reason=reason + _nearest(miss, direction),
            nearest_miss=miss,
        )

    def _asked(
        self, direction: Direction, contact: Contact, policies: tuple[NetworkPolicy, ...]
    ) -> Iterator[tuple[NetworkPolicy, int, Verdicts]]:
        for policy in policies:
            for number, rule in enumerate(rules_of(policy, direction)):
                yield policy, number, judge_rule(rule, direction, policy.namespace, contact, self.reading)


def _admitting(asked: Iterable[tuple[NetworkPolicy, int, Verdicts]]) -> list[tuple[NetworkPolicy, int]]:
    """The rules that admit a contact: each by itself, or else those that do together."""
    alone = [(policy, number) for policy, number, said in asked if said.together is Answer.ALLOW]
    return alone or [(policy, number) for policy, number, said in asked if said.admits_perhaps]


def _nearest(miss: RuleRef | None, direction: Direction) -> str:
    if miss is None:
        return ""
    return f" (nearest miss: {miss.policy} {direction.lower()} rule {miss.rule + 1} {miss.text})"


_OWN_NODE = (
    "; but the concept page says that traffic to and from the node where a pod runs is always allowed, "
    "so a policy's word about a pod's own node, and about pods on that node's network, is left open"
)


def _on_host_network(direction: Direction, pod: Pod, isolating: tuple[PolicyRef, ...]) -> DirectionDecision:
    """Concept page, "NetworkPolicy and hostNetwork pods".

    A network applies policies to such a pod as to any other, or cannot tell it from its node and ignores
    them: two possibilities, so only what both agree on is certain.
    """
    who = ", ".join(ref.policy for ref in isolating)
    reason = (
        f"{who} isolates for {direction.lower()}, but {title(pod)} uses its node's network (hostNetwork), "
        "and the Kubernetes reference leaves open whether policies see such a pod or only its node"
    )
    return DirectionDecision(direction=direction, answer=Answer.UNDEFINED, isolating=isolating, reason=reason)


def _rule_ref(policy: NetworkPolicy, direction: Direction, number: int) -> RuleRef:
    text = rule_text(rules_of(policy, direction)[number], policy.namespace)
    place = rules_of(policy, direction)[number].place
    return RuleRef(namespace=policy.namespace, policy=policy.name, rule=number, text=text, place=place)


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
    if remote is not None and remote.host_network:
        return (
            f"{what}, but {title(remote)} uses its node's network (hostNetwork), and the Kubernetes "
            "reference leaves open whether selectors see such a pod"
        )
    who = title(remote) if remote is not None else contact.remote_host(direction)
    if parse(contact.remote_address(direction)) is None:
        return f"only an ipBlock could admit {who}, whose address is not known: {what}"
    if direction is Direction.EGRESS and contact.virtual is not None:
        return (
            f"{what}, and the Kubernetes reference leaves open whether an ipBlock is held against the "
            f"Service's address {contact.virtual[0]} or against the one behind it, {contact.address}"
        )
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
