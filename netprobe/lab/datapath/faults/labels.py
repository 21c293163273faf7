"""Faults of labels that change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Profile, timeless


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
)
