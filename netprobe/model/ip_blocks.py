"""Whether an ipBlock of a policy means pods, too: the reference leaves it open, and CNIs differ."""

from __future__ import annotations

from enum import StrEnum


class IpBlocksMeanPods(StrEnum):
    """How the network at hand reads an ipBlock that holds a pod's address.

    Concept page, "Behavior of to and from selectors", ipBlock: "These should be cluster-external IPs,
    since Pod IPs are ephemeral and unpredictable." Calico, kube-router and the lab hold the block against
    any address; Cilium never against that of a pod it manages.
    """

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
