"""Ports of cluster-wide policies: ``ports`` of v1alpha1, ``protocols`` of v1alpha2."""

from __future__ import annotations

from netprobe.manifests.admin.dialect import only_field
from netprobe.manifests.cursor import Cursor
from netprobe.manifests.names import wrong_port_number
from netprobe.manifests.protocol import decode_protocol
from netprobe.model.admin_policy import AdminPort
from netprobe.model.protocol import Protocol

_TRANSPORTS = {"tcp": Protocol.TCP, "udp": Protocol.UDP, "sctp": Protocol.SCTP}


def decode_admin_port(item: Cursor, ports_key: str) -> AdminPort | None:
    """Read one entry; None for what cannot be understood, in an object of a cluster without a problem."""
    if not item.is_mapping():
        return None
    return _port(item) if ports_key == "ports" else _protocol(item)


def _port(item: Cursor) -> AdminPort | None:
    field = only_field(item, ("portNumber", "namedPort", "portRange"))
    if field == "namedPort":
        name = item.text(field)
        return None if name is None else AdminPort(protocol=None, port=name)
    inner = item.mapping(field) if field else None
    if inner is None:
        return None
    protocol = decode_protocol(inner)
    if field == "portRange":
        inner.keys(("protocol", "start", "end"))
        return _range(inner, protocol)
    inner.keys(("protocol", "port"))
    return _number(inner, "port", protocol)


def _protocol(item: Cursor) -> AdminPort | None:
    field = only_field(item, (*_TRANSPORTS, "destinationNamedPort"))
    if field == "destinationNamedPort":
        name = item.text(field)
        return None if name is None else AdminPort(protocol=None, port=name)
    inner = item.mapping(field) if field else None
    if inner is None:
        return None
    inner.keys(("destinationPort",))
    port = inner.mapping("destinationPort", required=inner.strict)
    if port is None:
        # With nothing at all in it, it is every port of the protocol; else it says something newer.
        return None if inner.value else AdminPort(protocol=_TRANSPORTS[field])
    return _destination(port, _TRANSPORTS[field])


def _destination(port: Cursor, protocol: Protocol) -> AdminPort | None:
    field = only_field(port, ("number", "range"))
    if field == "number":
        return _number(port, field, protocol)
    inner = port.mapping(field) if field else None
    if inner is None:
        return None
    inner.keys(("start", "end"))
    return _range(inner, protocol)


def _number(holder: Cursor, key: str, protocol: Protocol) -> AdminPort | None:
    number = _read(holder, key)
    return None if number is None else AdminPort(protocol=protocol, port=number)


def _range(holder: Cursor, protocol: Protocol) -> AdminPort | None:
    start, end = _read(holder, "start"), _read(holder, "end")
    if start is None or end is None:
        return None
    if start >= end:
        holder.complain(f"the start {start} must be less than the end {end}")
    return AdminPort(protocol=protocol, port=start, end_port=end)


def _read(holder: Cursor, key: str) -> int | None:
    number = holder.number(key, required=True)
    if number is not None and (wrong := wrong_port_number(number)):
        holder.complain(wrong, key=key)
        return None
    return number
