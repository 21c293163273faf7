"""A cluster in memory: for tests of the runner, end to end, with virtual time and chosen faults."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from netprobe.cluster.port import Body, Census, ClusterState, Limits, ObjectRef, Signs
from netprobe.cluster.providers.simulation.bodies import Object, labels_of, reference_to
from netprobe.cluster.providers.simulation.by_oracle import ReachByOracle
from netprobe.cluster.providers.simulation.clock import VirtualClock
from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.cluster.providers.simulation.network import Network, Reach, World
from netprobe.cluster.providers.simulation.objects import Objects, endpoint_slices, workload_of
from netprobe.cluster.providers.simulation.session import Clock, SimulatedSession
from netprobe.errors import EnvironmentFailure, SessionLost
from netprobe.model.run import ClusterDescription
from netprobe.model.topology import ExternalHost

_DNS_NAMESPACE = "kube-system"
_UPTIME_STEP = 5000.0
"""Nodes booted at different times: their pods' ``/proc/uptime`` differ by so many seconds."""


class SimulatedCluster:
    """A cluster whose pods run at once and whose network does what ``reach`` and ``faults`` say.

    ``reach`` None: policies are enforced as the oracle reads them.

    Exchanges let virtual time pass on ``clock`` (give the same clock to the runner). ``faults`` may be
    replaced at any time. ``on_exchange`` is called with the ordinal number of each exchange before it
    is answered: a test may change anything there, or raise. ``sessions_opened`` lists the pods
    (``ns/pod``) of all sessions, ``exchanges`` counts, ``applied`` and ``deleted`` list the writes.
    """

    def __init__(
        self,
        *,
        reach: Reach | None = None,
        faults: Faults | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
        nodes: Sequence[str] = ("node1", "node2"),
        has_externals: bool = True,
    ) -> None:
        self.faults = faults or Faults()
        self.clock: Clock = clock or VirtualClock()
        self.objects = Objects(nodes)
        self.network = Network(self.objects, reach or ReachByOracle(self.objects))
        self.on_exchange: Callable[[int], None] | None = None
        self.sessions_opened: list[str] = []
        self.exchanges = 0
        self.applied: list[ObjectRef] = []
        self.deleted: list[ObjectRef] = []
        self.closed = False
        self._limits = limits or Limits()
        self._has_externals = has_externals
        self._lock = threading.RLock()
        self._policies: list[tuple[float, tuple[Body, ...]]] = [(self.clock.now(), ())]

    @property
    def description(self) -> ClusterDescription:
        """What this cluster is."""
        return ClusterDescription(name="simulated", kind="simulated", title="simulated cluster", version="v0")

    @property
    def limits(self) -> Limits:
        """What was given."""
        return self._limits

    def preflight(self) -> None:
        """A simulated cluster always answers."""

    def apply(self, objects: Sequence[Body]) -> None:
        """Store each object; pods and policies follow at once (policies after the policy delay)."""
        with self._lock:
            for body in objects:
                self.objects.apply(body)
                self.applied.append(reference_to(body))
            self._note_policies()

    def delete(self, refs: Sequence[ObjectRef]) -> None:
        """Remove each object; a deleted pod of a workload is replaced by another at once."""
        with self._lock:
            for ref in refs:
                self.objects.delete(ref)
                self.deleted.append(ref)
            self._note_policies()

    def delete_leftover(self, namespace: str, run: str) -> None:
        """Remove a namespace that carries the run's label."""
        with self._lock:
            body = self.objects.get("Namespace", "", namespace)
            if body is None:
                return
            if labels_of(body).get("netprobe.io/run") != run:
                raise EnvironmentFailure(f"Namespace {namespace} is not deleted: it is not of run {run}.")
        self.delete([reference_to(body)])

    def label(self, ref: ObjectRef, labels: Mapping[str, str | None]) -> None:
        """Merge labels."""
        with self._lock:
            self.objects.change_labels(ref, labels)

    def scale(self, ref: ObjectRef, replicas: int) -> None:
        """Set the replicas; pods follow at once."""
        with self._lock:
            self.objects.change_replicas(ref, replicas)

    def wait_ready(self, refs: Sequence[ObjectRef], deadline: float) -> None:  # noqa: ARG002 - no waiting here
        """Pods are ready at once; raises EnvironmentFailure for a workload that was never applied."""
        with self._lock:
            absent = [str(ref) for ref in refs if self.objects.get(ref.kind, ref.namespace, ref.name) is None]
        if absent:
            raise EnvironmentFailure(f"not ready: {', '.join(absent)}: no such object")

    def wait_gone(self, namespaces: Sequence[str], deadline: float) -> None:
        """Namespaces go at once; one that is still there outlasts the deadline."""
        left = [name for name in namespaces if self.objects.get("Namespace", "", name) is not None]
        if left:
            self.clock.wait(deadline)
            raise EnvironmentFailure(f"still there: {', '.join(left)}")

    def read(self, namespaces: Sequence[str]) -> ClusterState:
        """The state, as an API server would give it."""
        with self._lock:
            wanted = (*namespaces, _DNS_NAMESPACE)
            services = self.objects.list("Service", wanted)
            return ClusterState(
                namespaces=self.objects.list("Namespace"),
                nodes=self.objects.list("Node"),
                pods=self.objects.list("Pod", wanted),
                services=services,
                endpoint_slices=endpoint_slices(self.objects, services),
                policies=self.objects.list("NetworkPolicy"),
                admin_policies=self.objects.admin_policies(),
                dns_namespace=_DNS_NAMESPACE,
            )

    def census(self) -> Census:
        """All objects, as an API server would give them."""
        with self._lock:
            kinds = ("Namespace", "Node", "Pod", "Service", "NetworkPolicy")
            services = self.objects.list("Service")
            bodies = [body for kind in kinds for body in self.objects.list(kind)]
            slices = endpoint_slices(self.objects, services)
            return Census(bodies=(*bodies, *slices, *self.objects.admin_policies()))

    def signs(self) -> Signs:
        """What an API server would show of the CNI: nodes, and nothing that names one."""
        with self._lock:
            return Signs(
                version=self.description.version,
                nodes=self.objects.list("Node"),
                daemon_sets=self.objects.list("DaemonSet"),
                config_maps=self.objects.list("ConfigMap"),
            )

    def open_session(self, namespace: str, pod: str, container: str = "") -> SimulatedSession:  # noqa: ARG002 - one shell for all containers
        """A shell in the pod; raises SessionLost when there is no such pod."""
        with self._lock:
            body = self.objects.get("Pod", namespace, pod)
            if body is None:
                raise SessionLost(f'pods "{pod}" not found in {namespace}')
            self.sessions_opened.append(f"{namespace}/{pod}")
            position = [node["metadata"]["name"] for node in self.objects.list("Node")].index(
                body["spec"]["nodeName"]
            )
        offset = _UPTIME_STEP * (position + 1)
        return SimulatedSession(self, body, lambda moment: moment + offset)

    def provide_externals(self, hosts: Sequence[ExternalHost]) -> Mapping[str, tuple[str, Mapping[int, int]]]:
        """Every host, at its own address and ports (none without ``has_externals``)."""
        if not self._has_externals:
            return {}
        for host in hosts:
            self.network.externals[host.address] = frozenset(host.ports)
        return {host.name: (host.address, {port: port for port in host.ports}) for host in hosts}

    def close(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def restart_containers(self, workload: str) -> None:
        """Count a restart of the containers of a workload's pods."""
        with self._lock:
            self.objects.restart_containers(workload)

    def replace_pods(self, workload: str) -> None:
        """Delete a workload's pods: others, with new UIDs and addresses, take their place."""
        with self._lock:
            refs = [reference_to(pod) for pod in self.objects.list("Pod") if workload_of(pod) == workload]
        self.delete(refs)

    def begin_exchange(self) -> bool:
        """Count an exchange; False when it shall break."""
        with self._lock:
            self.exchanges += 1
            number = self.exchanges
        if self.on_exchange is not None:
            self.on_exchange(number)
        return number not in self.faults.lost_exchanges

    def pod(self, namespace: str, name: str) -> Object | None:
        """The pod as it is now."""
        with self._lock:
            return self.objects.get("Pod", namespace, name)

    def world_at(self, moment: float) -> World:
        """The faults of now, and the policies that were in effect at the moment."""
        with self._lock:
            effective = [policies for since, policies in self._policies if since <= moment]
            return World(policies=effective[-1], faults=self.faults)

    def _note_policies(self) -> None:
        policies = self.objects.list("NetworkPolicy")
        if policies != self._policies[-1][1]:
            self._policies.append((self.clock.now() + self.faults.policy_delay, policies))


class SimulatedProvider:
    """``simulated``: a fresh simulated cluster that enforces."""

    def open(self, argument: str) -> SimulatedCluster:
        """A cluster with ``argument`` ignored unless it is ``none``: then policies are not enforced."""
        return SimulatedCluster(faults=Faults(enforces=argument != "none"))
