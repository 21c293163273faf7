"""What is known of a CNI or a platform: how it shows, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.cluster.identity.marks import Mark
from netprobe.cluster.identity.settings import Setting
from netprobe.cluster.identity.workloads import Workload
from netprobe.cluster.port import Body, Signs
from netprobe.model.identification import Enforces, Limit, Role


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformPrint:
    """A distribution or service, known by any of its marks; the first of the table that matches counts.

    ``above`` is the platform that it is built on, which is found with it and not said.
    """

    name: str
    title: str
    marks: tuple[Mark, ...]
    above: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fingerprint:
    """A CNI, or an enforcer of policies.

    Any of ``proofs`` means that it is there. ``hints`` come with it and may outlive it: alone they make it a
    guess, and only where workloads could not be listed. ``enforces`` and ``because`` hold unless one of the
    ``settings`` says otherwise.

    ``platforms``: only on one of these. ``last_resort``: only when no CNI was found otherwise; then the
    platform alone is enough when there are no proofs. ``absorbs`` names others whose marks this one has, too;
    ``beside`` others that it is meant to work with. ``own_version``: its version is that of the kubelets.
    """

    name: str
    title: str
    role: Role
    enforces: Enforces
    because: str
    proofs: tuple[Mark, ...] = ()
    hints: tuple[Mark, ...] = ()
    settings: tuple[Setting, ...] = ()
    limits: tuple[Limit, ...] = ()
    platforms: tuple[str, ...] = ()
    last_resort: bool = False
    absorbs: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    own_version: bool = False

    def workloads(self, signs: Signs) -> Iterator[tuple[Workload, Body]]:
        """The DaemonSets and Deployments that prove it, each with its mark, and each once."""
        seen: list[int] = []
        for mark in self.proofs:
            if isinstance(mark, Workload):
                fresh = [body for body in mark.matches(signs) if id(body) not in seen]
                seen += map(id, fresh)
                yield from ((mark, body) for body in fresh)


def limit(text: str, *ids: str, before: str = "") -> Limit:
    """A documented limit, with the incidents that show it."""
    return Limit(text=text, before=before, ids=ids)
