"""Bringing the scenario's workloads into the cluster, under the run's names and marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netprobe.cluster.port import Body, ObjectRef
from netprobe.errors import EnvironmentFailure, SessionLost
from netprobe.model.scenario import Manifest, Scenario, Workload
from netprobe.model.topology import ExternalHost, Pod, Service
from netprobe.runner.controls import calibration_objects, control_namespace, control_objects, hosting_nodes
from netprobe.runner.sessions import RESOLV_CONF, Sessions
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot, Surroundings, read_snapshot
from netprobe.scenario.dressing import dress, dress_namespace, dress_service

_WORKLOADS = ("Deployment", "DaemonSet", "Pod")


class Deployer:
    """What this run created: ``namespaces`` (placed) in the order of creation, controls by node."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.namespaces: list[str] = []
        self._numbers: dict[str, int] = {}

    def create(self, scenario: Scenario) -> None:
        """Create namespaces, workloads and Services, and wait until they are ready.

        Raises EnvironmentFailure (a namespace is there already, a workload does not get ready).
        """
        self._refuse_existing()
        manifests = scenario.manifests
        for namespace in (*self._namespace_bodies(scenario), control_namespace(self._site)):
            self._create_namespace(namespace)
        bodies = [dressed(self._site, manifest) for manifest in manifests if manifest.kind != "Namespace"]
        self._site.cluster.apply(bodies)
        self.wait_ready(bodies)

    def add_controls(self, snapshot: Snapshot, *, calibrating: bool = False) -> bool:
        """Create controls on nodes that host scenario pods and have none yet; whether there were any.

        ``calibrating`` adds the server that the calibration needs, on the first of these nodes.
        """
        new = [node for node in hosting_nodes(snapshot.own_pods().values()) if node not in self._numbers]
        if not new:
            return False
        for node in new:
            self._numbers[node] = len(self._numbers)
        bodies = control_objects(self._site, {self._numbers[node]: node for node in new})
        if calibrating:
            bodies += calibration_objects(self._site, new[0])
        self._site.cluster.apply(bodies)
        self.wait_ready(bodies)
        return True

    def wait_ready(self, bodies: Iterable[Body]) -> None:
        """Wait for workloads (and Services) to be ready."""
        refs = [ref_to(body) for body in bodies]
        if refs:
            self._site.cluster.wait_ready(refs, self._site.options.deploy_deadline)

    def _refuse_existing(self) -> None:
        state = self._site.cluster.read(())
        there = {_metadata(body).get("name") for body in state.namespaces}
        taken = [name for name in self._site.namespaces if name in there]
        if taken:
            raise EnvironmentFailure(
                f"namespace {taken[0]} is there already; netprobe changes only what it created",
                remedy="remove it, or let netprobe choose the names of namespaces",
            )

    def _namespace_bodies(self, scenario: Scenario) -> Iterable[Body]:
        for manifest in scenario.manifests:
            if manifest.kind == "Namespace":
                yield dress_namespace(
                    self._site.placement.place(manifest.body),
                    run_labels=self._site.run_labels,
                    annotations=self._site.annotations,
                )

    def _create_namespace(self, body: Body) -> None:
        # Noted before it is there: an interruption in between leaves nothing behind.
        self.namespaces.append(str(_metadata(body)["name"]))
        self._site.cluster.apply([body])


def dressed(site: Site, manifest: Manifest) -> Body:
    """The workload or Service of an author as this run deploys it."""
    body = site.placement.place(manifest.body)
    labels, annotations = site.run_labels, site.annotations
    if manifest.kind in _WORKLOADS:
        return dress(body, image=site.options.image, run_labels=labels, annotations=annotations)
    exposing = site.options.allow_exposure
    return dress_service(body, run_labels=labels, annotations=annotations, exposing=exposing)


def ref_to(body: Body) -> ObjectRef:
    """The reference of a namespaced object."""
    metadata = _metadata(body)
    return ObjectRef(
        api_version=str(body["apiVersion"]),
        kind=str(body["kind"]),
        name=str(metadata["name"]),
        namespace=str(metadata.get("namespace") or ""),
    )


def workload_ref(site: Site, namespace: str, name: str, kind: str) -> ObjectRef:
    """The reference of a deployed workload, from the author's names; a bare Pod became a Deployment."""
    deployed = "DaemonSet" if kind == "DaemonSet" else "Deployment"
    placed = site.placement.placed(namespace)
    return ObjectRef(api_version="apps/v1", kind=deployed, name=name, namespace=placed)


def read_surroundings(site: Site, scenario: Scenario, snapshot: Snapshot, sessions: Sessions) -> Surroundings:
    """Ask a pod for its resolv.conf, and the cluster for the external hosts of the scenario."""
    given = site.options.externals
    asked = [host for host in scenario.externals if host.name not in given]
    provided = {**(site.cluster.provide_externals(asked) if asked else {}), **given}
    externals = tuple(
        ExternalHost(name=host.name, address=provided[host.name][0], ports=host.ports, protocol=host.protocol)
        for host in scenario.externals
        if host.name in provided
    )
    pod = next((pod for pod in snapshot.own_pods().values() if not pod.host_network), None)
    nameserver, domain = "", "cluster.local"
    if pod is not None:
        try:
            nameserver, domain = parse_resolv_conf(sessions.read_file(pod, RESOLV_CONF))
        except SessionLost as lost:
            raise EnvironmentFailure(
                f"{RESOLV_CONF} of {pod.namespace}/{pod.workload} cannot be read: {lost.message}",
                remedy="check that exec works: kubectl exec into any pod of that node",
            ) from lost
    return Surroundings(
        nameserver=nameserver,
        cluster_domain=domain,
        externals=externals,
        external_ports={host.name: provided[host.name][1] for host in externals},
    )


def parse_resolv_conf(text: str) -> tuple[str, str]:
    """The first nameserver ("" if none) and the cluster domain of a pod's resolv.conf."""
    nameserver, domain = "", "cluster.local"
    for line in text.splitlines():
        words = line.split()
        if words[:1] == ["nameserver"] and len(words) > 1 and not nameserver:
            nameserver = words[1]
        if words[:1] == ["search"]:
            found = [word.removeprefix("svc.").rstrip(".") for word in words[1:] if word.startswith("svc.")]
            domain = found[0] if found else domain
    return nameserver, domain


def wait_for_population(
    site: Site, workloads: Iterable[Workload], surroundings: Surroundings, gone: frozenset[str] = frozenset()
) -> Snapshot:
    """Read until every workload has just its pods, ready, with the Services in step.

    ``gone`` are UIDs of pods that must have left. Raises EnvironmentFailure at the deadline.
    """
    workloads = tuple(workloads)
    deadline = site.now() + site.options.deploy_deadline
    while True:
        snapshot = read_snapshot(site, surroundings)
        missing = _missing(snapshot, workloads, gone)
        if not missing:
            return snapshot
        if site.now() >= deadline:
            raise EnvironmentFailure(f"after {site.options.deploy_deadline:g} s {missing}")
        site.options.clock.wait(0.3)


def _missing(snapshot: Snapshot, workloads: Iterable[Workload], gone: frozenset[str]) -> str:
    """What is not as it shall be, in words; "" when all is."""
    for workload in workloads:
        pods = [
            pod
            for ref, pod in snapshot.own_pods().items()
            if (ref.namespace, ref.workload) == (workload.namespace, workload.name)
            and pod.phase in ("Pending", "Running")
        ]
        name = f"{workload.namespace}/{workload.name}"
        if workload.kind != "DaemonSet" and len(pods) != workload.replicas:
            return f"{name} has {len(pods)} pods instead of {workload.replicas}"
        waiting = [pod for pod in pods if not (pod.ready and pod.ips)]
        if waiting:
            return f"pod {waiting[0].name} of {name} is not ready"
        if any(pod.uid in gone for pod in pods):
            return f"the old pods of {name} are still there"
    return _missing_endpoint(snapshot)


def _missing_endpoint(snapshot: Snapshot) -> str:
    scenario_pods = [pod for pod in snapshot.own_pods().values() if pod.phase == "Running"]
    ours = {pod.namespace for pod in scenario_pods}
    for service in snapshot.topology.services:
        if service.namespace not in ours or not service.selector or not service.ports:
            continue
        wanted = {pod.name for pod in scenario_pods if _backs(pod, service)}
        if wanted and {backend.pod for backend in service.backends} != wanted:
            return f"the endpoints of Service {service.namespace}/{service.name} do not match its pods"
    return ""


def _backs(pod: Pod, service: Service) -> bool:
    """Whether a ready pod must be an endpoint: selected, and with one of the Service's target ports."""
    selector = service.selector or {}
    if pod.namespace != service.namespace or not selector.items() <= pod.labels.items():
        return False
    names = {port.name for port in pod.ports}
    return any(isinstance(port.target, int) or port.target in names for port in service.ports)


def _metadata(body: Body) -> Mapping[str, Any]:
    metadata = body.get("metadata")
    assert isinstance(metadata, Mapping)
    return metadata
