"""What may be wrong with a network: the oracle's named defects, and those of memory and of single nodes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netprobe.audit import history
from netprobe.audit.history import Remembers, Spares, latest, no_pod
from netprobe.model.topology import Pod
from netprobe.oracle.defects.catalogue import DEFECTS
from netprobe.oracle.defects.defect import Defect


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """A way in which a network may be broken; ``says`` is about the network, ``cites`` as in oracle.defects.

    ``defect`` misreads policies or skips flows, ``remembers`` takes an older state for the present one,
    ``spares`` enforces nothing on a pod's own behalf.
    """

    name: str
    says: str
    cites: tuple[str, ...]
    defect: Defect | None = None
    remembers: Remembers = latest
    spares: Spares = no_pod


SOUND = Explanation(name="sound", says="enforces policies as they are written", cites=())

_OF_MEMORY = (
    Explanation(
        name="delete-leaks",
        says="keeps policies in force after they are deleted",
        cites=("aws-delete-stale", "antrea-delete-samename", "k3s-rules-survive"),
        remembers=history.deleted_stay,
    ),
    Explanation(
        name="delete-leaves-isolation",
        says="keeps pods isolated after the policy is deleted",
        cites=("ovn-defaultdeny-leak",),
        remembers=history.deleted_leave_isolation,
    ),
    Explanation(
        name="delete-ingress-kills-egress",
        says="shuts egress of pods when one of several policies about their ingress is deleted",
        cites=("aws-del-ingress-kills-egress",),
        remembers=history.deleted_ingress_shuts_egress,
    ),
    Explanation(
        name="updates-ignored",
        says="keeps policies as they were first applied",
        cites=("aws-podselector-stale",),
        remembers=history.first_versions,
    ),
    Explanation(
        name="labels-frozen",
        says="does not notice that labels of running pods change",
        cites=("kuberouter-pod-label",),
        remembers=history.first_labels_of_pods,
    ),
    Explanation(
        name="namespace-labels-frozen",
        says="does not notice that labels of namespaces change",
        cites=("ovn-ns-label-change",),
        remembers=history.first_labels_of_namespaces,
    ),
    Explanation(
        name="new-pods-unknown",
        says="does not know pods that came after the policies",
        cites=("kuberouter-frozen-sets", "kuberouter-drift"),
        remembers=history.new_pods_unknown,
    ),
    Explanation(
        name="union-broken",
        says="looks at one policy only where several have the same podSelector",
        cites=("antrea-span-race",),
        remembers=history.one_policy_for_a_selector,
    ),
    Explanation(
        name="new-pods-open",
        says="does not isolate pods that come after the policies",
        cites=("eks-pod-missing-probes", "kindnet-startup"),
        spares=history.is_new,
    ),
    Explanation(
        name="old-pods-open",
        says="does not isolate pods that were there before the policies",
        cites=("cilium-unmanaged-pods", "wrong-cni-conf-wins"),
        spares=history.is_old,
    ),
)


def explanations(nodes: Iterable[str]) -> tuple[Explanation, ...]:
    """Return all of them; on more than one node also that one enforces nothing."""
    names = list(nodes)
    dead = tuple(_dead_node(name) for name in names) if len(names) > 1 else ()
    return (*_from_oracle(), *_OF_MEMORY, *dead)


def _from_oracle() -> Iterator[Explanation]:
    for defect in DEFECTS.values():
        yield Explanation(name=defect.name, says=defect.says, cites=defect.cites, defect=defect)


def _dead_node(name: str) -> Explanation:
    def runs_there(pod: Pod, _: object) -> bool:
        return pod.node == name

    return Explanation(
        name=f"dead-node ({name})",
        says=f"enforces nothing on the node {name}",
        cites=("k3s-kernel-noipset", "kindnet-wsl2-failopen", "eks-fargate-windows-gpu"),
        spares=runs_there,
    )
