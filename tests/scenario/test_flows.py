"""The flows of a step."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.model.protocol import Protocol, Via
from netprobe.model.scenario import Scenario, ScenarioService, Step, Workload
from netprobe.model.topology import ContainerPort, ServicePort
from netprobe.scenario.flows import flows_of_step


def _keys(scenario: Scenario, step: int = 0) -> list[str]:
    return [flow.key for flow in flows_of_step(scenario, scenario.steps[step])]


def test_every_ordered_pair_of_pods_at_every_declared_port(load) -> None:
    assert _keys(load()) == [
        "shop/web[0]->shop/web[1]:8080/tcp/ip",
        "shop/web[0]->shop/db[0]:5432/tcp/ip",
        "shop/web[0]->shop/db[0]:5432/udp/ip",
        "shop/web[1]->shop/web[0]:8080/tcp/ip",
        "shop/web[1]->shop/db[0]:5432/tcp/ip",
        "shop/web[1]->shop/db[0]:5432/udp/ip",
        "shop/db[0]->shop/web[0]:8080/tcp/ip",
        "shop/db[0]->shop/web[1]:8080/tcp/ip",
        "ops/probe[0]->shop/web[0]:8080/tcp/ip",
        "ops/probe[0]->shop/web[1]:8080/tcp/ip",
        "ops/probe[0]->shop/db[0]:5432/tcp/ip",
        "ops/probe[0]->shop/db[0]:5432/udp/ip",
    ]


def test_one_flow_per_service_port_and_way_from_pods_that_do_not_back_it(load) -> None:
    flows = flows_of_step(scenario := load("via: [service, name]\nsteps: [{name: one}]"), scenario.steps[0])
    assert [flow.key for flow in flows] == [
        "shop/db[0]->shop/web[0]:8080/tcp/service:web:80",
        "shop/db[0]->shop/web[0]:8080/tcp/name:web:80",
        "ops/probe[0]->shop/web[0]:8080/tcp/service:web:80",
        "ops/probe[0]->shop/web[0]:8080/tcp/name:web:80",
    ]
    assert {(flow.port, flow.service, flow.service_port) for flow in flows} == {(8080, "web", 80)}


def test_with_default_none_only_what_a_line_names_is_a_flow(load) -> None:
    scenario = load(
        """\
        via: [ip, service]
        steps:
        - name: one
          intent:
            default: none
            allow: ["ops/probe -> shop/web:8080 via service", "shop/db -> dns/udp"]
            deny: ["shop/web[0] -> shop/db:5432/tcp via ip"]
        """
    )
    assert _keys(scenario) == [
        "shop/web[0]->shop/db[0]:5432/tcp/ip",
        "shop/db[0]->dns:53/udp/ip",
        "ops/probe[0]->shop/web[0]:8080/tcp/service:web:80",
    ]


def test_special_destinations_only_for_the_sources_that_a_line_names(load) -> None:
    scenario = load(
        """\
        external:
        - {name: partner, address: 203.0.113.10, ports: [443, 8443]}
        - {name: clock, address: 203.0.113.11, ports: [123], protocol: UDP}
        steps:
        - name: one
          intent:
            deny:
            - ops/probe -> node:another:10250, node:own:53/udp
            - ops/probe -> external:*:443, dns
            - shop/db -> dns/udp, external:clock
        """
    )
    special = [key for key in _keys(scenario) if "->shop" not in key]
    assert special == [
        "shop/db[0]->dns:53/udp/ip",
        "shop/db[0]->external:clock:123/udp/ip",
        "ops/probe[0]->dns:53/udp/ip",
        "ops/probe[0]->dns:53/tcp/ip",
        "ops/probe[0]->external:partner:443/tcp/ip",
        "ops/probe[0]->node:another:10250/tcp/ip",
        "ops/probe[0]->node:own:53/udp/ip",
    ]


def test_steps_that_scale_and_relabel_change_the_flows(load) -> None:
    scenario = load(
        """\
        via: [service]
        steps:
        - name: before
        - name: grown
          scale: [{workload: ops/probe, replicas: 2}]
        - name: gone
          scale: [{workload: shop/web, replicas: 0}]
        """
    )
    before, grown, gone = (_keys(scenario, number) for number in range(3))
    assert [key for key in grown if key not in before] == [
        "ops/probe[1]->shop/web[0]:8080/tcp/service:web:80"
    ]
    assert gone == []


def _web(**changes: object) -> Workload:
    given = {
        "namespace": "x",
        "name": "web",
        "labels": {"a": "1"},
        "ports": (ContainerPort(number=80, name="h"),),
    }
    return Workload(**{**given, **changes})


def _scenario(services: tuple[ScenarioService, ...], *workloads: Workload) -> Scenario:
    client = Workload(namespace="x", name="client")
    return Scenario(
        name="s",
        via=(Via.SERVICE, Via.NAME),
        workloads=(client, *workloads),
        services=services,
        steps=(Step(name="1"),),
    )


def _service(*ports: ServicePort, **changes: object) -> ScenarioService:
    return ScenarioService(
        **{"namespace": "x", "name": "s", "selector": {"a": "1"}, "ports": ports, **changes}
    )


@pytest.mark.parametrize(
    ("service", "keys"),
    [
        (_service(ServicePort(port=80, target="h")), ["service:s", "name:s"]),
        (_service(ServicePort(port=81, target=80)), ["service:s:81", "name:s:81"]),
        (_service(ServicePort(port=80)), ["service:s", "name:s"]),
        # Two ports to the same target are two flows.
        (
            _service(ServicePort(port=80, target=80), ServicePort(port=81, target=80)),
            ["service:s", "service:s:81", "name:s", "name:s:81"],
        ),
        # A headless Service has a name only, and translates no port.
        (_service(ServicePort(port=81, target=80), headless=True), ["name:s"]),
        (_service(ServicePort(port=80, protocol=Protocol.UDP)), []),
        (_service(ServicePort(port=80, target=9999)), []),
        (_service(ServicePort(port=80, target="other")), []),
        (_service(ServicePort(port=80), selector={}), []),
        (_service(ServicePort(port=80), selector={"a": "1", "b": "2"}), []),
        (_service(ServicePort(port=80), namespace="y"), []),
    ],
)
def test_what_a_service_leads_to(service: ScenarioService, keys: list[str]) -> None:
    found = _keys(_scenario((service,), _web()))
    assert found == [f"x/client[0]->x/web[0]:80/tcp/{key}" for key in keys]


def test_several_workloads_behind_a_service_are_one_flow_and_no_sources() -> None:
    blind = _web(name="blind", ports=())
    canary = _web(name="canary")
    found = _keys(_scenario((_service(ServicePort(port=80)),), blind, _web(), canary))
    assert found == ["x/client[0]->x/web[0]:80/tcp/service:s", "x/client[0]->x/web[0]:80/tcp/name:s"]


@given(st.lists(st.tuples(st.integers(0, 3), st.sets(st.integers(1, 4), max_size=3)), min_size=1, max_size=5))
def test_by_address_there_is_one_flow_per_pair_and_port(shape: list[tuple[int, set[int]]]) -> None:
    workloads = tuple(
        Workload(
            namespace="x",
            name=f"w{number}",
            replicas=replicas,
            ports=tuple(ContainerPort(number=port) for port in sorted(ports)),
        )
        for number, (replicas, ports) in enumerate(shape)
    )
    scenario = Scenario(name="s", workloads=workloads, steps=(Step(name="1"),))
    flows = flows_of_step(scenario, scenario.steps[0])
    pods = [(w, i) for w in workloads for i in range(w.replicas)]
    assert len(flows) == sum(len(d.ports) for (_, (d, _)) in itertools.permutations(pods, 2))
    assert len({flow.key for flow in flows}) == len(flows)
    assert all(flow.source != flow.destination for flow in flows)


def test_by_second_address_every_pair_is_asked_once_more() -> None:
    web, api = _web(), _web(name="api")
    scenario = Scenario(name="s", via=(Via.IP, Via.SECOND_IP), workloads=(web, api), steps=(Step(name="1"),))
    assert _keys(scenario) == [
        "x/web[0]->x/api[0]:80/tcp/ip",
        "x/web[0]->x/api[0]:80/tcp/second-ip",
        "x/api[0]->x/web[0]:80/tcp/ip",
        "x/api[0]->x/web[0]:80/tcp/second-ip",
    ]


def test_a_line_may_name_a_pod_and_its_own_service_where_nothing_else_is_asked(load) -> None:
    line = '"shop/web[0] -> shop/web via service"'
    scenario = load(
        f"via: [ip, service]\nsteps: [{{name: one, intent: {{default: none, allow: [{line}]}}}}]\n"
    )
    assert _keys(scenario) == ["shop/web[0]->shop/web[0]:8080/tcp/service:web:80"]


def test_only_services_of_type_nodeport_have_ports_of_nodes() -> None:
    service = _service(ServicePort(port=80))
    for found, ways in ((service, []), (replace(service, on_nodes=True), ["node-port:s"])):
        scenario = replace(_scenario((found,), _web()), via=(Via.NODE_PORT,))
        assert _keys(scenario) == [f"x/client[0]->x/web[0]:80/tcp/{way}" for way in ways]


BYSTANDERS = """\
bystanders:
- {{namespace: {0}, name: api-7d, ports: [{{port: 80}}, {{port: 53, protocol: UDP}}]}}
steps:
- {{name: one, intent: {{default: none, allow: ["shop/db -> {1}/api-7d:80"], deny: ["ops/* -> {1}/*"]}}}}
- {{name: two}}
"""


@pytest.mark.parametrize(("namespace", "named"), [("pay", "pay"), ("shop", "shop@cluster")])
def test_a_bystander_is_a_destination_and_never_a_source(load, namespace, named) -> None:
    scenario = load(BYSTANDERS.format(namespace, named))
    to = f"{named}/api-7d[0]"
    assert _keys(scenario) == [
        f"shop/db[0]->{to}:80/tcp/ip",
        f"ops/probe[0]->{to}:80/tcp/ip",
        f"ops/probe[0]->{to}:53/udp/ip",
    ]
    about = [key for key in _keys(scenario, 1) if "api-7d" in key]
    assert len(about) == 4 * 2, "each of four pods asks both ports"
    assert not [key for key in about if key.startswith(named)]
