"""Addresses of the scenario's pods, for policies that name a pod where a CIDR stands."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from netprobe.errors import EnvironmentFailure
from netprobe.model.flow import PodRef
from netprobe.runner.snapshot import Snapshot


def cidr_in(snapshot: Snapshot) -> Callable[[str], str]:
    """Return what turns ``namespace/workload`` into the first replica's address as a CIDR of its own.

    It raises EnvironmentFailure for a pod that has no address.
    """
    pods = snapshot.pods()

    def cidr(name: str) -> str:
        namespace, _, workload = name.partition("/")
        pod = pods.get(PodRef(namespace=namespace, workload=workload))
        if pod is None or not pod.ips:
            raise EnvironmentFailure(f"{name} has no address that a policy could name")
        address = ipaddress.ip_address(pod.ips[0])
        return f"{address}/{address.max_prefixlen}"

    return cidr
