"""Faults of some pods: which ones an agent takes care of, and from when on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from netprobe.lab.datapath.faults.rewriting import each_policy, relabelled, sparing
from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Life, Profile, Sight, timeless
from netprobe.lab.datapath.rules import NodeRules
from netprobe.lab.datapath.selectors import selects
from netprobe.model.policy import LabelSelector, NetworkPolicy
from netprobe.model.topology import Pod

WINDOW_SECONDS = 3.0
MOMENT_SECONDS = 0.2
_TAKEN = "(policy)"
"""A label that no object of a cluster can have."""


def _by_age(*, spared: bool) -> Callable[[], Callable[[Picture], Picture]]:
    """A memory of the pods that were there before their namespace had its first policy.

    ``spared`` true spares those, false all others.
    """

    def begin() -> Callable[[Picture], Picture]:
        awake: set[str] = set()
        old: set[str] = set()

        def remember(picture: Picture) -> Picture:
            awake.intersection_update(namespace.name for namespace in picture.namespaces)
            awake.update(policy.namespace for policy in picture.policies)
            uids = {pod.uid for pod in picture.pods}
            old.intersection_update(uids)
            old.update(pod.uid for pod in picture.pods if pod.namespace not in awake)
            return sparing(picture, old if spared else uids - old)

        return remember

    return begin


def _window_of(seconds: float) -> Callable[[], Life]:
    """A pod with an address is spared for a while after it was first seen."""

    def begin() -> Life:
        since: dict[str, float] = {}

        def look(picture: Picture, now: float) -> Sight:
            seen = {pod.uid for pod in picture.pods if pod.ips}
            for uid in since.keys() - seen:
                del since[uid]
            for uid in seen:
                since.setdefault(uid, now)
            young = {uid: start + seconds for uid, start in since.items() if start + seconds > now}
            return Sight(picture=sparing(picture, young), again=min(young.values(), default=None))

        return look

    return begin


def _unguarded(rules: NodeRules, picture: Picture) -> NodeRules:
    """A pod that the rules do not know yet is open."""
    del picture
    return replace(rules, guarded="")


def _one_policy_per_pod(picture: Picture) -> Picture:
    """Of the policies that select a pod, the first by name counts."""

    def label(pod: Pod) -> dict[str, str]:
        names = [
            policy.name
            for policy in picture.policies
            if policy.namespace == pod.namespace and selects(policy.pod_selector, pod.labels)
        ]
        return {_TAKEN: min(names)} if names else {}

    def only_own(policy: NetworkPolicy) -> Iterable[NetworkPolicy]:
        selector = policy.pod_selector
        labels = {**selector.match_labels, _TAKEN: policy.name}
        yield replace(policy, pod_selector=replace(selector, match_labels=labels))

    return each_policy(only_own)(relabelled(picture, label))


def _bare_pods_spared(picture: Picture) -> Picture:
    return sparing(picture, {pod.uid for pod in picture.pods if not pod.workload})


def _namesakes_share_policies(picture: Picture) -> Picture:
    """A pod is known by its name without the last part and by its namespace, joined by a dash."""
    alike: dict[str, list[Pod]] = defaultdict(list)
    for pod in picture.pods:
        alike[f"{pod.name.rpartition('-')[0]}-{pod.namespace}"].append(pod)
    shared = [
        replace(policy, namespace=other.namespace, pod_selector=LabelSelector(match_labels=other.labels))
        for pods in alike.values()
        if len(pods) > 1
        for pod in pods
        for other in pods
        if other.namespace != pod.namespace
        for policy in picture.policies
        if policy.namespace == pod.namespace and selects(policy.pod_selector, pod.labels)
    ]
    return replace(picture, policies=(*picture.policies, *shared))


PODS = (
    Profile(
        name="old-pods-open",
        description="Pods from before the first policy of their namespace stay open.",
        cites=("cilium-unmanaged-pods", "wrong-cni-conf-wins"),
        live=timeless(_by_age(spared=True)),
    ),
    Profile(
        name="new-pods-open",
        description="Pods from after the first policy of their namespace are open.",
        cites=("kuberouter-frozen-sets", "eks-pod-missing-probes"),
        live=timeless(_by_age(spared=False)),
        enforce=_unguarded,
    ),
    Profile(
        name="startup-window",
        description=f"A new pod is open for {WINDOW_SECONDS:g} s.",
        cites=("kuberouter-startup-race", "aws-standard-race", "kindnet-startup"),
        live=_window_of(WINDOW_SECONDS),
        enforce=_unguarded,
    ),
    Profile(
        name="first-moments-open",
        description=f"A new pod is open until {MOMENT_SECONDS:g} s after its address is known.",
        cites=("kindnet-startup", "aws-standard-race"),
        live=_window_of(MOMENT_SECONDS),
        enforce=_unguarded,
    ),
    Profile(
        name="bare-pods-open",
        description="Pods that no controller owns are open.",
        cites=("eks-standalone-pod",),
        see=_bare_pods_spared,
    ),
    Profile(
        name="namesakes-share-policies",
        description="Pods are one where name and namespace, joined, read the same.",
        cites=("aws-podid-collision",),
        see=_namesakes_share_policies,
    ),
    Profile(
        name="union-broken",
        description="Of the policies that select a pod, the first by name counts.",
        cites=("antrea-two-egress", "antrea-span-race"),
        see=_one_policy_per_pod,
    ),
)
