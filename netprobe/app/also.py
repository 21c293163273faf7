"""The pods that ``--also`` names, as the cluster holds them before anything is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.audit.board.pods import NAMESPACES
from netprobe.audit.bystanders import Bystander, cluster_name_of
from netprobe.cluster.port import Cluster, ClusterState
from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.manifests.policy import decode_policy_body
from netprobe.manifests.topology import read_topology
from netprobe.model.place import Place, Problem
from netprobe.model.topology import Namespace, Pod, Topology
from netprobe.scenario.placement import NAME_LABEL, Placement

_HOW = "name a pod as NAMESPACE/POD"


def find_bystanders(cluster: Cluster, words: Sequence[str]) -> tuple[Bystander, ...]:
    """Return the pods that the words name, each once.

    Raises InputError with every pod that cannot be asked and the reason, EnvironmentFailure when pods of
    these namespaces may not be read.
    """
    names = [_split(word) for word in dict.fromkeys(words)]
    if not names:
        return ()
    state = cluster.read(tuple(dict.fromkeys(namespace for namespace, _ in names)))
    placement = Placement("", tuple(NAMESPACES))
    topology = _topology(placement, state)
    pods = {(pod.namespace, pod.name): pod for pod in topology.pods}
    own = tuple(
        Namespace(name=name, labels={NAME_LABEL: name, **labels}) for name, labels in NAMESPACES.items()
    )
    policies = tuple(decode_policy_body(placement.unplace(body)) for body in _policies(state, names))
    problems, found = [], []
    for namespace, name in names:
        shown = placement.original(namespace)
        pod = pods.get((shown, name))
        why = _missing(shown, name, topology) if pod is None else _unfit(pod)
        if why is not None:
            message, hint = why
            problems.append(
                Problem(place=Place(file=f"--also {namespace}/{name}"), message=message, hint=hint)
            )
        elif pod is not None:
            found.append(Bystander(pod=pod, namespaces=(*topology.namespaces, *own), policies=policies))
    if problems:
        raise InputError("not every pod that --also names can be probed", problems=problems)
    return tuple(found)


def _split(word: str) -> tuple[str, str]:
    namespace, slash, name = word.partition("/")
    if not (namespace and slash and name) or "/" in name:
        raise InputError(f'--also "{word}" names no pod', remedy=_HOW)
    return namespace, name


def _topology(placement: Placement, state: ClusterState) -> Topology:
    """The cluster as it is, in the names that the audit will use."""
    return read_topology(
        namespaces=[placement.unplace(body, kind="Namespace") for body in state.namespaces],
        nodes=state.nodes,
        pods=[placement.unplace(body, kind="Pod") for body in state.pods],
        services=(),
        endpoint_slices=(),
    )


def _policies(state: ClusterState, names: Sequence[tuple[str, str]]) -> Iterator[dict[str, object]]:
    wanted = {namespace for namespace, _ in names}
    for body in state.policies:
        metadata = body["metadata"]
        assert isinstance(metadata, dict)
        if metadata.get("namespace") in wanted:
            yield {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": metadata["name"], "namespace": metadata["namespace"]},
                "spec": body.get("spec") or {},
            }


def _missing(namespace: str, name: str, topology: Topology) -> tuple[str, str]:
    spaces = [each.name for each in topology.namespaces]
    called = cluster_name_of(namespace)
    if namespace not in spaces:
        return f"there is no namespace {called}", did_you_mean(called, spaces) or _HOW
    there = [pod.name for pod in topology.pods if pod.namespace == namespace]
    hint = did_you_mean(name, there) or f"see `kubectl get pods -n {called}`"
    return f"there is no pod {name} in namespace {called}", hint


def _unfit(pod: Pod) -> tuple[str, str] | None:
    """Why a pod cannot be a destination, and what to do; None when it can."""
    where = f"pod {cluster_name_of(pod.namespace)}/{pod.name}"
    if pod.phase != "Running" or not pod.ips:
        return f"{where} is {pod.phase}, not Running", "name a pod that runs"
    if pod.host_network:
        return (
            f"{where} has hostNetwork: NetworkPolicies do not speak of the node's address",
            "name a pod with an address of its own",
        )
    if not Bystander(pod=pod).ports:
        return (
            f"{where} declares no TCP or UDP port, so there is nothing to ask",
            "declare its containerPorts, or name another pod",
        )
    return None
