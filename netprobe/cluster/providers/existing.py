"""``context[:NAME]``: a cluster that exists, through a kubeconfig context."""

from __future__ import annotations

from netprobe.cluster.kube.cluster import KubeCluster
from netprobe.cluster.kube.connect import connect
from netprobe.cluster.kube.preflight import server_version
from netprobe.cluster.kube.rest import Rest
from netprobe.errors import EnvironmentFailure
from netprobe.model.run import ClusterDescription


class ExistingProvider:
    """Connects to the context that is named, or to the current one."""

    def spell(self, argument: str) -> str:
        """The name of the context; raises InputError (no such context). Nothing is sent to its server."""
        try:
            return connect(argument).context
        except EnvironmentFailure:
            return argument  # what keeps it from being opened is told when it is opened

    def open(self, argument: str) -> KubeCluster:
        """The cluster of the context; raises InputError (no such context), EnvironmentFailure (no answer)."""
        connection = connect(argument)
        version = server_version(Rest(connection))
        description = ClusterDescription(
            name=f"context:{connection.context}",
            kind="live",
            title=f"cluster {connection.context}",
            version=version,
            facts={"server": connection.server},
        )
        return KubeCluster(connection, description)
