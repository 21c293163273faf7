"""What a sandbox (a pod, a node, an external host) is asked to be; crosses process borders as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class SandboxSpec:
    """How to make a sandbox.

    ``hostname`` names it. ``etc`` maps file names of /etc to texts. ``sysctls`` are set in its network
    namespace; those in ``known_sysctls`` only if the kernel has them. ``own_network`` false: it shares
    the network of its creator or of the namespace given beside the spec. ``confined`` sandboxes have
    their own processes and files and no capability; the others are parts of the lab itself.
    """

    hostname: str
    etc: Mapping[str, str] = field(default_factory=dict)
    sysctls: Mapping[str, str] = field(default_factory=dict)
    known_sysctls: Mapping[str, str] = field(default_factory=dict)
    own_network: bool = True
    confined: bool = True

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> SandboxSpec:
        """Inverse of ``to_json``."""
        return cls(**body)


@dataclass(frozen=True, kw_only=True, slots=True)
class Uplink:
    """The device that was put into a sandbox, its IPv4 address, and the gateway behind it."""

    device: str
    address: str
    gateway: str
    gateway_mac: str

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Uplink:
        """Inverse of ``to_json``."""
        return cls(**body)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exit:
    """How a process ended: ``code`` as a shell shows it (128 + signal when a signal ended it)."""

    code: int
    signal: int = 0
