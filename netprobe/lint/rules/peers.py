"""Peers that mean nobody, or somebody else than was meant."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.lint.bodies import NAME_LABEL, by_name, peer_body
from netprobe.lint.covering import is_impossible
from netprobe.lint.found import Found, entry
from netprobe.lint.rules.and_or import split_pairs
from netprobe.lint.scene import Scene
from netprobe.lint.similar import hint, mended, selector_fix
from netprobe.lint.sites import PeerSite
from netprobe.lint.wording import listed, pods_text
from netprobe.lint.yaml_text import list_yaml
from netprobe.model.lint import Fix, Severity
from netprobe.model.policy import LabelSelector, Peer
from netprobe.oracle.selectors import selects
from netprobe.oracle.wording import peer_text


def unmatched_namespace(scene: Scene) -> Iterator[Found]:
    """A namespaceSelector that no namespace has the labels for.

    Guide, "Label namespaces for selector targeting". Labels reference: every namespace has the label
    kubernetes.io/metadata.name with its name, and no other by itself.
    """
    if not scene.pods and not scene.declared:
        return
    namespaces = scene.namespaces
    for site in scene.peers():
        selector = site.peer.namespace_selector
        if selector is None or is_impossible(selector):
            continue
        if any(selects(selector, labels) for labels in namespaces.values()):
            continue
        named = sorted(set(selector.match_labels.values()) & set(namespaces))
        near = _by_name(site.peer, named[0]) if named else _near_peer(site.peer, scene)
        # The labels of a namespace that the input does not declare are not known.
        certain = near is not None and (not named or named[0] in scene.declared)
        asked = peer_text(Peer(namespace_selector=selector), "").removeprefix("every pod in ")
        yield Found(
            object=site.at.key,
            place=site.place,
            path=f"{site.path}.namespaceSelector",
            message=f"{site.at.words}: there are no {asked}" + _explanation(selector, named, scene),
            severity=None if certain else Severity.INFO,
            fix=Fix(
                advice=f"select namespace {named[0]} by the label that it has"
                if named
                else "select by labels that the namespace has"
                if near is not None
                else f"label the namespace that is meant, or select it by {NAME_LABEL}",
                yaml=list_yaml(site.at.peers_key, [peer_body(near)]) if near is not None else "",
            ),
        )


def peer_selects_nothing(scene: Scene) -> Iterator[Found]:
    """A peer whose namespaces are there, with pods, none of which its podSelector selects.

    Reference: NetworkPolicyPeer, podSelector: with a namespaceSelector it selects "the Pods matching
    podSelector in the Namespaces selected by NamespaceSelector", else those in the policy's own namespace.
    """
    others = {id(site.peer) for site, _ in _elsewhere(scene)}
    for site in scene.peers():
        peer, home = site.peer, site.at.policy.namespace
        if peer.pod_selector is None or id(peer) in others or scene.meant(peer, home):
            continue
        around = [p for p in scene.everyone if scene.directory.means_namespace(peer, home, p)]
        if not any(scene.is_known(pod) for pod in around) or is_impossible(peer.pod_selector):
            continue
        labels = [pod.labels for pod in around]
        near, question = mended(peer.pod_selector, labels), hint(peer.pod_selector, labels)
        where = listed(sorted({pod.namespace for pod in around}))
        # Of a namespaceSelector, the input may not hold every namespace or pod.
        doubtful = peer.namespace_selector is not None and not question
        yield Found(
            object=site.at.key,
            place=site.place,
            path=f"{site.path}.podSelector",
            message=(
                f"{site.at.words}: there are no {peer_text(Peer(pod_selector=peer.pod_selector), home)} "
                f"in namespace {where}" + (f"; {question}" if question else "")
            ),
            severity=Severity.INFO if doubtful else None,
            fix=selector_fix("podSelector", near)
            or Fix(advice="select by labels that the pods have, or leave this entry out"),
        )


def other_namespace(scene: Scene) -> Iterator[Found]:
    """A podSelector that means nobody at home, though pods of another namespace have these labels.

    Guide, "Use namespace selectors for cross-namespace rules". Reference: NetworkPolicyPeer,
    podSelector: without a namespaceSelector it means pods "in the policy's own namespace".
    """
    split = {id(site.peer) for pair in split_pairs(scene) for site in pair}
    for site, homes in _elsewhere(scene):
        if id(site.peer) in split:
            continue
        home = site.at.policy.namespace
        selector = site.peer.pod_selector or LabelSelector()
        meant = [pod for pod in scene.everyone if selects(selector, pod.labels)]
        peer = Peer(namespace_selector=by_name(homes[0]), pod_selector=selector)
        yield Found(
            object=site.at.key,
            place=site.place,
            path=site.path,
            message=(
                f"{site.at.words} means {peer_text(site.peer, home)} of namespace {home} "
                "itself, where there are "
                f"none; {pods_text(meant)} would fit, but an entry without namespaceSelector "
                f"never leaves {home}"
            ),
            fix=Fix(
                advice=f"name the namespace {homes[0]} in the same entry",
                yaml=list_yaml(site.at.peers_key, [peer_body(peer)]),
            ),
        )


def _elsewhere(scene: Scene) -> Iterator[tuple[PeerSite, list[str]]]:
    """Peers with only a podSelector that fits nobody at home, and the namespaces where it fits somebody."""
    for site in scene.peers():
        peer, home = site.peer, site.at.policy.namespace
        if peer.pod_selector is None or peer.namespace_selector is not None or scene.meant(peer, home):
            continue
        labelled = peer.pod_selector.match_labels or peer.pod_selector.match_expressions
        homes = sorted({p.namespace for p in scene.everyone if selects(peer.pod_selector, p.labels)})
        if labelled and homes and _is_known(scene, home, homes):
            yield site, homes


def _is_known(scene: Scene, home: str, homes: list[str]) -> bool:
    """Whether it is certain that nobody at home is meant: its pods are known, or the DNS is meant."""
    return bool(scene.at_home(home)) or homes == [scene.dns.namespace]


def _by_name(peer: Peer, namespace: str) -> Peer:
    return Peer(namespace_selector=by_name(namespace), pod_selector=peer.pod_selector)


def _near_peer(peer: Peer, scene: Scene) -> Peer | None:
    near = mended(peer.namespace_selector or LabelSelector(), scene.namespaces.values())
    return None if near is None else Peer(namespace_selector=near, pod_selector=peer.pod_selector)


def _explanation(selector: LabelSelector, named: list[str], scene: Scene) -> str:
    if named:
        labels = scene.namespaces[named[0]]
        own = listed(f"{key}={value}" for key, value in labels.items())
        return f"; namespace {named[0]} has only {own}"
    question = hint(selector, scene.namespaces.values())
    return f"; {question}" if question else ""


RULES = (
    entry(
        unmatched_namespace,
        "namespace-selector-unmatched",
        Severity.WARNING,
        "A namespaceSelector that no namespace matches",
        "A namespaceSelector looks at the labels of Namespace objects, not at their names; a "
        "namespace has only the "
        "labels it was given, and kubernetes.io/metadata.name.",
    ),
    entry(
        peer_selects_nothing,
        "peer-selects-nothing",
        Severity.WARNING,
        "A podSelector in a rule that no pod matches",
        "An entry that means no pod admits nobody, so the traffic that was to be allowed is dropped.",
    ),
    entry(
        other_namespace,
        "namespace-selector-missing",
        Severity.WARNING,
        "A podSelector that means pods of another namespace",
        "A podSelector without a namespaceSelector beside it means pods of the policy's own namespace only.",
    ),
)
