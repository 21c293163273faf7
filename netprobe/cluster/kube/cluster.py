"""A real Kubernetes API behind the runner's port: a live cluster, or the lab."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from netprobe.cluster.kube import reading, waiting
from netprobe.cluster.kube.census import read_census
from netprobe.cluster.kube.connect import Connection
from netprobe.cluster.kube.examining import Trials, examine
from netprobe.cluster.kube.facts import Facts
from netprobe.cluster.kube.preflight import check_access
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.kube.session import PodSession
from netprobe.cluster.kube.signs import read_signs
from netprobe.cluster.kube.writing import Writer
from netprobe.cluster.port import Body, Census, ClusterState, Limits, ObjectRef, Signs
from netprobe.model.run import ClusterDescription
from netprobe.model.topology import ExternalHost

Externals = Callable[[Sequence[ExternalHost]], Mapping[str, tuple[str, Mapping[int, int]]]]
LIVE_LIMITS = Limits(flows_in_flight=50, connections_per_second=200, quiet_seconds=5.0, own_dial_seconds=1.0)
"""What netprobe allows itself on a cluster that others use too."""


def no_externals(hosts: Sequence[ExternalHost]) -> Mapping[str, tuple[str, Mapping[int, int]]]:  # noqa: ARG001 - the port's signature
    """A cluster beside which netprobe can make no hosts."""
    return {}


class KubeCluster:
    """The port over the official client. Closing it runs ``on_close`` once."""

    def __init__(
        self,
        connection: Connection,
        description: ClusterDescription,
        *,
        limits: Limits = LIVE_LIMITS,
        externals: Externals = no_externals,
        on_close: Callable[[], None] = lambda: None,
    ) -> None:
        self._connection = connection
        self._description = description
        self._limits = limits
        self._externals = externals
        self._on_close: Callable[[], None] | None = on_close
        self._rest = Rest(connection)
        self._writer = Writer(self._rest)

    @property
    def description(self) -> ClusterDescription:
        """What this cluster is, for reports."""
        return self._description

    @property
    def limits(self) -> Limits:
        """What netprobe allows itself here."""
        return self._limits

    def preflight(self) -> None:
        """Check that the server answers and allows what a run needs; raises EnvironmentFailure."""
        check_access(self._rest)

    def apply(self, objects: Sequence[Body]) -> None:
        """Create or replace each object, in order; raises Refused, EnvironmentFailure for foreign ones."""
        for body in objects:
            self._writer.apply(body)

    def delete(self, refs: Sequence[ObjectRef]) -> None:
        """Delete each object; absent is fine."""
        for ref in refs:
            self._writer.delete(ref)

    def delete_leftover(self, namespace: str, run: str) -> None:
        """Delete a namespace of an earlier run; raises EnvironmentFailure for any other."""
        self._writer.delete_leftover(namespace, run)

    def label(self, ref: ObjectRef, labels: Mapping[str, str | None]) -> None:
        """Merge labels; None removes one."""
        self._writer.merge(ref, {"metadata": {"labels": dict(labels)}})

    def scale(self, ref: ObjectRef, replicas: int) -> None:
        """Set spec.replicas."""
        self._writer.merge(ref, {"spec": {"replicas": replicas}})

    def wait_ready(self, refs: Sequence[ObjectRef], deadline: float) -> None:
        """Wait until all are ready; raises EnvironmentFailure naming each one that is not, and why."""
        waiting.wait_until_ready(self._rest, refs, deadline)

    def wait_gone(self, namespaces: Sequence[str], deadline: float) -> None:
        """Wait until the namespaces are gone; raises EnvironmentFailure at the deadline."""
        waiting.wait_until_gone(self._rest, namespaces, deadline)

    def read(self, namespaces: Sequence[str]) -> ClusterState:
        """Read the state of these namespaces, of DNS, and all that selectors can reach."""
        return reading.read_state(self._rest, namespaces)

    def census(self) -> Census:
        """Read all that decides flows, in all namespaces."""
        return read_census(self._rest)

    def signs(self) -> Signs:
        """Read what tells which CNI this is."""
        return read_signs(self._rest)

    def examine(self, trials: Trials) -> Facts:
        """Look at all that could keep a run from an answer; nothing is written."""
        return examine(self._rest, trials)

    def open_session(self, namespace: str, pod: str, container: str = "") -> PodSession:
        """Exec ``sh`` in the pod; raises SessionLost, or Refused when we may not."""
        return PodSession(self._connection, namespace, pod, container)

    def provide_externals(self, hosts: Sequence[ExternalHost]) -> Mapping[str, tuple[str, Mapping[int, int]]]:
        """What the provider can do about external hosts."""
        return self._externals(hosts)

    def close(self) -> None:
        """Release what the provider holds; never raises (``on_close`` must not)."""
        on_close, self._on_close = self._on_close, None
        if on_close is not None:
            self._connection.client.close()
            self._connection.client.rest_client.close()
            on_close()
