"""The ends of a flow as a person writes them, and the pods, Services and addresses that they mean."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.inventory import Inventory
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod, Service
from netprobe.oracle.contact import title

_REPLICA = re.compile(r"(?P<name>.+)\[(?P<index>\d+)\]")
_SERVICE = "service/"


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """One end: a pod, a Service (as destination only), or an address; ``note`` says what was chosen."""

    pod: Pod | None = None
    service: Service | None = None
    address: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """How the end is called in the answer."""
        if self.pod is not None:
            return title(self.pod)
        if self.service is not None:
            return f"Service {self.service.namespace}/{self.service.name}"
        return self.address


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialled:
    """A destination with its port: a number, or the name that the pod gives it."""

    end: str
    port: int | str
    protocol: Protocol


def split_destination(text: str) -> Dialled:
    """Read ``ns/pod:port[/proto]``, ``ADDRESS:port`` or ``[V6]:port``. Raises InputError."""
    rest, slash, word = text.rpartition("/")
    protocol = Protocol.TCP
    if slash and word.upper() in tuple(Protocol) and ":" in rest:
        protocol, text = Protocol(word.upper()), rest
    end, colon, port = text.rpartition(":")
    if not colon or not end or not port or "/" in port:
        raise InputError(
            f'"{text}" does not say a port', remedy="write namespace/pod:port or namespace/pod:port/udp"
        )
    return Dialled(end=end.removeprefix("[").removesuffix("]"), port=_port(port), protocol=protocol)


def parse_port(text: str) -> tuple[int, Protocol]:
    """Read ``port[/proto]`` with a number. Raises InputError."""
    number, _, word = text.partition("/")
    known = tuple(protocol.lower() for protocol in Protocol)
    if not number.isdecimal() or (word and word.lower() not in known):
        raise InputError(f'"{text}" is not a port', remedy="write a number, or a number and /udp")
    port = _port(number)
    assert isinstance(port, int)
    return port, Protocol(word.upper()) if word else Protocol.TCP


def _port(text: str) -> int | str:
    if not text.isdecimal():
        return text
    if not 1 <= int(text) <= 65535:
        raise InputError(f"port {text} must be between 1 and 65535")
    return int(text)


def find_end(text: str, inventory: Inventory, namespace: str) -> End:
    """Return what ``[ns/]pod``, ``[ns/]workload``, ``service/[ns/]name`` or an address means.

    Raises InputError with the nearest names.
    """
    if _is_address(text):
        return End(address=text)
    if text.startswith(_SERVICE):
        return _find_service(text.removeprefix(_SERVICE), inventory, namespace)
    return _find_pod(text, inventory, namespace)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _find_service(text: str, inventory: Inventory, namespace: str) -> End:
    home, name = _split(text, namespace)
    services = {(s.namespace, s.name): s for s in inventory.topology.services}
    found = services.get((home, name))
    if found is None:
        names = [f"{space}/{service}" for space, service in services]
        raise InputError(f"there is no Service {home}/{name}", remedy=_nearest(f"{home}/{name}", names))
    return End(service=found)


def _find_pod(text: str, inventory: Inventory, namespace: str) -> End:
    home, name = _split(text, namespace)
    pods = inventory.topology.pods
    here = [pod for pod in pods if pod.namespace == home]
    match = _REPLICA.fullmatch(name)
    wanted, index = (match["name"], int(match["index"])) if match else (name, None)
    exact = [pod for pod in here if pod.name == name]
    replicas = [pod for pod in here if pod.workload == wanted and index in (None, pod.index)]
    found = exact or replicas
    if not found:
        names = {f"{pod.namespace}/{known}" for pod in pods for known in (pod.workload, pod.name)}
        raise InputError(
            f"there is no pod or workload {home}/{name}", remedy=_nearest(f"{home}/{name}", sorted(names))
        )
    note = ""
    if len(found) > 1:
        note = f"{home}/{name} has {len(found)} pods; this is about {title(found[0])}"
    return End(pod=found[0], note=note)


def _split(text: str, namespace: str) -> tuple[str, str]:
    home, slash, name = text.partition("/")
    return (home, name) if slash else (namespace, home)


def _nearest(text: str, names: Iterable[str]) -> str:
    names = list(names)
    near = did_you_mean(text, names)
    if near or not names:
        return near
    shown = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
    return f"there are: {shown}"


def port_number(end: End, dialled: Dialled) -> int:
    """Return the number of the port; a name is that of the pod's or Service's port. Raises InputError."""
    if isinstance(dialled.port, int):
        return dialled.port
    named: dict[str, int] = {}
    if end.service is not None:
        named = {p.name: p.port for p in end.service.ports if p.protocol is dialled.protocol and p.name}
    elif end.pod is not None:
        named = {p.name: p.number for p in end.pod.ports if p.protocol is dialled.protocol and p.name}
    if dialled.port not in named:
        raise InputError(
            f'{end.words} has no {dialled.protocol} port named "{dialled.port}"',
            remedy=_nearest(dialled.port, named),
        )
    return named[dialled.port]
