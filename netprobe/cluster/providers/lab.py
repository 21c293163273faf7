"""``lab[:PROFILE[@IDENTITY]]``: the embedded cluster, started for this run and ended with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from netprobe.cluster.kube.cluster import KubeCluster
from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.preflight import server_version
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.port import Limits
from netprobe.lab.cluster.lab import Lab
from netprobe.lab.cluster.profiles import describe, parse_profile
from netprobe.model.run import ClusterDescription
from netprobe.model.topology import ExternalHost

_LIMITS = Limits(flows_in_flight=400, connections_per_second=None, quiet_seconds=1.0, runs_at_once=6)
"""Nobody else uses a lab: no budget of connections, and several scenarios at a time."""

_LACKS = {
    "sctp": "the lab's pods have no program that dials SCTP",
    "dual-stack": "the lab's pods have IPv4 addresses only",
}


class LabProvider:
    """Starts a lab."""

    def open(self, argument: str) -> KubeCluster:
        """A running lab; raises InputError (unknown profile), EnvironmentFailure (cannot start here)."""
        profile, identity = parse_profile(argument)
        lab = Lab.start(profile=profile, identity=identity)
        try:
            return _cluster_of(lab, argument)
        except BaseException:
            lab.stop()
            raise


def _cluster_of(lab: Lab, argument: str) -> KubeCluster:
    connection = connect_to(json.loads(lab.kubeconfig()))
    facts = {"profile": lab.profile, "nodes": str(len(lab.nodes))}
    description = ClusterDescription(
        name=f"lab:{argument}" if argument else "lab",
        kind="lab",
        title=describe(lab.profile, lab.identity),
        version=server_version(Rest(connection)),
        facts=facts | ({"identity": lab.identity} if lab.identity else {}),
        lacks=_LACKS,
    )

    def provide(hosts: Sequence[ExternalHost]) -> Mapping[str, tuple[str, Mapping[int, int]]]:
        """The lab makes a host under its own address, with its own ports."""
        made = lab.provide_externals(
            [{"name": host.name, "address": host.address, "ports": list(host.ports)} for host in hosts]
        )
        return {
            host.name: (host.address, {port: port for port in host.ports})
            for host in hosts
            if host.name in made
        }

    return KubeCluster(connection, description, limits=_LIMITS, externals=provide, on_close=lab.stop)
