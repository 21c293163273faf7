"""What the peers of rules are held against."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.oracle.peers import Directory


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The labels of namespaces, and whether ipBlocks mean pods on the network at hand."""

    directory: Directory
    ip_blocks_mean_pods: IpBlocksMeanPods = IpBlocksMeanPods.UNKNOWN
