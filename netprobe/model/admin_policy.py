"""Cluster-wide policies of policy.networking.k8s.io as data.

One shape for three kinds: AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) and
ClusterNetworkPolicy (v1alpha2), which has both tiers. Absent and empty stay distinct, as in ``policy``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.place import Place
from netprobe.model.policy import LabelSelector
from netprobe.model.protocol import Protocol


class Tier(StrEnum):
    """When a policy is asked: before all NetworkPolicies, or only where none of them selects the pod."""

    ADMIN = "Admin"
    BASELINE = "Baseline"


class Action(StrEnum):
    """What a rule does with the traffic that it matches; ``Accept`` of v1alpha2 is ALLOW."""

    ALLOW = "Allow"
    DENY = "Deny"
    PASS = "Pass"  # noqa: S105 - the API's word


@dataclass(frozen=True, kw_only=True, slots=True)
class PodsIn:
    """Pods of the namespaces that ``namespaces`` selects: all of them, or those that ``pods`` selects."""

    namespaces: LabelSelector
    pods: LabelSelector | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AdminPeer:
    """One entry of ``from`` or ``to``, with exactly one field set.

    None is set only in an object that a cluster holds and that says something newer than this model:
    then the rule fails closed (reference: the peer types' "fail closed").
    """

    pods: PodsIn | None = None
    nodes: LabelSelector | None = None
    networks: tuple[str, ...] | None = None
    domain_names: tuple[str, ...] | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class AdminPort:
    """One entry of ``ports`` (``protocols``): a number, a range, a name, or every port of a protocol.

    ``protocol`` is None only for a port name, which means the destination pod's port of that name
    whatever its protocol.
    """

    protocol: Protocol | None = Protocol.TCP
    port: int | str | None = None
    end_port: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AdminRule:
    """One rule; ``ports`` None means every port of every protocol."""

    action: Action
    peers: tuple[AdminPeer, ...]
    ports: tuple[AdminPort, ...] | None = None
    name: str = ""
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class AdminPolicy:
    """A cluster-wide policy. Lower ``priority`` (0 to 1000) is asked first; v1alpha1's baseline has 0."""

    kind: str
    name: str
    tier: Tier
    priority: int
    subject: PodsIn
    ingress: tuple[AdminRule, ...] = ()
    egress: tuple[AdminRule, ...] = ()
    place: Place | None = field(default=None, compare=False)
