"""``lab[:PROFILE[@IDENTITY]]``: the embedded cluster, started for this run and ended with it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from netprobe.cluster.kube.cluster import KubeCluster
from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.preflight import server_version
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.port import Limits
from netprobe.lab.cluster.lab import Lab
from netprobe.lab.cluster.profiles import describe, parse_profile
from netprobe.model.run import ClusterDescription
from netprobe.model.topology import ExternalHost

_EXTERNALS = "/netprobe/externals"
_LIMITS = Limits(flows_in_flight=400, connections_per_second=None, quiet_seconds=1.0)
"""Nobody else uses a lab: no budget of connections."""


class LabProvider:
    """Starts a lab."""

    def open(self, argument: str) -> KubeCluster:
        """A running lab; raises InputError (unknown profile), EnvironmentFailure (cannot start here)."""
        profile, identity = parse_profile(argument)
        lab = Lab.start(profile=profile, identity=identity)
        try:
            return _cluster_of(lab, argument, profile, identity)
        except BaseException:
            lab.stop()
            raise


def _cluster_of(lab: Lab, argument: str, profile: str, identity: str) -> KubeCluster:
    connection = connect_to(_kubeconfig(lab.server, lab.token, lab.ca_pem))
    rest = Rest(connection)
    description = ClusterDescription(
        name=f"lab:{argument}" if argument else "lab",
        kind="lab",
        title=describe(profile, identity),
        version=server_version(rest),
        facts={"profile": profile} | ({"identity": identity} if identity else {}),
    )

    def provide(hosts: Sequence[ExternalHost]) -> Mapping[str, tuple[str, Mapping[int, int]]]:
        wanted = [{"name": host.name, "address": host.address, "ports": list(host.ports)} for host in hosts]
        there = rest.post(_EXTERNALS, wanted)
        return {
            host.name: (host.address, {port: port for port in host.ports})
            for host in hosts
            if host.name in there
        }

    return KubeCluster(connection, description, limits=_LIMITS, externals=provide, on_close=lab.stop)


def _kubeconfig(server: str, token: str, authority: str) -> dict[str, Any]:
    """A kubeconfig with one context, as data."""
    name = "netprobe-lab"
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "clusters": [
            {
                "name": name,
                "cluster": {
                    "server": server,
                    "certificate-authority-data": b64encode(authority.encode()).decode(),
                },
            }
        ],
        "users": [{"name": name, "user": {"token": token}}],
    }
