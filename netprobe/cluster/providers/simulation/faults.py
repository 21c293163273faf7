"""What can be wrong with a simulated cluster."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.ip_blocks import IpBlocksMeanPods


@dataclass(frozen=True, kw_only=True, slots=True)
class Faults:
    """A simulated cluster's faults; the default is a cluster that does what policies say.

    Workloads are named without namespace, so that placement does not matter.

    * ``enforces`` false: policies are accepted and ignored; ``unenforced_nodes``: only for pods there.
    * ``dead``: workloads whose servers do not listen. ``impostors``: workload → the identity
      (``ns/pod``) with which it answers.
    * ``dns_dead``: the nameserver does not answer.
    * ``ip_blocks_mean_pods``: no fault, since the reference leaves it open; UNKNOWN is like YES.
    * ``policy_delay``: seconds from a write until policies take effect.
    * ``leaks`` and ``blocks``: (source, destination) workloads whose flows pass, or do not, whatever
      policies say.
    * ``lost_exchanges``: ordinal numbers (from 1, over all sessions) of exchanges that break.
    * ``overload_flows``: a batch with more requests than that times out as a whole.
    * ``slow_seconds``: how long an open flow takes.
    """

    enforces: bool = True
    unenforced_nodes: frozenset[str] = frozenset()
    dead: frozenset[str] = frozenset()
    impostors: tuple[tuple[str, str], ...] = ()
    dns_dead: bool = False
    ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN
    policy_delay: float = 0.0
    leaks: frozenset[tuple[str, str]] = frozenset()
    blocks: frozenset[tuple[str, str]] = frozenset()
    lost_exchanges: frozenset[int] = frozenset()
    overload_flows: int | None = None
    slow_seconds: float = 0.002
