"""Selectors that select nothing."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.lint.covering import is_impossible
from netprobe.lint.found import Found, entry
from netprobe.lint.scene import Scene
from netprobe.lint.similar import hint, mended, selector_fix
from netprobe.lint.sites import key_of, place_of
from netprobe.lint.wording import pods_text
from netprobe.model.lint import Fix, Severity
from netprobe.model.policy import Peer
from netprobe.oracle.wording import peer_text


def policy_selects_nothing(scene: Scene) -> Iterator[Found]:
    """A podSelector that selects none of the namespace's pods.

    Reference: NetworkPolicySpec, podSelector: it "selects the pods to which this NetworkPolicy object
    applies", in the policy's own namespace.
    """
    for policy in scene.policies:
        at_home = scene.at_home(policy.namespace)
        if not at_home or scene.selected(policy) or is_impossible(policy.pod_selector):
            continue
        labels = [pod.labels for pod in at_home]
        near = mended(policy.pod_selector, labels)
        question = hint(policy.pod_selector, labels)
        asked = peer_text(Peer(pod_selector=policy.pod_selector), policy.namespace)
        yield Found(
            object=key_of(policy),
            place=place_of(policy),
            path="spec.podSelector",
            message=(
                f"podSelector selects no pod of namespace {policy.namespace}: there are no {asked}"
                + (f"; {question}" if question else f" (there are {pods_text(at_home)})")
            ),
            fix=selector_fix("podSelector", near)
            or Fix(advice="select by labels that the pods have, or delete the policy"),
        )


def impossible_selector(scene: Scene) -> Iterator[Found]:
    """A selector whose requirements contradict each other.

    Reference: LabelSelector: the requirements of matchLabels and matchExpressions "are ANDed".
    """
    for policy in scene.policies:
        if is_impossible(policy.pod_selector):
            yield Found(
                object=key_of(policy),
                place=place_of(policy),
                path="spec.podSelector",
                message="podSelector contradicts itself, so that it can never select a pod",
                fix=Fix(advice="leave out one of the requirements that exclude each other"),
            )
    for site in scene.peers():
        for key, selector in (
            ("podSelector", site.peer.pod_selector),
            ("namespaceSelector", site.peer.namespace_selector),
        ):
            if selector is not None and is_impossible(selector):
                yield Found(
                    object=site.at.key,
                    place=site.place,
                    path=f"{site.path}.{key}",
                    message=f"{key} in {site.at.words} contradicts itself, so that it can never match",
                    fix=Fix(advice="leave out one of the requirements that exclude each other"),
                )


RULES = (
    entry(
        policy_selects_nothing,
        "policy-selects-nothing",
        Severity.WARNING,
        "A policy that selects no pod",
        "A policy whose podSelector matches no pod of its namespace protects nobody: the pods "
        "that were meant "
        "stay as open as they were.",
    ),
    entry(
        impossible_selector,
        "impossible-selector",
        Severity.ERROR,
        "A selector that contradicts itself",
        "All requirements of a selector must hold at once; these cannot, so nothing is ever selected.",
    ),
)
