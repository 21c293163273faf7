"""Faults of labels that change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Profile, timeless
from netprobe.model.topology import Pod


def _pod_labels_frozen() -> Callable[[Picture], Picture]:
    first: dict[str, Mapping[str, str]] = {}

    def remember(picture: Picture) -> Picture:
        for uid in first.keys() - {pod.uid for pod in picture.pods}:
            del first[uid]
        pods = tuple(replace(pod, labels=first.setdefault(pod.uid, pod.labels)) for pod in picture.pods)
        return replace(picture, pods=pods)

    return remember


def _namespace_labels_frozen() -> Callable[[Picture], Picture]:
    first: dict[str, Mapping[str, str]] = {}

    def remember(picture: Picture) -> Picture:
        for name in first.keys() - {namespace.name for namespace in picture.namespaces}:
            del first[name]
        namespaces = tuple(
            replace(one, labels=first.setdefault(one.name, one.labels)) for one in picture.namespaces
        )
        return replace(picture, namespaces=namespaces)

    return remember


def _replaced_pods_keep_labels() -> Callable[[Picture], Picture]:
    """A controller's pods are taken for the first of them, with the labels that it had at last."""
    first: dict[tuple[str, str], str] = {}
    last: dict[tuple[str, str], Mapping[str, str]] = {}

    def remember(picture: Picture) -> Picture:
        def known(pod: Pod) -> Pod:
            key = (pod.namespace, pod.workload)
            if not pod.workload:
                return pod
            if first.setdefault(key, pod.uid) == pod.uid:
                last[key] = pod.labels
            return replace(pod, labels=last[key])

        spaces = {namespace.name for namespace in picture.namespaces}
        for key in [key for key in first if key[0] not in spaces]:
            del first[key], last[key]
        return replace(picture, pods=tuple(map(known, picture.pods)))

    return remember


def _returning_pods_unknown() -> Callable[[Picture], Picture]:
    """A name stands for the address that its first pod had; a later pod is nobody."""
    first: dict[tuple[str, str], str] = {}

    def remember(picture: Picture) -> Picture:
        spaces = {namespace.name for namespace in picture.namespaces}
        for key in [key for key in first if key[0] not in spaces]:
            del first[key]
        pods = tuple(
            pod
            if first.setdefault((pod.namespace, pod.name), pod.uid) == pod.uid
            else replace(pod, labels={})
            for pod in picture.pods
        )
        return replace(picture, pods=pods)

    return remember


LABELS = (
    Profile(
        name="labels-frozen",
        description="A pod keeps the labels that it was first seen with.",
        cites=("kuberouter-pod-label",),
        live=timeless(_pod_labels_frozen),
    ),
    Profile(
        name="namespace-labels-frozen",
        description="A namespace keeps the labels that it was first seen with.",
        cites=("ovn-ns-label-change",),
        live=timeless(_namespace_labels_frozen),
    ),
    Profile(
        name="replaced-pods-keep-labels",
        description="A pod has the labels of the one in whose place it came.",
        cites=("aws-job-stale",),
        live=timeless(_replaced_pods_keep_labels),
    ),
    Profile(
        name="returning-pods-unknown",
        description="No selector means a pod that came back under its name.",
        cites=("antrea-podip-update",),
        live=timeless(_returning_pods_unknown),
    ),
)
