"""What the deviations of a network mean for the policies that its users rely on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from netprobe.audit.misreading import Misreading
from netprobe.audit.usage import UNTIED, USES
from netprobe.model.audit import AffectedPolicy, Audit, Enforcement, Impact
from netprobe.model.inventory import Inventory
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import NetworkPolicy
from netprobe.model.topology import Namespace, Pod
from netprobe.oracle.defects.catalogue import DEFECTS
from netprobe.oracle.defects.defect import Defect
from netprobe.oracle.lookup import is_finished
from netprobe.oracle.selectors import selects
from netprobe.oracle.table.folding import ref_of

RUN_MARK = "netprobe.io/run"
"""The label of namespaces that a run of netprobe made."""

_TIMELY = "which policies it means depends on what changed in the cluster, so none is named"
_DEVIATING = (Enforcement.NOT_ENFORCED, Enforcement.PARTIALLY_ENFORCED)


def impact_of(
    inventory: Inventory, audit: Audit, blocks: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN
) -> Impact | None:
    """Return which of the cluster's policies are not enforced, and what that means; None: all are.

    ``inventory`` is what was there before the audit, ``blocks`` how this network reads ipBlocks.
    """
    if audit.verdict not in _DEVIATING:
        return None
    others = without_runs(inventory)
    if audit.verdict is Enforcement.NOT_ENFORCED:
        return _everything(others, "since no policy has any effect here")
    dead = _dead_nodes(audit)
    defect = DEFECTS.get(audit.suspects[0].name) if audit.suspects else None
    if dead:
        where = ", ".join(dead)
        return _everything(others, f"since nothing is enforced on {where}", nodes=dead)
    if defect is not None:
        return _by_defect(others, defect, blocks)
    return _by_features(others, audit)


def without_runs(inventory: Inventory) -> Inventory:
    """Leave out the namespaces that runs of netprobe made, with all that is in them."""
    topology = inventory.topology
    runs = {each.name for each in topology.namespaces if RUN_MARK in each.labels}

    def is_foreign(each: Pod | NetworkPolicy) -> bool:
        return each.namespace not in runs

    def stays(each: Namespace) -> bool:
        return each.name not in runs

    return replace(
        inventory,
        topology=replace(
            topology,
            namespaces=tuple(filter(stays, topology.namespaces)),
            pods=tuple(filter(is_foreign, topology.pods)),
        ),
        policies=tuple(filter(is_foreign, inventory.policies)),
    )


def _dead_nodes(audit: Audit) -> tuple[str, ...]:
    """The nodes on which nothing is enforced while others are sound."""
    dead = tuple(each.node for each in audit.nodes if each.verdict is Enforcement.NOT_ENFORCED)
    sound = any(each.verdict is Enforcement.ENFORCED for each in audit.nodes)
    return dead if sound else ()


def _selected(policy: NetworkPolicy, pods: Mapping[str, Sequence[Pod]]) -> Iterator[Pod]:
    """The running pods that a policy selects; those on the network of their node are nobody's."""
    return (pod for pod in pods.get(policy.namespace, ()) if selects(policy.pod_selector, pod.labels))


def _pods(inventory: Inventory) -> Mapping[str, Sequence[Pod]]:
    """By namespace, those that policies can isolate.

    Concept page "Network Policies": what a policy does to hostNetwork pods is not defined.
    """
    found: dict[str, list[Pod]] = {}
    for pod in inventory.topology.pods:
        if not is_finished(pod) and not pod.host_network:
            found.setdefault(pod.namespace, []).append(pod)
    return found


def _everything(inventory: Inventory, because: str, nodes: Collection[str] | None = None) -> Impact:
    """Every policy, with the pods (on these nodes) that it selects."""
    pods = _pods(inventory)
    affected = []
    for policy in inventory.policies:
        opened = [pod for pod in _selected(policy, pods) if nodes is None or pod.node in nodes]
        if opened or nodes is None:
            affected.append(_affected(policy, opened))
    return Impact(because=because, present=len(inventory.policies), affected=_sorted(affected))


def _affected(policy: NetworkPolicy, opened: Sequence[Pod]) -> AffectedPolicy:
    refs = tuple(sorted(map(ref_of, opened)))
    return AffectedPolicy(namespace=policy.namespace, name=policy.name, opened=refs)


def _sorted(affected: Sequence[AffectedPolicy]) -> tuple[AffectedPolicy, ...]:
    """Those with most pods first."""
    return tuple(
        sorted(affected, key=lambda each: (-len(each.opened), -len(each.shut), each.namespace, each.name))
    )


def _by_defect(inventory: Inventory, defect: Defect, blocks: IpBlocksMeanPods) -> Impact:
    if not defect.is_about_policies:
        return _everything(inventory, f"since this network {defect.says}")
    misreading = Misreading(inventory, defect, blocks)
    found = [misreading.of(policy) for policy in misreading.misread]
    return Impact(
        because=f"since this network {defect.says}",
        present=len(inventory.policies),
        affected=_sorted([each for each in found if each.opened or each.shut]),
        beyond=tuple(f"{each.namespace}/{each.name}" for each in found if not (each.opened or each.shut)),
    )


def _by_features(inventory: Inventory, audit: Audit) -> Impact:
    """The policies that use what does not work, where no reading of policies explains it."""
    failing = [each for each in audit.features if each.verdict in _DEVIATING]
    telling = [each for each in failing if each.name in USES]
    untied = [each.title for each in failing if each.name in UNTIED]
    pods = _pods(inventory)
    affected = [
        _affected(policy, tuple(_selected(policy, pods)))
        for policy in inventory.policies
        if any(USES[each.name](policy) for each in telling)
    ]
    why = [f"this network {audit.suspects[0].says}"] if audit.suspects else []
    why += [f"they use {', '.join(each.title for each in telling)}"] if telling else []
    return Impact(
        because=f"since {' and '.join(why)}" if why else "",
        present=len(inventory.policies),
        affected=_sorted([each for each in affected if each.opened]),
        notes=(f"{', '.join(untied)}: {_TIMELY}",) if untied and not telling else (),
    )
