"""Transport protocols and the ways to address a destination."""

from __future__ import annotations

from enum import StrEnum


class Protocol(StrEnum):
    """A transport protocol that a NetworkPolicy can name."""

    TCP = "TCP"
    UDP = "UDP"
    SCTP = "SCTP"


class Via(StrEnum):
    """How a flow addresses its destination: pod IP, Service ClusterIP, or Service DNS name."""

    IP = "ip"
    SERVICE = "service"
    NAME = "name"
