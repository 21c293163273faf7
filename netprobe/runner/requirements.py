"""Whether this cluster has what the scenario requires; if not, its findings are SKIP with the reason."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.cluster.port import ClusterState
from netprobe.model.run import ClusterDescription
from netprobe.model.scenario import Requires, Scenario
from netprobe.runner.snapshot import Snapshot


def missing_before(scenario: Scenario, state: ClusterState, description: ClusterDescription) -> str:
    """What is missing as far as can be known before anything is deployed; "" when nothing is."""
    if Requires.TWO_NODES in scenario.requires:
        usable = [node for node in state.nodes if not _is_cordoned(node)]
        if len(usable) < 2:
            return f"the scenario requires two nodes, the cluster has {len(usable)}"
    for need in sorted(scenario.requires):
        if need.value in description.lacks:
            return f"the scenario requires {need.value}: {description.lacks[need.value]}"
    return ""


def missing_after(scenario: Scenario, snapshot: Snapshot) -> str:
    """What is missing as the deployed pods show; "" when nothing is."""
    pods = [pod for pod in snapshot.own_pods().values() if not pod.host_network]
    if Requires.DUAL_STACK in scenario.requires:
        families = [{":" in ip for ip in pod.ips} for pod in pods]
        if any(len(found) < 2 for found in families):
            return "the scenario requires dual-stack pods, the pods here have one address family"
    if Requires.TWO_NODES in scenario.requires and len({pod.node for pod in pods}) < 2:
        return "the scenario requires two nodes, its pods all run on one"
    return ""


def _is_cordoned(node: Mapping[str, object]) -> bool:
    spec = node.get("spec")
    return isinstance(spec, Mapping) and bool(spec.get("unschedulable"))
