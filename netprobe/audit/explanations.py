"""What may be wrong with a network: the oracle's named defects, and those of memory and of single nodes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from netprobe.audit import crossings, history
from netprobe.audit.board.pods import PODS
from netprobe.audit.crossings import Cuts, nothing
from netprobe.audit.history import History, Remembers, Spares, latest, no_pod
from netprobe.model.topology import Pod
from netprobe.oracle.defects.catalogue import DEFECTS
from netprobe.oracle.defects.defect import Defect, Reads
from netprobe.oracle.defects.rewriting import by_peer


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """A way in which a network may be broken; ``says`` is about the network, ``cites`` as in oracle.defects.

    ``defect`` misreads policies or skips flows, ``remembers`` takes an older state for the present one,
    ``spares`` enforces nothing on a pod's own behalf, ``mutes`` lacks all that admits on it. ``cuts``
    are flows that never get through, ``passes`` flows that always do; between nodes, ingress rules are
    read as ``abroad`` says. ``worked_on`` is a node that must have enforced at first, or this does not
    explain what came.
    """

    name: str
    says: str
    cites: tuple[str, ...]
    defect: Defect | None = None
    remembers: Remembers = latest
    spares: Spares = no_pod
    mutes: Spares = no_pod
    cuts: Cuts = nothing
    passes: Cuts = nothing
    abroad: Reads | None = None
    worked_on: str = ""


def _is_any_of(titles: Iterable[str]) -> Spares:
    """Pods of the board by ``namespace/workload``."""
    known = frozenset(titles)

    def is_meant(pod: Pod, _: History) -> bool:
        return f"{pod.namespace}/{pod.workload}" in known

    return is_meant


SOUND = Explanation(name="sound", says="enforces policies as they are written", cites=())

_OF_MEMORY = (
    Explanation(
        name="delete-leaks",
        says="keeps policies in force after they are deleted",
        cites=("aws-delete-stale", "antrea-delete-samename", "k3s-rules-survive"),
        remembers=history.deleted_stay,
    ),
    Explanation(
        name="delete-leaves-deny",
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
        cites=("antrea-span-race",),
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
        name="delete-leaks-namesake",
        says="keeps a deleted policy in force while another namespace has one of its name",
        cites=("antrea-delete-samename",),
        remembers=history.namesakes_stay,
    ),
    Explanation(
        name="delete-leaves-allow",
        says="goes on admitting what a deleted policy admitted",
        cites=("cilium-allow-delete",),
        remembers=history.deleted_leave_allowances,
    ),
    Explanation(
        name="targets-frozen",
        says="keeps selecting the pods that a policy selected at first",
        cites=("aws-podselector-stale",),
        remembers=history.first_targets,
    ),
    Explanation(
        name="first-policy-noop",
        says="ignores the first policies of a namespace until they are made anew",
        cites=("eks-first-create-noop",),
        remembers=history.first_policies_inert,
    ),
    Explanation(
        name="bad-rule-stops-changes",
        says="takes up no change of policies while a rule has a protocol without a port",
        cites=("kuberouter-nft-onebad",),
        remembers=history.stuck_after_a_bad_rule,
    ),
    Explanation(
        name="empty-labels-unseen",
        says="does not see labels with an empty value",
        cites=("calico-empty-label",),
        remembers=history.empty_labels_unseen,
    ),
    Explanation(
        name="named-ports-one-pod",
        says="knows a port name for one pod only",
        cites=("kuberouter-namedport-oneip",),
        remembers=history.one_pod_for_a_port_name,
    ),
    Explanation(
        name="services-blocked",
        says="lets pods that are isolated for egress reach no Service",
        cites=("svc-cidr-egress",),
        cuts=crossings.to_services,
    ),
    Explanation(
        name="service-ports-compared",
        says="lets pods that are isolated for egress reach only Services with the port of their pods",
        cites=("aws-svc-port-mismatch",),
        cuts=crossings.to_renumbered_services,
    ),
    Explanation(
        name="remote-peers-unknown",
        says="admits by selectors only pods of the same node",
        cites=("weave-remote-pods", "masquerade-all"),
        abroad=by_peer(crossings.selectors_mean_nobody),
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
    Explanation(
        name="bare-pods-open",
        says="does not isolate pods without an owner",
        cites=("eks-standalone-pod",),
        spares=_is_any_of(pod.title for pod in PODS if pod.bare),
    ),
    Explanation(
        name="limited-pods-open",
        says="does not isolate pods with a limit of bandwidth",
        cites=("eks-bandwidth-conflict",),
        spares=_is_any_of(pod.title for pod in PODS if pod.limited),
    ),
    Explanation(
        name="replaced-pods-keep-labels",
        says="treats a pod as the one in whose place it came",
        cites=("aws-job-stale",),
        remembers=history.replaced_pods_keep_labels,
    ),
    Explanation(
        name="namesakes-share-policies",
        says="takes pods for one whose names, joined with their namespaces, read the same",
        cites=("aws-podid-collision",),
        remembers=history.namesakes_share_policies,
    ),
    Explanation(
        name="returning-pods-unknown",
        says="does not know a pod that came back under its name",
        cites=("antrea-podip-update",),
        remembers=history.returning_pods_unknown,
    ),
    Explanation(
        name="headless-disables-policies",
        says="skips policies that admit pods behind a headless Service",
        cites=("aws-headless",),
        remembers=history.headless_disables_policies,
    ),
    Explanation(
        name="sets-share-names",
        says="confuses label values of policies whose names and labels read the same together",
        cites=("azure-npm-setname",),
        remembers=history.sets_share_names,
    ),
    Explanation(
        name="hairpin-blocked",
        says="lets isolated pods not come back to themselves through a Service",
        cites=("hairpin",),
        cuts=crossings.back_to_itself,
    ),
    Explanation(
        name="blocks-mean-no-node",
        says="lets ipBlocks of egress rules admit no node",
        cites=("cilium-ipblock-node",),
        cuts=crossings.out_to_nodes,
    ),
    Explanation(
        name="second-address-open",
        says="does not isolate the second address of pods",
        cites=("kuberouter-second-family", "single-family-engines"),
        passes=crossings.by_second_address,
    ),
)


_AFTER_THE_FIRST_STEP = 2
"""States by then: the one before all policies, and that with them."""


def explanations(nodes: Iterable[str]) -> tuple[Explanation, ...]:
    """Return all of them; on more than one node also that one enforces nothing."""
    names = list(nodes)
    several = names if len(names) > 1 else []
    of_nodes = (make(name) for name in several for make in (_dead_node, _shut_node, _fail_open))
    return (*_from_oracle(), *_OF_MEMORY, *of_nodes)


def not_refuted(known: Iterable[Explanation], enforcing: Collection[str]) -> tuple[Explanation, ...]:
    """Those that may be so when the first policies were seen in force on the nodes ``enforcing``."""
    return tuple(each for each in known if not each.worked_on or each.worked_on in enforcing)


def _from_oracle() -> Iterator[Explanation]:
    for defect in DEFECTS.values():
        yield Explanation(name=defect.name, says=defect.says, cites=defect.cites, defect=defect)


def _on(node: str) -> Spares:
    def runs_there(pod: Pod, _: History) -> bool:
        return pod.node == node

    return runs_there


def _shut_node(name: str) -> Explanation:
    return Explanation(
        name=f"shut-node ({name})",
        says=f"isolates pods on the node {name} and lacks all that is admitted there",
        cites=("ovn-master-restart",),
        mutes=_on(name),
    )


def _dead_node(name: str) -> Explanation:
    return Explanation(
        name=f"dead-node ({name})",
        says=f"enforces nothing on the node {name}",
        cites=("k3s-kernel-noipset", "kindnet-wsl2-failopen", "eks-fargate-windows-gpu"),
        spares=_on(name),
    )


def _fail_open(name: str) -> Explanation:
    def has_lost_its_rules(pod: Pod, history: History) -> bool:
        return pod.node == name and len(history) == _AFTER_THE_FIRST_STEP

    return Explanation(
        name=f"fail-open-after-restart ({name})",
        says=f"lost its rules on the node {name} after they had worked, until policies changed again",
        cites=("weave-restart-firewalld",),
        spares=has_lost_its_rules,
        worked_on=name,
    )
