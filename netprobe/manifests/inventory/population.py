"""The pods of an inventory: those that were written, and those that controllers will make."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from netprobe.manifests.inventory.records import Maker, Owner, WrittenPod
from netprobe.model.topology import Node, Pod

MOST = 1000
"""Pods that one controller makes here: the policies say the same of every further one."""

_HASH = "pod-template-hash"
_FINISHED = ("Succeeded", "Failed")

Group = tuple[str, str]
"""Namespace and workload."""


class Population:
    """Puts pods into workloads, with indices and names that are unique."""

    def __init__(self, pods: Iterable[WrittenPod], makers: Iterable[Maker], nodes: Iterable[Node]) -> None:
        """``nodes`` are those that a DaemonSet has its pods on."""
        self._makers = {(maker.kind, maker.namespace, maker.name): maker for maker in makers}
        self._written = [pod for pod in pods if not pod.terminating]
        self._nodes = tuple(nodes)

    def pods(self) -> tuple[Pod, ...]:
        """Return all pods, workload by workload in the order of names.

        Within a workload the written ones come by age, then those to be made; finished pods (an evicted one
        stays as Failed beside its replacement) come last, so that they push no replica to another index.
        """
        groups: dict[Group, list[Pod]] = defaultdict(list)
        made_by: set[tuple[str, str, str]] = set()
        for written in sorted(self._written, key=_age):
            kind, name = self._workload(written)
            # A CronJob whose pods have all ended will make more; a Job will not.
            if kind == "Job" or not _is_finished(written.pod):
                made_by.add((kind, written.pod.namespace, name))
            groups[(written.pod.namespace, name)].append(written.pod)
        taken = {(written.pod.namespace, written.pod.name) for written in self._written}
        for maker in self._first_the_named():
            if not self._is_seen(maker, made_by):
                group = groups[(maker.namespace, self._name_of(maker))]
                group.extend(self._made(maker, taken))
        return tuple(pod for key in sorted(groups) for pod in _counted(groups[key], key[1]))

    def _first_the_named(self) -> list[Maker]:
        """StatefulSets first, whose pods have names that cannot be chosen."""
        return sorted(self._makers.values(), key=lambda maker: maker.kind != "StatefulSet")

    def _workload(self, written: WrittenPod) -> tuple[str, str]:
        """Return the kind and name of the controller that stands behind the pod, or the pod's own."""
        owner = written.owner
        if owner is None or owner.kind == "Node":  # a static pod is shown as owned by its node
            return "Pod", written.pod.name
        suffix = "-" + written.pod.labels.get(_HASH, "")
        if owner.kind == "ReplicaSet" and len(suffix) > 1 and owner.name.endswith(suffix):
            return "Deployment", owner.name.removesuffix(suffix)
        return self._top(owner, written.pod.namespace)

    def _top(self, owner: Owner, namespace: str) -> tuple[str, str]:
        """Follow the owner to the controller above it, where the input holds it."""
        maker = self._makers.get((owner.kind, namespace, owner.name))
        if maker is not None and maker.owner is not None:
            return maker.owner.kind, maker.owner.name
        head, _, minute = owner.name.rpartition("-")
        if owner.kind == "Job" and minute.isdecimal() and ("CronJob", namespace, head) in self._makers:
            return "CronJob", head
        return owner.kind, owner.name

    def _name_of(self, maker: Maker) -> str:
        return maker.owner.name if maker.owner is not None else maker.name

    def _is_seen(self, maker: Maker, made_by: set[tuple[str, str, str]]) -> bool:
        """Whether the pods of the controller need not be made: they, or a controller above, are there."""
        if maker.owner is None:
            return (maker.kind, maker.namespace, maker.name) in made_by
        above = (maker.owner.kind, maker.namespace, maker.owner.name)
        # One without replicas, under another controller, is an old revision.
        return above in made_by or above in self._makers or maker.replicas == 0

    def _made(self, maker: Maker, taken: set[Group]) -> Iterator[Pod]:
        nodes = [node.name for node in self._nodes] if maker.kind == "DaemonSet" else []
        wanted = len(nodes) if maker.replicas is None else maker.replicas
        number = maker.first
        for index in range(min(max(wanted, 1), MOST)):
            while (maker.namespace, f"{maker.name}-{number}") in taken:
                number += 1
            name = f"{maker.name}-{number}"
            taken.add((maker.namespace, name))
            template = maker.template
            yield Pod(
                namespace=maker.namespace,
                name=name,
                labels={**template.labels, **_numbered(maker, name, number)},
                ports=template.ports,
                node=nodes[index] if nodes else template.node,
                host_network=template.host_network,
            )


def _numbered(maker: Maker, name: str, number: int) -> Mapping[str, str]:
    """The labels that a StatefulSet gives each of its pods (StatefulSet concept page, pod name label)."""
    if maker.kind != "StatefulSet":
        return {}
    return {"statefulset.kubernetes.io/pod-name": name, "apps.kubernetes.io/pod-index": str(number)}


def _age(written: WrittenPod) -> tuple[str, str]:
    return written.created, written.pod.name


def _is_finished(pod: Pod) -> bool:
    return pod.phase in _FINISHED


def _counted(pods: list[Pod], workload: str) -> Iterator[Pod]:
    for index, pod in enumerate(sorted(pods, key=_is_finished)):
        yield replace(pod, workload=workload, index=index, siblings=len(pods) - 1)
