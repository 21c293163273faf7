"""A loaded scenario: workloads, steps and intent, in the author's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.finding import Expectation
from netprobe.model.place import Place
from netprobe.model.policy import NetworkPolicy
from netprobe.model.protocol import Protocol, Via
from netprobe.model.topology import ContainerPort, ExternalHost, ServicePort


class Feature(StrEnum):
    """What a scenario is about; the columns of a CNI comparison."""

    INGRESS = "ingress"
    EGRESS = "egress"
    DENY_ALL = "deny-all"
    POD_SELECTOR = "pod-selector"
    NAMESPACE_SELECTOR = "namespace-selector"
    COMBINED_SELECTOR = "combined-selector"
    MATCH_EXPRESSIONS = "match-expressions"
    IP_BLOCK = "ip-block"
    EXCEPT = "except"
    PORT = "port"
    NAMED_PORT = "named-port"
    END_PORT = "end-port"
    PROTOCOL_DEFAULT = "protocol-default"
    POLICY_TYPES_DEFAULT = "policy-types-default"
    UDP = "udp"
    SCTP = "sctp"
    DNS = "dns"
    SERVICE = "service"
    NODE = "node"
    EXTERNAL = "external"
    POLICY_UPDATE = "policy-update"
    POLICY_DELETE = "policy-delete"
    LABEL_CHANGE = "label-change"
    POD_RESTART = "pod-restart"
    SCALE = "scale"


FEATURES: Mapping[Feature, str] = {
    Feature.INGRESS: "Policies that isolate pods for ingress, and rules that let traffic in.",
    Feature.EGRESS: "Policies that isolate pods for egress, and rules that let traffic out.",
    Feature.DENY_ALL: "A policy without rules: everything in its direction is denied.",
    Feature.POD_SELECTOR: "Peers chosen by the labels of pods in the policy's own namespace.",
    Feature.NAMESPACE_SELECTOR: "Peers chosen by the labels of their namespace.",
    Feature.COMBINED_SELECTOR: "namespaceSelector and podSelector in one peer (and) or in two (or).",
    Feature.MATCH_EXPRESSIONS: "Selectors with matchExpressions: In, NotIn, Exists, DoesNotExist.",
    Feature.IP_BLOCK: "Peers chosen by a range of addresses.",
    Feature.EXCEPT: "Ranges taken out of an ipBlock.",
    Feature.PORT: "Rules for a port given by number.",
    Feature.NAMED_PORT: "Rules for a port given by its name, which each pod resolves for itself.",
    Feature.END_PORT: "Rules for a range of ports (endPort).",
    Feature.PROTOCOL_DEFAULT: "A port without a protocol, which means TCP.",
    Feature.POLICY_TYPES_DEFAULT: "No policyTypes: Ingress, and Egress when the policy has egress rules.",
    Feature.UDP: "Rules for UDP.",
    Feature.SCTP: "Rules for SCTP.",
    Feature.DNS: "Traffic to the cluster's DNS, allowed or forgotten.",
    Feature.SERVICE: "Traffic through a Service, by its address or its name.",
    Feature.NODE: "Traffic to the pod's own node, or to another one.",
    Feature.EXTERNAL: "Traffic to hosts outside of the cluster.",
    Feature.POLICY_UPDATE: "A policy that is changed while it is in force.",
    Feature.POLICY_DELETE: "A policy that is deleted: what it denied must open again.",
    Feature.LABEL_CHANGE: "Labels of running pods or namespaces that change under a policy.",
    Feature.POD_RESTART: "Pods that are replaced, with new addresses, under a policy.",
    Feature.SCALE: "Replicas that come and go under a policy.",
}
"""What each feature is about, in a sentence."""


class Requires(StrEnum):
    """What a scenario needs of a cluster; when missing, its findings are SKIP with the reason."""

    TWO_NODES = "two-nodes"
    DUAL_STACK = "dual-stack"
    SCTP = "sctp"


REQUIREMENTS: Mapping[Requires, str] = {
    Requires.TWO_NODES: "At least two nodes that take pods.",
    Requires.DUAL_STACK: "Pods with an IPv4 and an IPv6 address.",
    Requires.SCTP: "SCTP in the nodes' kernel and in the CNI.",
}
"""What each requirement means, in a sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """One Kubernetes object as written: ``body`` is the plain dict, ``place`` where it begins.

    ``policy`` is the NetworkPolicy that it was read as, None for other kinds.
    """

    body: Mapping[str, object]
    place: Place
    policy: NetworkPolicy | None = field(default=None, compare=False)

    @property
    def kind(self) -> str:
        """The object's kind."""
        return str(self.body.get("kind", ""))

    @property
    def namespace(self) -> str:
        """metadata.namespace, or "" when cluster-scoped or absent."""
        metadata = self.body.get("metadata")
        return str(metadata.get("namespace") or "") if isinstance(metadata, Mapping) else ""

    @property
    def name(self) -> str:
        """metadata.name."""
        metadata = self.body.get("metadata")
        return str(metadata.get("name") or "") if isinstance(metadata, Mapping) else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """A Deployment, DaemonSet or Pod of the scenario, reduced to what decides flows."""

    namespace: str
    name: str
    kind: str = "Deployment"
    replicas: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[ContainerPort, ...] = ()
    host_network: bool = False
    place: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenarioService:
    """A Service of the scenario, before any cluster; ``on_nodes``: it is of type NodePort."""

    namespace: str
    name: str
    selector: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[ServicePort, ...] = ()
    headless: bool = False
    on_nodes: bool = False


class ActionKind(StrEnum):
    """What a step can do, in the words of the scenario file."""

    APPLY = "apply"
    DELETE = "delete"
    REPLACE = "replace"
    LABEL = "label"
    SCALE = "scale"
    RESTART = "restart"


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """One write of a step, in the author's names.

    APPLY and REPLACE carry ``manifests``. The others name a target: ``target_kind`` (Namespace,
    NetworkPolicy or a workload kind), ``namespace``, ``name``. LABEL carries ``labels`` (None
    removes one); for a workload it relabels its running pods. SCALE carries ``replicas``.
    RESTART deletes the workload's pods.
    """

    kind: ActionKind
    manifests: tuple[Manifest, ...] = ()
    target_kind: str = ""
    namespace: str = ""
    name: str = ""
    labels: Mapping[str, str | None] = field(default_factory=dict)
    replicas: int = 0
    place: Place | None = None


class Default(StrEnum):
    """What the intent says of flows that no line names; with NONE only named ones are flows at all."""

    ALLOW = "allow"
    DENY = "deny"
    POLICY = "policy"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class EndPattern:
    """One side of an intent line: a namespace and workload (``*`` for any), or a special destination.

    ``index`` picks one replica, None means every one. ``special`` is "", "dns", "external" (then
    ``name`` is the host, ``*`` any) or "node" (then ``name`` is ``own`` or ``another``).
    """

    namespace: str = "*"
    workload: str = "*"
    index: int | None = None
    special: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class IntentLine:
    """One line of ``allow:`` or ``deny:``; ``port``/``protocol``/``via`` None mean any."""

    expectation: Expectation
    sources: tuple[EndPattern, ...]
    destinations: tuple[EndPattern, ...]
    port: int | None = None
    protocol: Protocol | None = None
    via: Via | None = None
    text: str = ""
    place: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """What the author wants to be true after a step."""

    default: Default = Default.POLICY
    lines: tuple[IntentLine, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A named point in a scenario: writes, then an intent to be checked."""

    name: str
    actions: tuple[Action, ...] = ()
    intent: Intent = field(default_factory=Intent)
    place: Place | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """A scenario in the author's names.

    ``bystanders`` are pods of others, each as a workload of one: they are destinations, and nothing is done
    to them. ``files`` maps relative file names to their text: with them the scenario can be loaded again
    from a journal, byte for byte.
    """

    name: str
    title: str = ""
    description: str = ""
    features: frozenset[Feature] = frozenset()
    requires: frozenset[Requires] = frozenset()
    namespaces: tuple[str, ...] = ()
    manifests: tuple[Manifest, ...] = ()
    workloads: tuple[Workload, ...] = ()
    services: tuple[ScenarioService, ...] = ()
    externals: tuple[ExternalHost, ...] = ()
    bystanders: tuple[Workload, ...] = ()
    via: tuple[Via, ...] = (Via.IP,)
    steps: tuple[Step, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
