"""Reading everything of a cluster that decides flows, for questions that need no packets."""

from __future__ import annotations

from netprobe.cluster.kube.admin_policies import read_admin_policies
from netprobe.cluster.kube.kinds import collection_path
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.port import Body, Census

_KINDS = ("Namespace", "Node", "Pod", "Service", "EndpointSlice", "NetworkPolicy")


def read_census(rest: Rest) -> Census:
    """Return all objects of the kinds that decide flows, in all namespaces.

    Raises Refused when one of them may not be listed: without it, every answer would be in doubt.
    """
    bodies: list[Body] = []
    for kind in _KINDS:
        bodies += rest.items(collection_path(kind))
    admin_policies, unreadable = read_admin_policies(rest)
    return Census(bodies=(*bodies, *admin_policies), unreadable=unreadable)
