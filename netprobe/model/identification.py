"""Which CNI a cluster seems to have. All of it is a hint: only packets prove that policies are enforced."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Enforces(StrEnum):
    """Whether something should enforce NetworkPolicies, by what it is and how it is set."""

    YES = "yes"
    NO = "no"
    BY_SETTING = "by-setting"
    """A setting decides that could not be read."""

    UNKNOWN = "unknown"


class Role(StrEnum):
    """What a component does: it wires the pods, enforces policies, or both."""

    CNI = "cni"
    ENFORCER = "enforcer"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """One thing that was seen: ``where`` names the object, ``what`` the telling part of it (may be empty)."""

    where: str
    what: str = ""

    def __str__(self) -> str:
        """Render as ``DaemonSet kube-system/aws-node: container aws-eks-nodeagent``."""
        return f"{self.where}: {self.what}" if self.what else self.where


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """What a CNI is documented, or known from reported incidents, not to do.

    ``before`` is the first version without the limit ("" when none is known to be without it). ``ids``
    name the incidents.
    """

    text: str
    before: str = ""
    ids: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Render as ``before v1.3: no endPort``."""
        return f"before {self.before}: {self.text}" if self.before else self.text


@dataclass(frozen=True, kw_only=True, slots=True)
class Agent:
    """The DaemonSet that brings a component to the nodes: pods wanted, pods ready."""

    name: str
    wanted: int
    ready: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Platform:
    """A distribution or service that a cluster runs on (EKS, k3s, kind …)."""

    name: str
    title: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundCni:
    """A CNI, or an enforcer of policies beside one.

    ``version`` is "" when nothing tells it. ``because`` says why it should or should not enforce.
    """

    name: str
    title: str
    version: str
    role: Role
    enforces: Enforces
    because: str
    evidence: tuple[Evidence, ...]
    limits: tuple[Limit, ...] = ()
    agents: tuple[Agent, ...] = ()

    @property
    def is_cni(self) -> bool:
        """Whether it wires pods."""
        return self.role is not Role.ENFORCER


@dataclass(frozen=True, kw_only=True, slots=True)
class Identification:
    """What a cluster looks like.

    ``found`` is empty when nothing is known of it. ``enforces`` is what to expect of the cluster as a whole,
    and ``because`` says why. ``unseen`` lists what could not be read.
    """

    version: str
    nodes: int
    platforms: tuple[Platform, ...]
    found: tuple[FoundCni, ...]
    enforces: Enforces
    because: str
    warnings: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
