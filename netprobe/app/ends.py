"""The ends of a flow as a person writes them, and the pods, Services and addresses that they mean."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from dataclasses import dataclass

from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.inventory import Inventory
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod, Service
from netprobe.oracle.contact import title

_REPLICA = re.compile(r"(?P<name>.+)\[(?P<index>\d+)\]")
_SERVICE = "service/"
_PROTOCOLS = {protocol.lower(): protocol for protocol in Protocol}
_SHOWN = 8
_FORM = "write namespace/pod:port or namespace/pod:port/udp"


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """One end: a pod, a Service (as destination only), or an address; ``note`` says what was chosen.

    ``others`` are the pods that the words mean, too: further replicas of the workload.
    """

    pod: Pod | None = None
    service: Service | None = None
    address: str = ""
    others: tuple[Pod, ...] = ()

    @property
    def note(self) -> str:
        """What was chosen where there was a choice, else ""."""
        if self.pod is None or not self.others:
            return ""
        count = len(self.others) + 1
        name = f"{self.pod.namespace}/{self.pod.workload or self.pod.name}"
        return f"{name} has {count} pods; this is about {title(self.pod)}"

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
    end, colon, rest = text.rpartition(":")
    port, slash, word = rest.partition("/")
    if not colon or not end or not port or _is_address(text):
        raise InputError(f'"{text}" does not say a port', remedy=_form(text))
    if ":" in end and not _is_bracketed(end):
        raise InputError(f'"{text}" does not say where the address ends', remedy=_form(end))
    protocol = _protocol(word, text) if slash else Protocol.TCP
    return Dialled(end=end, port=_port(port), protocol=protocol)


def _form(text: str) -> str:
    return "write [ADDRESS]:port" if text.count(":") > 1 else _FORM


def parse_port(text: str) -> tuple[int, Protocol]:
    """Read ``port[/proto]`` with a number. Raises InputError."""
    number, slash, word = text.partition("/")
    port = _port(number)
    if not isinstance(port, int):
        raise InputError(f'"{text}" is not a port', remedy="write a number, or a number and /udp")
    return port, _protocol(word, text) if slash else Protocol.TCP


def _protocol(word: str, text: str) -> Protocol:
    found = _PROTOCOLS.get(word.lower())
    if found is None:
        known = ", ".join(_PROTOCOLS)
        raise InputError(f'"{text}" does not end in a protocol', remedy=f"protocols are: {known}")
    return found


def _port(text: str) -> int | str:
    if not (text.isascii() and text.isdecimal()):
        return text
    if not 1 <= int(text) <= 65535:
        raise InputError(f"port {text} must be between 1 and 65535")
    return int(text)


def find_end(text: str, inventory: Inventory, namespace: str) -> End:
    """Return what ``[ns/]pod``, ``[ns/]workload``, ``service/[ns/]name`` or an address means.

    Of a workload with several pods the first is chosen. Raises InputError with the nearest names.
    """
    bare = text[1:-1] if _is_bracketed(text) else text
    if _is_address(bare):
        return End(address=bare)
    if text.startswith(_SERVICE):
        return _find_service(text.removeprefix(_SERVICE), inventory, namespace)
    return _find_pod(text, inventory, namespace)


def another_than(source: End, destination: End) -> End:
    """Return the destination with another of its pods when the chosen one is the source itself.

    Who asks about a workload and itself means two of its pods.
    """
    if destination.pod is None or destination.pod is not source.pod or not destination.others:
        return destination
    second, *rest = destination.others
    return End(pod=second, others=(destination.pod, *rest))


def _is_bracketed(text: str) -> bool:
    return text.startswith("[") and text.endswith("]")


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
        names = {f"{pod.namespace}/{pod.workload or pod.name}" for pod in pods}
        remedy = _nearest(f"{home}/{name}", sorted(names))
        if "/" not in text and "." in text and not remedy.startswith("did"):
            remedy = "policies know addresses, not host names: name a pod or an address"
        raise InputError(f"there is no pod or workload {home}/{name}", remedy=remedy)
    return End(pod=found[0], others=tuple(found[1:]))


def _split(text: str, namespace: str) -> tuple[str, str]:
    home, slash, name = text.partition("/")
    return (home, name) if slash else (namespace, home)


def _nearest(text: str, names: Sequence[str]) -> str:
    """Say which of the names may be meant: the same in another namespace, a similar one, or all."""
    elsewhere = [name for name in names if name.partition("/")[2] == text.partition("/")[2] != ""]
    if elsewhere:
        return f"did you mean {_some(elsewhere)}?"
    return did_you_mean(text, names) or (f"there are: {_some(names)}" if names else "there is none at all")


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


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
            remedy=_nearest(dialled.port, list(named)) if named else "write its number",
        )
    return named[dialled.port]


def undeclared(pod: Pod, port: int, protocol: Protocol) -> str:
    """Return a note that the pod declares other ports, but not this one; "" when it does, or none."""
    if not pod.ports or (port, protocol) in {(each.number, each.protocol) for each in pod.ports}:
        return ""
    declared = ", ".join(f"{each.number}/{each.protocol.lower()}" for each in pod.ports)
    return f"{title(pod)} declares {declared}, but not {port}/{protocol.lower()}"
