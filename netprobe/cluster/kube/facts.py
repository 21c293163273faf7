"""What a preflight saw of a cluster: plain objects, and why something could not be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from netprobe.cluster.kube.credentials import Credentials
from netprobe.cluster.port import Body, Signs
from netprobe.model.permission import Permission, Purpose

T = TypeVar("T")
Bodies = tuple[Body, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen(Generic[T]):
    """A value, or (None) ``why`` it could not be seen."""

    value: T | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clocks:
    """The server's time in one answer, and ours before it was asked and after it had answered."""

    server: datetime
    before: datetime
    after: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What the server said to a dry run: its ``refusal`` ("" when it would create the object).

    ``added`` are containers that it would put into a pod beside ours.
    """

    refusal: str = ""
    added: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """Everything that the checks of ``doctor`` look at.

    ``lacking`` are the permissions that the account does not have, by the command that needs them.
    ``trial_namespace`` and ``trial_pod`` are the server's answers to a dry run. ``image`` is the image of
    netprobe's pods.
    """

    server: str
    context: str
    proxy: str
    credentials: Credentials
    image: str
    version: str
    clocks: Seen[Clocks]
    lacking: Seen[Mapping[Purpose, tuple[Permission, ...]]]
    namespaces: Seen[Bodies]
    nodes: Seen[Bodies]
    dns_services: Seen[Bodies]
    dns_pods: Seen[Bodies]
    quotas: Seen[Bodies]
    limit_ranges: Seen[Bodies]
    webhooks: Seen[Bodies]
    trial_namespace: Seen[Trial]
    trial_pod: Seen[Trial]
    signs: Signs
