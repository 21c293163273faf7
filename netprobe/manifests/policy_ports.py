"""The ports of NetworkPolicy rules."""

from __future__ import annotations

from netprobe.manifests.cursor import Cursor
from netprobe.manifests.names import wrong_port_name, wrong_port_number
from netprobe.manifests.protocol import decode_protocol
from netprobe.model.policy import PolicyPort


def decode_port(item: Cursor) -> PolicyPort:
    """Read one entry of ``ports``; an empty entry means every TCP port."""
    if item.value is None or not item.is_mapping():
        return PolicyPort(place=item.place)
    item.keys(("protocol", "port", "endPort"))
    protocol = decode_protocol(item)
    port = item.number_or_text("port")
    wrong = ""
    if isinstance(port, int):
        wrong = wrong_port_number(port)
    elif port is not None:
        wrong = wrong_port_name(port)
    if wrong:
        hint = "write the number without quotes" if isinstance(port, str) and port.isdecimal() else ""
        item.complain(wrong, key="port", hint=hint)
    return PolicyPort(protocol=protocol, port=port, end_port=_end_port(item, port), place=item.place)


def _end_port(item: Cursor, port: int | str | None) -> int | None:
    end = item.number("endPort")
    if end is None:
        return None
    if port is None:
        item.complain("may be given only beside port", key="endPort")
    elif isinstance(port, str):
        item.complain(f'may be given only beside a port number, not the name "{port}"', key="endPort")
    elif wrong := wrong_port_number(end):
        item.complain(wrong, key="endPort")
    elif end < port:
        item.complain(f"{end} must not be below port {port}", key="endPort")
    return end
