"""What a set of manifests, or a cluster, holds that decides flows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.admin_policy import AdminPolicy
from netprobe.model.place import Place, Problem
from netprobe.model.policy import NetworkPolicy
from netprobe.model.topology import Topology

ObjectKey = tuple[str, str, str]
"""Kind, namespace ("" for cluster-scoped ones) and name."""


class RemarkCode(StrEnum):
    """What a remark is about."""

    UNKNOWN_FIELD = "unknown-field"
    """A field that the API does not have; a lenient server drops it, kubectl refuses it."""

    CIDR_HOST_BITS = "cidr-host-bits"
    """A CIDR with bits set beyond its prefix length, which Kubernetes 1.36 refuses in new objects."""

    DUPLICATE = "duplicate-object"
    """An object that is declared twice; the later one counts, as with kubectl apply."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Remark:
    """Something odd that keeps nobody from deciding flows."""

    code: RemarkCode
    problem: Problem


@dataclass(frozen=True, kw_only=True, slots=True)
class Inventory:
    """Namespaces, pods, Services and nodes as a topology, with the policies of all kinds.

    Pods that a controller makes stand in the topology one by one, with ``workload`` the controller's
    name; a bare pod has its own name there. ``places`` says where each object that decided something
    stands, under its own kind (``("Deployment", "shop", "api")``). ``ignored`` counts, by kind, the
    objects that decide nothing about flows. ``lint_ignores`` are the rules of the lint that objects do
    not want to hear of (annotation ``netprobe.io/lint-ignore``).
    """

    topology: Topology = field(default_factory=Topology)
    policies: tuple[NetworkPolicy, ...] = ()
    admin_policies: tuple[AdminPolicy, ...] = ()
    places: Mapping[ObjectKey, Place] = field(default_factory=dict)
    ignored: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()
    lint_ignores: Mapping[ObjectKey, frozenset[str]] = field(default_factory=dict)
