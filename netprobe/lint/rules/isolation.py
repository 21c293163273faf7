"""Pods that nothing isolates, and pods whose isolation is not defined or cuts others off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from netprobe.lint.admin_subjects import denies_everybody, is_subject, rules_towards
from netprobe.lint.bodies import policy_body
from netprobe.lint.dns_access import ASKED
from netprobe.lint.found import Found, entry
from netprobe.lint.remedies import admit_dns, allow_dns, deny_all, freely_named
from netprobe.lint.scene import ALWAYS_THERE, Scene
from netprobe.lint.sites import NOWHERE, key_of, place_of
from netprobe.lint.wording import isolate, local_names, pods_text, verb
from netprobe.lint.yaml_text import to_yaml
from netprobe.model.lint import Fix, Severity
from netprobe.model.place import Place
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Rule
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.isolation import rules_of
from netprobe.oracle.ports import admits_port
from netprobe.oracle.selectors import selects


def no_deny_all(scene: Scene) -> Iterator[Found]:
    """Pods that no policy isolates in a direction.

    Guide, "Deny-all first, allow explicitly" and "if no policy selects a pod, all traffic is allowed".
    A namespace where some pods are isolated and others are not is a warning; one that nobody has begun
    to restrict is an info.
    """
    for namespace in sorted({pod.namespace for pod in scene.pods} - set(ALWAYS_THERE[1:])):
        pods = [pod for pod in scene.at_home(namespace) if not pod.host_network]
        in_both = {d: [p for p in pods if not _is_closed(scene, p, d)] for d in Direction}
        if in_both[Direction.INGRESS] == in_both[Direction.EGRESS] and in_both[Direction.INGRESS]:
            open_pods = in_both[Direction.INGRESS]
            yield _open(scene, namespace, tuple(Direction), open_pods, begun=len(open_pods) < len(pods))
            continue
        for direction, open_pods in in_both.items():
            if open_pods:
                yield _open(scene, namespace, (direction,), open_pods, begun=len(open_pods) < len(pods))


def host_network(scene: Scene) -> Iterator[Found]:
    """A policy that selects pods with hostNetwork, or admits them by their labels.

    Concept page, "NetworkPolicy and hostNetwork pods": the behaviour for them "is undefined"; in the most
    common case they are ignored when matching podSelector and namespaceSelector.
    """
    for policy in scene.policies:
        pods = [pod for pod in scene.selected(policy) if pod.host_network]
        if pods:
            yield Found(
                object=key_of(policy),
                place=place_of(policy),
                path="spec.podSelector",
                message=(
                    f"{policy.name} selects {pods_text(pods)}, which {verb(pods, 'uses', 'use')} "
                    "the network of the node"
                ),
                fix=Fix(advice="take the pod off hostNetwork, or restrict it with the node's own firewall"),
            )
    for site in scene.rules():
        for peer in site.peers():
            meant = scene.meant(peer.peer, site.policy.namespace)
            if meant and all(pod.host_network for pod in meant):
                yield Found(
                    object=site.key,
                    place=peer.place,
                    path=peer.path,
                    message=(
                        f"{site.words} means {pods_text(meant)}, which {verb(meant, 'has', 'have')} "
                        "the address of the node"
                    ),
                    fix=Fix(advice="name the addresses of the nodes in an ipBlock as well"),
                )


def dns_cut(scene: Scene) -> Iterator[Found]:
    """A policy that isolates the DNS pods, where nobody or only some may ask them.

    Guide, "Always allow DNS": that also takes the other end. Concept page, "The two sorts of pod
    isolation": both the source's egress and the destination's ingress must allow a connection.
    """
    for pod in scene.dns.pods:
        isolating = scene.isolating(pod, Direction.INGRESS)
        lacking = [p for p in ASKED if not any(_serves_all(scene, each, pod, p) for each in isolating)]
        if isolating and lacking:
            partly = all(any(_serves(scene, each, pod, p) for each in isolating) for p in lacking)
            where = "to every namespace" if partly else "to anybody"
            found = _cut(scene, isolating, f"and {' and '.join(lacking)} port 53 is not open {where}")
            yield replace(found, severity=Severity.WARNING) if partly else found
            return


def _is_closed(scene: Scene, pod: Pod, direction: Direction) -> bool:
    """Whether a NetworkPolicy isolates the pod, or a cluster-wide one denies it everybody."""
    return bool(scene.isolating(pod, direction)) or any(
        is_subject(scene, policy, pod)
        and any(denies_everybody(rule) for rule in rules_towards(policy, direction))
        for policy in scene.inventory.admin_policies
    )


def _open(
    scene: Scene, namespace: str, directions: Sequence[Direction], pods: Sequence[Pod], *, begun: bool
) -> Found:
    words = " and ".join(each.lower() for each in directions)
    policies = [deny_all(namespace, each) for each in directions]
    if Direction.EGRESS in directions:
        policies.append(allow_dns(namespace, LabelSelector(), scene.dns))
    but = " but DNS" if Direction.EGRESS in directions else ""
    others = ", although other pods there are isolated" if begun else ""
    return Found(
        object=("Namespace", "", namespace),
        place=_place(scene, namespace),
        path=words,
        message=f"no policy isolates {local_names(pods)} in namespace {namespace} for {words}{others}",
        severity=None if begun else Severity.INFO,
        fix=Fix(
            advice=f"deny all {words}{but} in namespace {namespace}, then allow what is needed",
            yaml=to_yaml(*(policy_body(freely_named(each, scene)) for each in policies)),
            adds=True,
        ),
    )


def _place(scene: Scene, namespace: str) -> Place:
    """Where the namespace is declared, else its first policy, else the first thing in it."""
    own = scene.place(("Namespace", "", namespace))
    policy = next((place_of(p) for p in scene.policies if p.namespace == namespace), None)
    inside = (place for (_, home, _), place in scene.inventory.places.items() if home == namespace)
    return own or policy or next(inside, NOWHERE)


def _serves_all(scene: Scene, policy: NetworkPolicy, pod: Pod, protocol: Protocol) -> bool:
    return any(_is_for_all(rule) for rule in _serving(scene, policy, pod, protocol))


def _serves(scene: Scene, policy: NetworkPolicy, pod: Pod, protocol: Protocol) -> bool:
    return any(True for _ in _serving(scene, policy, pod, protocol))


def _serving(scene: Scene, policy: NetworkPolicy, pod: Pod, protocol: Protocol) -> Iterator[Rule]:
    """The ingress rules that admit somebody to the DNS over a protocol."""
    for rule in rules_of(policy, Direction.INGRESS):
        if any(admits_port(rule.ports, number, protocol, pod) for number in scene.dns.ports(protocol)):
            yield rule


def _is_for_all(rule: Rule) -> bool:
    """Whether a rule is about all pods of all namespaces, or a block of addresses (whose are not known)."""
    return not rule.peers or any(
        peer.ip_block is not None
        or (
            peer.namespace_selector is not None
            and selects(peer.namespace_selector, {})
            and _every_pod(peer.pod_selector)
        )
        for peer in rule.peers
    )


def _every_pod(selector: LabelSelector | None) -> bool:
    return selector is None or selector == LabelSelector()


def _cut(scene: Scene, isolating: Sequence[NetworkPolicy], clause: str) -> Found:
    first = isolating[0]
    return Found(
        object=key_of(first),
        place=place_of(first),
        path="spec.podSelector",
        message=(f"{isolate(isolating)} the cluster's DNS ({pods_text(scene.dns.pods)}), {clause}"),
        fix=Fix(
            advice="let every pod ask the DNS",
            yaml=to_yaml(policy_body(freely_named(admit_dns(scene.dns), scene))),
            adds=True,
        ),
    )


RULES = (
    entry(
        no_deny_all,
        "no-deny-all",
        Severity.WARNING,
        "Pods that no policy isolates",
        "A pod that no policy selects is open to everybody (ingress) and may send anywhere "
        "(egress); a deny-all "
        "for the namespace closes what was forgotten.",
    ),
    entry(
        host_network,
        "host-network",
        Severity.WARNING,
        "Policies about pods with hostNetwork",
        "What a policy means for pods that use the network of their node is not defined; most "
        "networks do not see "
        "them as pods at all.",
    ),
    entry(
        dns_cut,
        "dns-pods-isolated",
        Severity.ERROR,
        "A policy that cuts the cluster off from its DNS",
        "When the DNS pods are isolated for ingress and not open on port 53, no pod of the "
        "cluster resolves a name.",
    ),
)
