"""The shorthand grid."""

from __future__ import annotations

from netprobe.model.protocol import Protocol
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.load import load_from_files

HEAD = "netprobe: 1\nname: grid\nsteps: [{name: a}]\n"


def _load(rest: str):
    return load_from_files({"scenario.yaml": HEAD + rest})


def test_a_twelve_by_twelve_grid() -> None:
    scenario = _load('grid: {namespaces: [x, "y", z], pods: [a, b, c, d]}\n')
    assert scenario.namespaces == ("x", "y", "z")
    assert len(scenario.workloads) == 12
    assert len(flows_of_step(scenario, scenario.steps[0])) == 12 * 11
    assert scenario.services == ()


def test_forty_pods() -> None:
    scenario = _load("grid: {namespaces: [x, z], pods: 20}\n")
    assert len(flows_of_step(scenario, scenario.steps[0])) == 40 * 39


def test_labels_ports_and_replicas() -> None:
    scenario = _load(
        "grid:\n"
        "  namespaces: {x: {team: red}, z: }\n"
        "  pods: {a: {role: client}}\n"
        "  ports: [80, 81]\n"
        "  protocols: [TCP, UDP]\n"
        "  replicas: 2\n"
    )
    namespace = scenario.manifests[0].body["metadata"]
    assert namespace == {"name": "x", "labels": {"ns": "x", "team": "red"}}
    workload = scenario.workloads[0]
    assert workload.labels == {"pod": "a", "role": "client"}
    assert workload.replicas == 2
    assert [(port.number, port.protocol, port.name) for port in workload.ports] == [
        (80, Protocol.TCP, "p80-tcp"),
        (80, Protocol.UDP, "p80-udp"),
        (81, Protocol.TCP, "p81-tcp"),
        (81, Protocol.UDP, "p81-udp"),
    ]
    assert str(workload.place) == "scenario.yaml:4:1"


def test_services_come_when_via_asks_for_them() -> None:
    scenario = _load("via: [name]\ngrid: {namespaces: [x], pods: [a, b]}\n")
    assert [(service.namespace, service.name) for service in scenario.services] == [("x", "a"), ("x", "b")]
    assert [flow.key for flow in flows_of_step(scenario, scenario.steps[0])] == [
        "x/a[0]->x/b[0]:80/tcp/name:b",
        "x/b[0]->x/a[0]:80/tcp/name:a",
    ]


def test_a_grid_beside_manifests_must_not_repeat_them(load, problems) -> None:
    assert len(load("grid: {namespaces: [x], pods: 2}\nsteps: [{name: a}]\n").workloads) == 5
    found = problems("grid: {namespaces: [shop], pods: [db]}\nsteps: [{name: a}]\n")
    assert found == [
        "scenario.yaml:4:1: Namespace shop is here a second time; the first one is at app.yaml:1:1",
        "scenario.yaml:4:1: Deployment shop/db is here a second time; the first one is at app.yaml:23:1",
    ]
