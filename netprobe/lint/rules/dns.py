"""Egress that is restricted, and the DNS that is forgotten."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from netprobe.lint.bodies import policy_body, rule_body
from netprobe.lint.dns_access import ASKED, dns_rules, may_ask, names_dns_port
from netprobe.lint.found import Found, entry
from netprobe.lint.remedies import allow_dns, dns_ports, freely_named
from netprobe.lint.scene import Scene
from netprobe.lint.selecting import either
from netprobe.lint.sites import RuleSite, key_of, place_of
from netprobe.lint.subjects import subjects
from netprobe.lint.wording import listed, local_names, policies_text
from netprobe.lint.yaml_text import list_yaml, to_yaml
from netprobe.model.lint import Fix, Related, Severity
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Rule
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.isolation import rules_of


def no_dns(scene: Scene) -> Iterator[Found]:
    """Pods that may send somewhere, and may not ask the DNS.

    Guide, "Pods can't resolve DNS after deny-all egress" and "Always allow DNS when restricting
    egress". Concept page, "The two sorts of pod isolation": a pod that is isolated for egress reaches
    only what a policy allows.
    """
    for namespace, pods in _without_dns(scene, "no-dns", sending=True).items():
        yield _missing(scene, namespace, pods, "no policy lets them ask the cluster's DNS")


def deny_all_dns(scene: Scene) -> Iterator[Found]:
    """Pods that may send nothing at all, names included.

    Guide, "Deny All (Default Stance)" and "Allow DNS Egress (Essential)".
    """
    for namespace, pods in _without_dns(scene, "no-egress", sending=False).items():
        yield _missing(scene, namespace, pods, "they may send nothing at all, and resolve no name")


def one_protocol(scene: Scene) -> Iterator[Found]:
    """Pods that may ask the DNS by UDP only, or by TCP only.

    Guide, "Allow DNS Egress (Essential)": UDP and TCP 53. Reference: NetworkPolicyPort, protocol: "If
    not specified, this field defaults to TCP."
    """
    told: set[int] = set()
    for pod in subjects(scene):
        able = [protocol for protocol in ASKED if may_ask(scene, pod, protocol)]
        if len(able) != 1:
            continue
        for site in dns_rules(scene, pod, able[0]):
            if names_dns_port(scene, site.rule) and id(site.rule) not in told:
                told.add(id(site.rule))
                yield _half(scene, site, able[0])


def _without_dns(scene: Scene, rule: str, *, sending: bool) -> Mapping[str, list[Pod]]:
    """The pods by namespace that may not ask the DNS by any protocol, and may send something or not."""
    found: dict[str, list[Pod]] = defaultdict(list)
    for pod in subjects(scene):
        isolating = scene.isolating(pod, Direction.EGRESS)
        sends = any(rules_of(policy, Direction.EGRESS) for policy in isolating)
        ignored = any(scene.ignores(key_of(policy), rule) for policy in isolating)
        if sends is sending and not ignored and not any(may_ask(scene, pod, each) for each in ASKED):
            found[pod.namespace].append(pod)
    return found


def _missing(scene: Scene, namespace: str, pods: Sequence[Pod], clause: str) -> Found:
    policies = _policies_of(scene, pods)
    who = f"{local_names(pods)} in namespace {namespace}: isolated for egress"
    return Found(
        object=key_of(policies[0]),
        place=place_of(policies[0]),
        path="spec.egress",
        message=f"{who} by {policies_text(policies)}; {clause}",
        fix=Fix(
            advice=f"allow DNS over UDP and TCP in namespace {namespace}",
            yaml=to_yaml(
                *(
                    policy_body(freely_named(each, scene))
                    for each in _remedies(scene, namespace, pods, policies)
                )
            ),
            adds=True,
        ),
        related=tuple(
            Related(place=place_of(policy), message=f"{policy.name} isolates for egress, too")
            for policy in policies[1:]
        ),
    )


def _policies_of(scene: Scene, pods: Sequence[Pod]) -> list[NetworkPolicy]:
    """The policies that isolate the pods for egress, in the order of the input."""
    found = {id(policy): policy for pod in pods for policy in scene.isolating(pod, Direction.EGRESS)}
    return [policy for policy in scene.policies if id(policy) in found]


def _remedies(
    scene: Scene, namespace: str, pods: Sequence[Pod], policies: Sequence[NetworkPolicy]
) -> list[NetworkPolicy]:
    """One allow-dns for the namespace if all its pods are isolated anyway, else one for each selector.

    An empty podSelector would isolate pods that no policy isolates now.
    """
    at_home = scene.at_home(namespace)
    selectors: dict[str, LabelSelector] = {}
    for policy in policies:
        if policy.pod_selector not in selectors.values():
            selectors[policy.name] = policy.pod_selector
    every = at_home and all(scene.isolating(pod, Direction.EGRESS) for pod in at_home)
    if len(selectors) > 1 and every and len(pods) == len(at_home):
        return [allow_dns(namespace, LabelSelector(), scene.dns)]
    together = either(tuple(selectors.values()))
    if together is not None:
        return [allow_dns(namespace, together, scene.dns)]
    return [allow_dns(namespace, each, scene.dns, name=name) for name, each in selectors.items()]


def _half(scene: Scene, site: RuleSite, able: Protocol) -> Found:
    other = Protocol.TCP if able is Protocol.UDP else Protocol.UDP
    lacks = sorted(scene.dns.ports(other))
    default = "; a port without protocol is TCP" if able is Protocol.TCP else ""
    more = tuple(port for port in dns_ports(scene.dns) if port.protocol is other)
    mended = Rule(peers=site.rule.peers, ports=(*(site.rule.ports or ()), *more))
    return Found(
        object=site.key,
        place=site.place,
        path=f"{site.path}.ports",
        message=(
            f"{site.words} lets pods ask the DNS by {able} only, "
            f"not by {other} {listed(map(str, lacks))}{default}"
        ),
        fix=Fix(
            advice="admit both protocols",
            yaml=list_yaml(site.direction.lower(), [rule_body(mended, site.direction)]),
        ),
    )


RULES = (
    entry(
        no_dns,
        "no-dns",
        Severity.WARNING,
        "Egress is restricted and DNS is forgotten",
        "A pod that is isolated for egress resolves no name unless a policy allows port 53 to "
        "the DNS pods, so "
        "every connection by name fails before it begins.",
    ),
    entry(
        deny_all_dns,
        "no-egress",
        Severity.INFO,
        "Nothing may leave, names included",
        "An egress deny-all blocks DNS as well; as soon as these pods are to reach anything by name, "
        "they need an allow-dns policy first.",
    ),
    entry(
        one_protocol,
        "dns-one-protocol",
        Severity.WARNING,
        "DNS over one protocol only",
        "Resolvers ask by UDP and repeat by TCP when an answer does not fit into a datagram; "
        "with one of the two "
        "missing, some names fail, or all do.",
    ),
)
