"""Transport protocols and the ways to address a destination."""

from __future__ import annotations

from enum import StrEnum


class Protocol(StrEnum):
    """A transport protocol that a NetworkPolicy can name."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"


class Via(StrEnum):
    """How a flow addresses its destination.

    By the pod's IP, by its second IP (that of the other family, in a dual-stack cluster), by the
    ClusterIP of a Service, by its DNS name, or by its port on a node that runs no pod behind it.
    """

    IP = "ip"
    SECOND_IP = "second-ip"
    SERVICE = "service"
    NAME = "name"
    NODE_PORT = "node-port"

    @property
    def is_by_service(self) -> bool:
        """Whether a Service leads there."""
        return self in (Via.SERVICE, Via.NAME, Via.NODE_PORT)
