"""Services, their backends, and the cluster's DNS."""

from __future__ import annotations

import textwrap

import pytest

from netprobe.model.protocol import Protocol
from netprobe.model.topology import Backend, Service, ServicePort

POD = """\
---
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop, labels: {{app: web}}}}
spec: {{containers: [{{name: main, ports: [{{containerPort: {port}, name: http}}]}}]}}
status: {status}
"""
READY = (
    '{phase: Running, podIPs: [{ip: 10.0.0.1}, {ip: "fd00::1"}], conditions: [{type: Ready, status: "True"}]}'
)


def service(spec, *, name="web", namespace="shop", labels="{}"):
    return textwrap.dedent(f"""\
        ---
        apiVersion: v1
        kind: Service
        metadata: {{name: {name}, namespace: {namespace}, labels: {labels}}}
        spec: {spec}
        """)


WEB = service("{selector: {app: web}, ports: [{port: 80, targetPort: http}], clusterIP: 10.96.0.1}")


def backends(inventory):
    (found,) = inventory.topology.services
    return [(b.pod, b.address, b.port) for b in found.backends]


def test_a_named_target_port_is_what_each_pod_says(read):
    pods = POD.format(name="a", port=8080, status="{}") + POD.format(name="b", port=9090, status="{}")
    assert backends(read(WEB + pods)) == [("a", "", 8080), ("b", "", 9090)]


def test_pods_with_another_label_or_without_that_port_name_are_no_backends(read):
    other = POD.format(name="a", port=80, status="{}").replace("app: web", "app: api")
    nameless = POD.format(name="b", port=80, status="{}").replace(", name: http", "")
    assert backends(read(WEB + other + nameless)) == []


@pytest.mark.parametrize(
    ("status", "more", "expected"),
    [
        (READY, "", [("a", "10.0.0.1", 80)]),
        (READY, ", ipFamilies: [IPv6]", [("a", "fd00::1", 80)]),
        (READY, ", clusterIPs: [10.96.0.1, 'fd00::9']", [("a", "10.0.0.1", 80), ("a", "fd00::1", 80)]),
        (READY.replace('"True"', '"False"'), "", []),
        (READY.replace('"True"', '"False"'), ", publishNotReadyAddresses: true", [("a", "10.0.0.1", 80)]),
        (READY.replace("Running", "Succeeded"), ", publishNotReadyAddresses: true", []),
        ("{phase: Pending}", ", publishNotReadyAddresses: true", []),
    ],
)
def test_the_backends_of_a_dump_are_ready_pods_by_the_families_of_the_service(read, status, more, expected):
    spec = f"{{selector: {{app: web}}, ports: [{{port: 80}}], clusterIP: 10.96.0.1{more}}}"
    assert backends(read(service(spec) + POD.format(name="a", port=80, status=status))) == expected


def test_endpoint_slices_are_believed_before_selectors(read):
    slices = """\
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-x, namespace: shop, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
ports: [{port: 8443, name: ""}]
endpoints:
- {addresses: [10.0.0.7], conditions: {ready: true}, targetRef: {kind: Pod, name: c}}
- {addresses: [10.0.0.8], conditions: {ready: false}}
- {addresses: [10.0.0.9]}
"""
    inventory = read(WEB + slices + POD.format(name="a", port=80, status=READY))
    assert backends(inventory) == [("c", "10.0.0.7", 8443), ("", "10.0.0.9", 8443)]


def test_a_service_is_read_in_full(read):
    (found,) = read(WEB + POD.format(name="a", port=8080, status=READY)).topology.services
    assert found == Service(
        namespace="shop",
        name="web",
        cluster_ips=("10.96.0.1",),
        ports=(ServicePort(port=80, target="http"),),
        selector={"app": "web"},
        backends=(Backend(service_port=80, protocol=Protocol.TCP, address="10.0.0.1", port=8080, pod="a"),),
    )


def test_headless_selectorless_and_external_name_services(read):
    text = (
        service("{clusterIP: None, selector: {app: web}}", name="a")
        + service("{ports: [{port: 80}]}", name="b")
        + service("{type: ExternalName, externalName: db.example.com}", name="c")
    )
    found = read(text).topology.services
    assert [(s.headless, s.cluster_ips, s.selector, s.external_name) for s in found] == [
        (True, (), {"app": "web"}, ""),
        (False, (), None, ""),
        (False, (), None, "db.example.com"),
    ]


@pytest.mark.parametrize(
    ("text", "nameserver"),
    [
        (
            service("{ports: [{port: 53}], clusterIP: 10.96.0.10}", name="kube-dns", namespace="kube-system"),
            "10.96.0.10",
        ),
        (
            service(
                "{ports: [{port: 53}], clusterIP: 10.96.0.10}",
                name="coredns",
                namespace="kube-system",
                labels="{k8s-app: kube-dns}",
            ),
            "10.96.0.10",
        ),
        (service("{ports: [{port: 53}], clusterIP: 10.96.0.10}", name="kube-dns"), ""),
    ],
)
def test_the_nameserver_is_the_cluster_ip_of_the_dns_service(read, text, nameserver):
    assert read(text).topology.nameserver == nameserver


@pytest.mark.parametrize(
    ("spec", "complaint"),
    [
        ("{}", "spec.ports: a Service needs at least one port"),
        ("{type: Magic, ports: [{port: 80}]}", 'spec.type: "Magic" is not one of'),
        ("{type: ExternalName}", "spec.externalName: is required"),
        ("{ports: [{port: 80}, {port: 81}]}", "needs a name"),
        ("{ports: [{port: 80, targetPort: a_b}]}", "spec.ports[0].targetPort"),
    ],
)
def test_what_every_api_server_refuses_of_services(refused, spec, complaint):
    problems = refused(service(spec))
    assert problems
    assert all(complaint in problem for problem in problems)
