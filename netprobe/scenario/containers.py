"""The containers of a dressed pod: netprobe's servers on the author's ports.

One server process (agnhost netexec) answers on one TCP, one UDP and one SCTP port, so a container
that declares more is split.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

CONTROL_PORT = 61080
"""TCP port of a server that no declared port gives one to; nobody declares it, so it is never a flow.

netexec always serves HTTP: a UDP-only container does so on this port or the next free one above it.
"""

LONGEST_NAME = 63

_IDENTITY = "netprobe+$(NETPROBE_NAMESPACE)/$(NETPROBE_POD)/$(NETPROBE_UID)"
_FIELDS = (
    ("NETPROBE_NAMESPACE", "metadata.namespace"),
    ("NETPROBE_POD", "metadata.name"),
    ("NETPROBE_UID", "metadata.uid"),
)


def server_containers(written: Sequence[Mapping[str, Any]], image: str) -> list[dict[str, Any]]:
    """Containers that serve every port which the written ones declare, under the same port names.

    Containers without ports are left out; when none has any, the first keeps a server on
    CONTROL_PORT, which declares nothing.
    """
    taken = {_number(port) for each in written for port in _ports(each) if _protocol(port) == "TCP"}
    free = (port for port in itertools.count(CONTROL_PORT) if port not in taken)
    names: set[str] = set()
    servers: list[dict[str, Any]] = []
    for container in written:
        for position, ports in enumerate(_groups(_ports(container))):
            name = _fresh_name(str(container.get("name", "server")), ports, position, names)
            servers.append(_server(name, ports, image, free))
    return servers or [
        _server(str(written[0].get("name", "server")) if written else "server", [], image, free)
    ]


def _ports(container: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(container.get("ports") or ())


def _protocol(port: Mapping[str, Any]) -> str:
    return str(port.get("protocol") or "TCP")


def _number(port: Mapping[str, Any]) -> int:
    return int(port["containerPort"])


def _groups(ports: Sequence[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    """Split ports so that each group has at most one of each protocol, in the written order."""
    lanes = [[port for port in ports if _protocol(port) == protocol] for protocol in ("TCP", "UDP", "SCTP")]
    for row in itertools.zip_longest(*lanes):
        yield [port for port in row if port is not None]


def _fresh_name(name: str, ports: Sequence[Mapping[str, Any]], position: int, names: set[str]) -> str:
    """The written name for the first group, ``<name>-<port>`` for the others; unique in the pod."""
    if position:
        tail = f"-{_number(ports[0])}"
        name = name[: LONGEST_NAME - len(tail)] + tail
    while name in names:
        name = f"{name[: LONGEST_NAME - 2]}-x" if len(name) < LONGEST_NAME else f"x{name[1:-1]}"
    names.add(name)
    return name


def _server(name: str, ports: Sequence[Mapping[str, Any]], image: str, free: Iterator[int]) -> dict[str, Any]:
    numbers = {_protocol(port): _number(port) for port in ports}
    args = [
        "netexec",
        f"--http-port={numbers['TCP'] if 'TCP' in numbers else next(free)}",
        f"--udp-port={numbers.get('UDP', -1)}",
        f"--http-override=/echo?msg={_IDENTITY}",
    ]
    if "SCTP" in numbers:
        args.append(f"--sctp-port={numbers['SCTP']}")
    container: dict[str, Any] = {
        "name": name,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "args": args,
        "env": [
            {"name": variable, "valueFrom": {"fieldRef": {"fieldPath": path}}} for variable, path in _FIELDS
        ],
        "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108 - a path in the pod, an emptyDir of its own
    }
    if ports:
        container["ports"] = [_declared(port) for port in ports]
    return container


def _declared(port: Mapping[str, Any]) -> dict[str, Any]:
    """What policies see of a port; hostPort is left out, it would expose the node."""
    kept: dict[str, Any] = {"containerPort": _number(port), "protocol": _protocol(port)}
    if port.get("name"):
        kept = {"name": str(port["name"]), **kept}
    return kept
