"""Traffic that one end allows and the other end refuses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netprobe.lint.bodies import by_labels, by_name, policy_body
from netprobe.lint.found import Found, entry
from netprobe.lint.remedies import freely_named
from netprobe.lint.scene import Scene
from netprobe.lint.sites import RuleSite, place_of
from netprobe.lint.wording import isolate, listed, pods_text
from netprobe.lint.yaml_text import to_yaml
from netprobe.model.decision import Answer
from netprobe.model.lint import Fix, Related, Severity
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.ports import admits_port
from netprobe.oracle.selectors import selects

_MOST = 400
"""Pairs of pods that one rule is tried for; above that it is about everybody, and nobody's mistake."""

_MOST_FIXES = 5
"""Policies that one fix spells out."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Way:
    """One way that a rule admits: from a pod to a port of another one."""

    source: Pod
    destination: Pod
    port: int
    protocol: Protocol


def refused_by_destination(scene: Scene) -> Iterator[Found]:
    """An egress rule towards pods that are isolated for ingress, with no rule that lets this in.

    Concept page, "The two sorts of pod isolation": "both the egress policy on the source pod and the
    ingress policy on the destination pod need to allow the connection".
    """
    yield from _refused(scene, Direction.EGRESS)


def refused_by_source(scene: Scene) -> Iterator[Found]:
    """An ingress rule from pods that are isolated for egress, with no rule that lets this out.

    Concept page, "The two sorts of pod isolation": both ends need to allow a connection.
    """
    yield from _refused(scene, Direction.INGRESS)


def _refused(scene: Scene, direction: Direction) -> Iterator[Found]:
    other = Direction.INGRESS if direction is Direction.EGRESS else Direction.EGRESS
    for site in scene.rules():
        if site.direction is not direction:
            continue
        by_far_end: dict[tuple[str, str], list[_Way]] = defaultdict(list)
        for way in _ways(scene, site):
            far = _far(way, direction)
            by_far_end[far.namespace, far.name].append(way)
        refused = [ways for ways in by_far_end.values() if all(_denies(scene, way, other) for way in ways)]
        # A rule about a whole namespace is not wrong because one pod there refuses; a narrow one is.
        if refused and (len(refused) == len(by_far_end) or _is_narrow(site)):
            yield from _by_side(scene, site, refused)


def _by_side(scene: Scene, site: RuleSite, refused: Sequence[Sequence[_Way]]) -> Iterator[Found]:
    """One finding about other namespaces, and a milder one about the policy's own."""
    home = site.policy.namespace
    ways = [way for several in refused for way in several]
    for side in (
        [way for way in ways if _far(way, site.direction).namespace != home],
        [way for way in ways if _far(way, site.direction).namespace == home],
    ):
        if side:
            yield _found(scene, site, side)


def _found(scene: Scene, site: RuleSite, ways: Sequence[_Way]) -> Found:
    outward = site.direction is Direction.EGRESS
    other = Direction.INGRESS if outward else Direction.EGRESS
    far = {(p.namespace, p.name): p for p in (_far(way, site.direction) for way in ways)}
    near = {(p.namespace, p.name): p for p in (_near(way, site.direction) for way in ways)}
    ports = sorted({f"{way.protocol} {way.port}" for way in ways})
    isolating = _isolating(scene, list(far.values()), other)
    sentence = (
        f"{pods_text(near.values())} may send to {pods_text(far.values())} on {', '.join(ports)}, "
        f"but no ingress rule there lets it in"
        if outward
        else f"{pods_text(far.values())} may reach {pods_text(near.values())} on {', '.join(ports)}, "
        f"but no egress rule there lets it out"
    )
    by = f" ({isolate(isolating)} for {other.lower()})" if isolating else ""
    homes = sorted({pod.namespace for pod in far.values()})
    at_home = homes == [site.policy.namespace]
    unlike = _unlike(site, list(far.values()))
    mended = [_counterpart(scene, site, each, ways) for each in unlike[:_MOST_FIXES]]
    more = f" (and likewise {len(unlike) - _MOST_FIXES} more)" if len(unlike) > _MOST_FIXES else ""
    return Found(
        object=site.key,
        place=site.place,
        path=f"{site.path} {'at home' if at_home else 'elsewhere'}",
        message=f"{site.words}: {sentence}{by}",
        severity=Severity.INFO if at_home else None,
        fix=Fix(
            advice=f"allow it at the other end, in namespace {listed(homes)}, too{more}",
            yaml=to_yaml(*(policy_body(each) for each in mended)),
            adds=True,
        ),
        related=tuple(
            Related(place=place_of(policy), message=f"{policy.name} isolates for {other.lower()}")
            for policy in isolating
        ),
    )


def _counterpart(scene: Scene, site: RuleSite, far: Pod, ways: Sequence[_Way]) -> NetworkPolicy:
    """Return the policy for the far end that admits what the rule admits at this one."""
    other = Direction.INGRESS if site.direction is Direction.EGRESS else Direction.EGRESS
    home = site.policy.namespace
    peer = Peer(
        namespace_selector=None if far.namespace == home else by_name(home),
        pod_selector=site.policy.pod_selector,
    )
    selector = _selector_of(site, far)
    mine = [way for way in ways if _is_like(_far(way, site.direction), far, selector)]
    ports = sorted({(way.protocol, way.port) for way in mine})
    rule = Rule(peers=(peer,), ports=tuple(PolicyPort(protocol=p, port=n) for p, n in ports))
    word = "from" if other is Direction.INGRESS else "to"
    policy = NetworkPolicy(
        namespace=far.namespace,
        name=f"allow-{word}-{site.policy.name}",
        pod_selector=selector,
        policy_types=frozenset((other,)),
        ingress=(rule,) if other is Direction.INGRESS else None,
        egress=(rule,) if other is Direction.EGRESS else None,
    )
    return freely_named(policy, scene)


def _is_like(pod: Pod, other: Pod, selector: LabelSelector) -> bool:
    return pod.namespace == other.namespace and selects(selector, pod.labels)


def _selector_of(site: RuleSite, far: Pod) -> LabelSelector:
    """The selector by which the rule itself means the pod, else the pod's labels."""
    for peer in site.rule.peers or ():
        selector = peer.pod_selector
        plain = selector is not None and selector.match_labels and not selector.match_expressions
        if plain and selector is not None and selector.match_labels.items() <= far.labels.items():
            return selector
    return by_labels(far.labels)


def _unlike(site: RuleSite, pods: Sequence[Pod]) -> list[Pod]:
    """One pod for each namespace and selector that needs a policy of its own."""
    found: dict[object, Pod] = {}
    for pod in pods:
        selector = _selector_of(site, pod)
        found.setdefault((pod.namespace, frozenset(selector.match_labels.items())), pod)
    return list(found.values())


def _ways(scene: Scene, site: RuleSite) -> Iterator[_Way]:
    """What a rule with selectors admits between pods that are known."""
    near = [pod for pod in scene.selected(site.policy) if not pod.host_network]
    peers = [peer for peer in site.rule.peers or () if peer.ip_block is None]
    meant = {(p.namespace, p.name): p for peer in peers for p in scene.meant(peer, site.policy.namespace)}
    far = [pod for pod in meant.values() if scene.is_known(pod) and not pod.host_network]
    if len(near) * len(far) > _MOST:
        return
    for one in near:
        for other in far:
            source, destination = (one, other) if site.direction is Direction.EGRESS else (other, one)
            if one is not other:
                for port, protocol in _ports(site, destination):
                    yield _Way(source=source, destination=destination, port=port, protocol=protocol)


def _ports(site: RuleSite, destination: Pod) -> Iterator[tuple[int, Protocol]]:
    """The ports of a pod that a rule admits: declared ones, and numbers that the rule itself names."""
    named = [(p.port, p.protocol) for p in site.rule.ports or () if isinstance(p.port, int)]
    declared = [(port.number, port.protocol) for port in destination.ports]
    candidates = declared or named
    for number, protocol in dict.fromkeys(candidates):
        if admits_port(site.rule.ports, number, protocol, destination):
            yield number, protocol


def _denies(scene: Scene, way: _Way, end: Direction) -> bool:
    return scene.answer(end, way.source, way.destination, way.port, way.protocol) is Answer.DENY


def _far(way: _Way, direction: Direction) -> Pod:
    return way.destination if direction is Direction.EGRESS else way.source


def _near(way: _Way, direction: Direction) -> Pod:
    return way.source if direction is Direction.EGRESS else way.destination


def _is_narrow(site: RuleSite) -> bool:
    return all(peer.pod_selector not in (None, LabelSelector()) for peer in site.rule.peers or ())


def _isolating(scene: Scene, pods: Sequence[Pod], direction: Direction) -> list[NetworkPolicy]:
    found = {id(policy): policy for pod in pods for policy in scene.isolating(pod, direction)}
    return list(found.values())


RULES = (
    entry(
        refused_by_destination,
        "refused-by-destination",
        Severity.WARNING,
        "Egress is allowed, and the destination refuses it",
        "A connection needs both ends: the egress of the source and the ingress of the "
        "destination. Allowed at one "
        "end only, it is dropped.",
    ),
    entry(
        refused_by_source,
        "refused-by-source",
        Severity.WARNING,
        "Ingress is allowed, and the source may not send",
        "A connection needs both ends: the egress of the source and the ingress of the "
        "destination. Allowed at one "
        "end only, it is dropped.",
    ),
)
