from __future__ import annotations

from netprobe.manifests.topology import WORKLOAD_LABEL, read_topology
from netprobe.model.protocol import Protocol
from netprobe.model.topology import (
    Backend,
    ContainerPort,
    ExternalHost,
    Namespace,
    Node,
    Pod,
    Service,
    ServicePort,
)

NOW = "2026-11-22T10:00:00Z"
EARLIER = "2026-11-22T09:00:00Z"


def pod(name, *, created=NOW, phase="Running", workload="web", **metadata):
    metadata |= {"name": name, "namespace": "shop", "creationTimestamp": created}
    return {"metadata": metadata | {"labels": {WORKLOAD_LABEL: workload}}, "status": {"phase": phase}}


def read(**objects):
    kinds = dict.fromkeys(("namespaces", "nodes", "pods", "services", "endpoint_slices"), ())
    return read_topology(**(kinds | objects))


def test_a_pod_is_read_in_full():
    body = {
        "metadata": {
            "name": "web-1",
            "namespace": "shop",
            "uid": "u",
            "labels": {"app": "web", WORKLOAD_LABEL: "web"},
        },
        "spec": {
            "nodeName": "node1",
            "hostNetwork": True,
            "containers": [
                {"name": "a", "ports": [{"containerPort": 80, "name": "http", "protocol": "TCP"}]},
                {"name": "b", "ports": [{"containerPort": 53, "protocol": "UDP"}]},
                {"name": "c"},
            ],
        },
        "status": {
            "phase": "Running",
            "podIP": "10.0.0.1",
            "podIPs": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}],
            "conditions": [{"type": "Initialized", "status": "False"}, {"type": "Ready", "status": "True"}],
            "containerStatuses": [{"restartCount": 1}, {"restartCount": 2}],
        },
    }
    assert read(pods=[body]).pods == (
        Pod(
            namespace="shop",
            name="web-1",
            labels={"app": "web", WORKLOAD_LABEL: "web"},
            ips=("10.0.0.1", "fd00::1"),
            ports=(ContainerPort(number=80, name="http"), ContainerPort(number=53, protocol=Protocol.UDP)),
            node="node1",
            uid="u",
            phase="Running",
            ready=True,
            host_network=True,
            workload="web",
            index=0,
            restarts=3,
        ),
    )


def test_a_pod_without_status_is_pending_and_not_ready():
    (found,) = read(pods=[{"metadata": {"name": "a", "namespace": "b"}}]).pods
    assert (found.phase, found.ready, found.ips, found.workload) == ("Pending", False, (), "")


def test_replicas_are_counted_by_age_and_name_without_the_terminating():
    bodies = [
        pod("b"),
        pod("a"),
        pod("old", created=EARLIER),
        pod("going", created=EARLIER, deletionTimestamp=NOW),
        pod("other", workload="api"),
    ]
    found = {found.name: (found.workload, found.index) for found in read(pods=bodies).pods}
    assert found == {"old": ("web", 0), "a": ("web", 1), "b": ("web", 2), "other": ("api", 0)}


def test_a_finished_pod_takes_no_index_from_a_living_one():
    bodies = [pod("evicted", created=EARLIER, phase="Failed"), pod("new")]
    assert {found.name: found.index for found in read(pods=bodies).pods} == {"new": 0, "evicted": 1}


def test_the_internal_address_of_a_node_comes_first():
    body = {
        "metadata": {"name": "node1"},
        "status": {
            "addresses": [
                {"type": "Hostname", "address": "node1"},
                {"type": "ExternalIP", "address": "203.0.113.1"},
                {"type": "InternalIP", "address": "192.0.2.1"},
            ]
        },
    }
    assert read(nodes=[body]).nodes == (Node(name="node1", addresses=("192.0.2.1", "203.0.113.1")),)


def service_body(**spec):
    ports = [
        {"name": "http", "port": 80, "targetPort": "web"},
        {"name": "dns", "port": 53, "protocol": "UDP"},
    ]
    return {
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"ports": ports, "clusterIP": "10.96.0.1", "selector": {"a": "b"}} | spec,
    }


def slice_body(name, endpoints, ports, namespace="shop"):
    labels = {"kubernetes.io/service-name": "web"}
    return {
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "addressType": "IPv4",
        "endpoints": endpoints,
        "ports": ports,
    }


def test_backends_are_the_ready_endpoints_port_by_port():
    ports = [{"name": "http", "port": 8080, "protocol": "TCP"}, {"name": "dns", "port": 5353}]
    endpoints = [
        {"addresses": ["10.0.0.1"], "conditions": {"ready": True}, "targetRef": {"kind": "Pod", "name": "a"}},
        {"addresses": ["10.0.0.2"], "conditions": {"ready": False}},
        {"addresses": ["10.0.0.3"], "conditions": {}},
    ]
    slices = [
        slice_body("web-2", None, ports),
        slice_body("web-1", endpoints, ports),
        slice_body("web-3", endpoints, ports, namespace="other"),
    ]
    (service,) = read(services=[service_body()], endpoint_slices=slices).services
    assert service == Service(
        namespace="shop",
        name="web",
        cluster_ips=("10.96.0.1",),
        ports=(
            ServicePort(port=80, target="web", name="http"),
            ServicePort(port=53, protocol=Protocol.UDP, target=53, name="dns"),
        ),
        selector={"a": "b"},
        backends=(
            Backend(service_port=80, protocol=Protocol.TCP, address="10.0.0.1", port=8080, pod="a"),
            Backend(service_port=53, protocol=Protocol.UDP, address="10.0.0.1", port=5353, pod="a"),
            Backend(service_port=80, protocol=Protocol.TCP, address="10.0.0.3", port=8080),
            Backend(service_port=53, protocol=Protocol.UDP, address="10.0.0.3", port=5353),
        ),
    )


def test_headless_and_selectorless_services():
    (service,) = read(services=[service_body(clusterIP="None", clusterIPs=["None"], selector=None)]).services
    assert (service.headless, service.cluster_ips, service.selector) == (True, (), None)
    (service,) = read(services=[service_body(clusterIPs=["10.96.0.1", "fd00::9"])]).services
    assert service.cluster_ips == ("10.96.0.1", "fd00::9")


def test_ports_of_nodes_are_read_where_there_are_some():
    ports = [{"name": "a", "port": 80, "nodePort": 30080}, {"name": "b", "port": 81}]
    (service,) = read(services=[service_body(ports=ports)]).services
    assert [port.node_port for port in service.ports] == [30080, 0]


def test_the_rest_is_passed_on():
    host = ExternalHost(name="partner", address="203.0.113.10")
    found = read_topology(
        namespaces=[{"metadata": {"name": "shop", "labels": {"a": "b"}}}, {"metadata": {"name": "bare"}}],
        nodes=[],
        pods=[],
        services=[],
        endpoint_slices=[],
        externals=(host,),
        nameserver="10.96.0.10",
        cluster_domain="example.test",
    )
    assert found.namespaces == (Namespace(name="shop", labels={"a": "b"}), Namespace(name="bare"))
    assert (found.externals, found.nameserver, found.cluster_domain) == (
        (host,),
        "10.96.0.10",
        "example.test",
    )
