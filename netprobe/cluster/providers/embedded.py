"""A lab that runs, behind the port: shared by the provider that starts one and the one that finds one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from netprobe.cluster.kube.cluster import KubeCluster
from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.preflight import server_version
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.port import Limits
from netprobe.lab.cluster.access import Access
from netprobe.lab.cluster.profiles import describe
from netprobe.model.run import ClusterDescription
from netprobe.model.topology import ExternalHost

_LIMITS = Limits(flows_in_flight=400, connections_per_second=None, quiet_seconds=1.0, runs_at_once=6)
"""Nobody else uses a lab: no budget of connections."""

_NO_EFFECT_SECONDS = 5.0
"""A lab takes policies up within a second, or never, but for the condition ``slow``."""

_LACKS = {
    "sctp": "the lab's pods have no program that dials SCTP",
    "dual-stack": "the lab's pods have IPv4 addresses only",
}


def lab_cluster(
    access: Access,
    *,
    name: str,
    profile: str,
    identity: str,
    nodes: int,
    on_close: Callable[[], None] = lambda: None,
) -> KubeCluster:
    """The lab as a cluster, ``name`` as the user spelled it; raises EnvironmentFailure without an answer."""
    connection = connect_to(json.loads(access.kubeconfig()))
    facts = {"profile": profile, "nodes": str(nodes)}
    description = ClusterDescription(
        name=name,
        kind="lab",
        title=describe(profile, identity),
        version=server_version(Rest(connection)),
        facts=facts | ({"identity": identity} if identity else {}),
        lacks=_LACKS,
    )

    limits = _LIMITS
    if "slow" not in profile.split("+"):
        limits = replace(_LIMITS, no_effect_seconds=_NO_EFFECT_SECONDS)

    def provide(hosts: Sequence[ExternalHost]) -> Mapping[str, tuple[str, Mapping[int, int]]]:
        """The lab makes a host under its own address, with its own ports."""
        made = access.provide_externals(
            [{"name": host.name, "address": host.address, "ports": list(host.ports)} for host in hosts]
        )
        return {
            host.name: (host.address, {port: port for port in host.ports})
            for host in hosts
            if host.name in made
        }

    return KubeCluster(connection, description, limits=limits, externals=provide, on_close=on_close)
