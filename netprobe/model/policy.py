"""NetworkPolicy objects of networking.k8s.io/v1 as data.

Absent and empty stay distinct everywhere (``None`` is absent, ``()`` is empty), because the API
reference gives them opposite meanings. No matching lives here: the oracle and the lab each have
their own, so that one's mistake cannot confirm the other's. Two things that say the same are
equal, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.place import Place
from netprobe.model.protocol import Protocol


class Direction(StrEnum):
    """A policyType, from the point of view of the selected pod."""

    INGRESS = "Ingress"
    EGRESS = "Egress"


class Operator(StrEnum):
    """An operator of a label selector requirement."""

    IN = "In"
    NOT_IN = "NotIn"
    EXISTS = "Exists"
    DOES_NOT_EXIST = "DoesNotExist"


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """One entry of ``matchExpressions``."""

    key: str
    operator: Operator
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelSelector:
    """A metav1.LabelSelector; with nothing in it, it selects everything."""

    match_labels: Mapping[str, str] = field(default_factory=dict)
    match_expressions: tuple[Requirement, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class IPBlock:
    """An ipBlock: ``cidr`` and the ``except`` list, as written (both are valid CIDRs)."""

    cidr: str
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Peer:
    """One entry of ``from`` or ``to``. Exactly an ip_block, or at least one selector."""

    pod_selector: LabelSelector | None = None
    namespace_selector: LabelSelector | None = None
    ip_block: IPBlock | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class PolicyPort:
    """One entry of ``ports``: ``port`` is a number, a name, or None (every port of the protocol)."""

    protocol: Protocol = Protocol.TCP
    port: int | str | None = None
    end_port: int | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One ingress or egress rule; ``None`` or ``()`` peers (ports) mean every peer (port)."""

    peers: tuple[Peer, ...] | None = None
    ports: tuple[PolicyPort, ...] | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class NetworkPolicy:
    """A NetworkPolicy with ``policyTypes`` already defaulted; ``ingress``/``egress`` None means absent."""

    namespace: str
    name: str
    pod_selector: LabelSelector
    policy_types: frozenset[Direction]
    ingress: tuple[Rule, ...] | None = None
    egress: tuple[Rule, ...] | None = None
    place: Place | None = field(default=None, compare=False)
