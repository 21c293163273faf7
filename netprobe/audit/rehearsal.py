"""A scenario's states as they would be on a cluster, before there is one: for predictions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from netprobe.audit.history import History, State
from netprobe.manifests.policy import decode_policy_body
from netprobe.model.policy import NetworkPolicy
from netprobe.model.protocol import Protocol
from netprobe.model.scenario import Action, ActionKind, Scenario, Workload
from netprobe.model.topology import (
    Backend,
    ContainerPort,
    Namespace,
    Node,
    Pod,
    Service,
    ServicePort,
    Topology,
)
from netprobe.scenario.addresses import with_addresses
from netprobe.scenario.flows import selects

_NAME = "kubernetes.io/metadata.name"
_NAMESERVER = "10.96.0.10"
_DNS_POD = Pod(
    namespace="kube-system",
    name="coredns",
    workload="coredns",
    uid="coredns",
    labels={"k8s-app": "kube-dns"},
    ips=("10.244.0.2",),
    ports=(ContainerPort(number=53, protocol=Protocol.UDP), ContainerPort(number=53)),
)
_DNS = Service(
    namespace="kube-system",
    name="kube-dns",
    cluster_ips=(_NAMESERVER,),
    backends=tuple(
        Backend(service_port=53, protocol=protocol, address=_DNS_POD.ips[0], port=53, pod=_DNS_POD.name)
        for protocol in (Protocol.UDP, Protocol.TCP)
    ),
)


def rehearse(
    scenario: Scenario, labels: Mapping[str, Mapping[str, str]], nodes: Mapping[tuple[str, str], str]
) -> list[History]:
    """Return, for each step, the states up to it; the first state is that before all policies.

    ``labels`` are those of the namespaces; ``nodes`` says where each workload runs.
    """
    stage = _Stage(
        scenario=scenario,
        namespaces={name: {_NAME: name, **found} for name, found in labels.items()},
        pods={},
        policies={},
        numbers=itertools.count(1),
        nodes=nodes,
    )
    for workload in scenario.workloads:
        stage.start(workload)
    states = [stage.state()]
    histories: list[History] = []
    for step in scenario.steps:
        for action in step.actions:
            stage.act(action)
        states.append(stage.state())
        histories.append(tuple(states))
    return histories


@dataclass(kw_only=True, slots=True)
class _Stage:
    scenario: Scenario
    namespaces: dict[str, Mapping[str, str]]
    pods: dict[tuple[str, str], Pod]
    policies: dict[tuple[str, str], NetworkPolicy]
    numbers: Iterator[int]
    nodes: Mapping[tuple[str, str], str]

    def start(self, workload: Workload) -> None:
        """Let a new pod of the workload run."""
        key = (workload.namespace, workload.name)
        number = next(self.numbers)
        address = f"10.244.1.{number}"
        bare = workload.kind == "Pod"
        self.pods[key] = Pod(
            namespace=workload.namespace,
            name=workload.name if bare else f"{workload.name}-{address}",
            workload=workload.name,
            labels=workload.labels,
            ips=(address, f"fd00::{number:x}"),
            ports=workload.ports,
            node=self.nodes.get(key, ""),
            uid=address,
        )

    def act(self, action: Action) -> None:
        """Carry out an action of a step."""
        key = (action.namespace, action.name)
        match action.kind:
            case ActionKind.APPLY | ActionKind.REPLACE:
                for manifest in action.manifests:
                    policy = decode_policy_body(with_addresses(manifest.body, self._cidr))
                    self.policies[policy.namespace, policy.name] = policy
            case ActionKind.DELETE:
                self.policies.pop(key, None)
            case ActionKind.LABEL if action.target_kind == "Namespace":
                self.namespaces[action.name] = _relabelled(self.namespaces[action.name], action.labels)
            case ActionKind.LABEL:
                pod = self.pods[key]
                self.pods[key] = replace(pod, labels=_relabelled(pod.labels, action.labels))
            case ActionKind.RESTART:
                self.start(next(w for w in self.scenario.workloads if (w.namespace, w.name) == key))
            case ActionKind.SCALE:
                raise NotImplementedError("an audit scales nothing")

    def state(self) -> State:
        """What the cluster holds now."""
        spaces = {**self.namespaces, "kube-system": {_NAME: "kube-system"}}
        topology = Topology(
            namespaces=tuple(Namespace(name=name, labels=dict(found)) for name, found in spaces.items()),
            pods=(*self.pods.values(), _DNS_POD),
            services=(*self._services(), _DNS),
            nodes=tuple(
                Node(name=name, addresses=(f"172.30.0.{number}",))
                for number, name in enumerate(sorted(set(self.nodes.values())), start=2)
            ),
            externals=self.scenario.externals,
            nameserver=_NAMESERVER,
        )
        return State(topology=topology, policies=tuple(self.policies.values()))

    def _services(self) -> Iterator[Service]:
        for number, service in enumerate(self.scenario.services):
            behind = [w for w in self.scenario.workloads if selects(service, w)]
            pods = [self.pods[workload.namespace, workload.name] for workload in behind]
            yield Service(
                namespace=service.namespace,
                name=service.name,
                cluster_ips=() if service.headless else (f"10.96.1.{number + 1}",),
                headless=service.headless,
                ports=service.ports,
                selector=service.selector,
                backends=tuple(_backend(port, pod) for port in service.ports for pod in pods),
            )

    def _cidr(self, name: str) -> str:
        namespace, _, workload = name.partition("/")
        return f"{self.pods[namespace, workload].ips[0]}/32"


def _backend(port: ServicePort, pod: Pod) -> Backend:
    named = {each.name: each.number for each in pod.ports}
    number = port.target if isinstance(port.target, int) else named[port.target]
    return Backend(
        service_port=port.port, protocol=port.protocol, address=pod.ips[0], port=number, pod=pod.name
    )


def _relabelled(labels: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    merged = {**labels, **changes}
    return {key: value for key, value in merged.items() if value is not None}
