"""The guide's three-tier scenario: its flows and expectations, and that they follow from its policies."""

from __future__ import annotations

from pathlib import Path

import pytest

from netprobe.manifests.policy import decode_policy_body
from netprobe.model.policy import NetworkPolicy
from netprobe.model.protocol import Protocol
from netprobe.model.scenario import ActionKind, Scenario, Step
from netprobe.model.topology import Backend, ContainerPort, Namespace, Pod, Service, ServicePort, Topology
from netprobe.oracle.decide import Oracle
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.intent import intent_for
from netprobe.scenario.library import find_scenario, library_roots
from netprobe.scenario.load import load_scenario

GOLDEN = Path(__file__).parent / "golden" / "three-tier.txt"
NAMESERVER = "10.96.0.10"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario(find_scenario("three-tier", library_roots()))


def test_flows_and_expectations(scenario: Scenario) -> None:
    listing = []
    for step in scenario.steps:
        listing.append(f"# {step.name}\n")
        for flow in flows_of_step(scenario, step):
            intent = intent_for(scenario, step, flow)
            listing.append(f"{flow.key}  {intent.expectation.value}  {intent.text}\n")
    assert "".join(listing) == GOLDEN.read_text(encoding="utf-8")


def test_the_intent_is_what_the_policies_say(scenario: Scenario) -> None:
    topology = _topology(scenario)
    in_force: list[NetworkPolicy] = []
    for step in scenario.steps:
        in_force += _applied(step)
        oracle = Oracle(topology, in_force)
        said = {flow.key: oracle.decide(flow).answer.lower() for flow in flows_of_step(scenario, step)}
        wanted = {
            flow.key: intent_for(scenario, step, flow).expectation.value
            for flow in flows_of_step(scenario, step)
        }
        assert said == wanted


def _applied(step: Step) -> list[NetworkPolicy]:
    assert {action.kind for action in step.actions} == {ActionKind.APPLY}
    return [decode_policy_body(manifest.body) for action in step.actions for manifest in action.manifests]


def _topology(scenario: Scenario) -> Topology:
    """The scenario's pods as a cluster would run them, with the DNS pods of kube-system."""
    labels = {
        manifest.name: manifest.body["metadata"].get("labels", {})
        for manifest in scenario.manifests
        if manifest.kind == "Namespace"
    }
    pods = [
        Pod(
            namespace=workload.namespace,
            name=workload.name,
            workload=workload.name,
            labels=workload.labels,
            ports=workload.ports,
            ips=(f"10.244.0.{number}",),
        )
        for number, workload in enumerate(scenario.workloads, start=1)
    ]
    services = [
        Service(
            namespace=service.namespace,
            name=service.name,
            cluster_ips=(f"10.96.1.{number}",),
            ports=service.ports,
            selector=service.selector,
            backends=tuple(
                Backend(
                    service_port=port.port,
                    protocol=port.protocol,
                    address=pod.ips[0],
                    port=int(port.target),
                    pod=pod.name,
                )
                for port in service.ports
                for pod in pods
                if pod.namespace == service.namespace and service.selector.items() <= pod.labels.items()
            ),
        )
        for number, service in enumerate(scenario.services, start=1)
    ]
    both = (Protocol.UDP, Protocol.TCP)
    dns = Pod(
        namespace="kube-system",
        name="coredns",
        labels={"k8s-app": "kube-dns"},
        ports=tuple(ContainerPort(number=53, protocol=protocol) for protocol in both),
        ips=("10.244.0.99",),
    )
    nameserver = Service(
        namespace="kube-system",
        name="kube-dns",
        cluster_ips=(NAMESERVER,),
        ports=tuple(ServicePort(port=53, protocol=protocol, target=53) for protocol in both),
        selector=dns.labels,
        backends=tuple(
            Backend(service_port=53, protocol=protocol, address=dns.ips[0], port=53, pod=dns.name)
            for protocol in both
        ),
    )
    return Topology(
        namespaces=tuple(
            Namespace(name=name, labels={**labels.get(name, {}), "kubernetes.io/metadata.name": name})
            for name in (*scenario.namespaces, "kube-system")
        ),
        pods=(*pods, dns),
        services=(*services, nameserver),
        nameserver=NAMESERVER,
    )
