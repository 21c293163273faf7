"""Whether a cluster-wide policy overrules netprobe's own: then its own pods tell nothing."""

from __future__ import annotations

from dataclasses import replace

from netprobe.cluster.port import Body
from netprobe.model.decision import Answer
from netprobe.model.flow import Flow, PodRef
from netprobe.model.topology import Namespace, Pod
from netprobe.runner.controls import SERVER_PORT, Controls, sentinel_policy
from netprobe.runner.results import decide_all
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot


def sentinel_is_overruled(site: Site, snapshot: Snapshot) -> bool:
    """Whether the sentinels would stay open for their controls under the policy that closes them."""
    controls = Controls(snapshot)
    pairs = ((controls.control(node), controls.sentinel(node)) for node in controls.nodes)
    policy = sentinel_policy(site)
    return any(
        expected(snapshot, policy, control, sentinel) is not Answer.DENY
        for control, sentinel in pairs
        if control is not None and sentinel is not None
    )


def expected(snapshot: Snapshot, policy: Body, source: Pod, destination: Pod) -> Answer:
    """What the oracle says about two pods of the control namespace under one policy of netprobe's own."""
    topology = replace(
        snapshot.topology,
        namespaces=(
            *snapshot.topology.namespaces,
            Namespace(name=source.namespace, labels=snapshot.control_labels),
        ),
        pods=(*snapshot.topology.pods, *snapshot.controls),
    )
    flow = Flow(source=_ref(source), destination=_ref(destination), port=SERVER_PORT)
    decisions = decide_all(topology, [policy], [flow], admin_policies=snapshot.admin_policies)
    return decisions[flow.key].answer


def _ref(pod: Pod) -> PodRef:
    return PodRef(namespace=pod.namespace, workload=pod.workload, index=pod.index)
