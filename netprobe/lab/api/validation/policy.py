"""Rules for a NetworkPolicy (after defaulting)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

from netprobe.lab.api.status_errors import Cause
from netprobe.lab.api.validation.causes import invalid_value, not_allowed, required, unsupported
from netprobe.lab.api.validation.names import selector_causes
from netprobe.lab.api.validation.ports import number_or_name_causes, protocol_causes

TYPES = ("Ingress", "Egress")


def policy_causes(policy: Mapping[str, Any]) -> Iterator[Cause]:
    """Check a NetworkPolicy's spec: selector, rules of both directions, policyTypes."""
    spec = policy["spec"]
    yield from selector_causes("spec.podSelector", spec["podSelector"])
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for index, rule in enumerate(spec.get(direction, ())):
            field = f"spec.{direction}[{index}]"
            for i, port in enumerate(rule.get("ports", ())):
                yield from _port_causes(f"{field}.ports[{i}]", port)
            for i, peer in enumerate(rule.get(peers, ())):
                yield from _peer_causes(f"{field}.{peers}[{i}]", peer)
    types = spec.get("policyTypes", ())
    if len(types) > len(TYPES):
        yield invalid_value("spec.policyTypes", types, "may not specify more than two policyTypes")
        return
    for index, each in enumerate(types):
        if each not in TYPES:
            yield unsupported(f"spec.policyTypes[{index}]", each, TYPES)


def _port_causes(field: str, port: Mapping[str, Any]) -> Iterator[Cause]:
    yield from protocol_causes(f"{field}.protocol", port["protocol"])
    number, last = port.get("port"), port.get("endPort")
    if number is None:
        if last is not None:
            why = "may not be specified when `port` is not specified"
            yield invalid_value(f"{field}.endPort", last, why)
        return
    yield from number_or_name_causes(f"{field}.port", number)
    if last is None:
        return
    if isinstance(number, str):
        yield invalid_value(f"{field}.endPort", last, "may not be specified when `port` is non-numeric")
    elif last < number:
        # The API server shows the port, not the endPort, as the value that is wrong.
        yield invalid_value(f"{field}.endPort", number, "must be greater than or equal to `port`")
    elif last > 65535:
        yield invalid_value(f"{field}.endPort", last, "must be between 1 and 65535, inclusive")


def _peer_causes(field: str, peer: Mapping[str, Any]) -> Iterator[Cause]:
    selectors = [key for key in ("podSelector", "namespaceSelector") if key in peer]
    for key in selectors:
        yield from selector_causes(f"{field}.{key}", peer[key])
    if "ipBlock" in peer:
        yield from _block_causes(f"{field}.ipBlock", peer["ipBlock"])
        if selectors:
            yield not_allowed(field, "may not specify both ipBlock and another peer")
    elif not selectors:
        yield required(field, "must specify a peer")


def _block_causes(field: str, block: Mapping[str, Any]) -> Iterator[Cause]:
    if not block.get("cidr"):
        yield required(f"{field}.cidr")
        return
    yield from _cidr_causes(f"{field}.cidr", block["cidr"])
    outer = _network(block["cidr"])
    for index, text in enumerate(block.get("except", ())):
        here = f"{field}.except[{index}]"
        yield from _cidr_causes(here, text)
        inner = _network(text)
        if outer is not None and inner is not None and not _strictly_inside(inner, outer):
            yield invalid_value(here, text, "must be a strict subset of `cidr`")


def _cidr_causes(field: str, text: str) -> Iterator[Cause]:
    network = _network(text)
    if network is None:
        yield invalid_value(field, text, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
    elif ipaddress.ip_interface(text).ip != network.network_address:
        yield invalid_value(field, text, "must not have bits set beyond the prefix length")


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    address, slash, prefix = text.partition("/")
    if not slash or not address or not prefix.isdecimal():
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _strictly_inside(
    inner: ipaddress.IPv4Network | ipaddress.IPv6Network, outer: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> bool:
    if inner.prefixlen <= outer.prefixlen:
        return False
    if isinstance(inner, ipaddress.IPv4Network):
        return isinstance(outer, ipaddress.IPv4Network) and inner.subnet_of(outer)
    return isinstance(outer, ipaddress.IPv6Network) and inner.subnet_of(outer)
