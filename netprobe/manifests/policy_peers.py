"""The peers of NetworkPolicy rules: selectors, or a block of addresses."""

from __future__ import annotations

import ipaddress

from netprobe.manifests.cidr import Network, parse_cidr, without_zeros
from netprobe.manifests.cursor import Cursor
from netprobe.manifests.selector import decode_selector
from netprobe.model.inventory import RemarkCode
from netprobe.model.policy import IPBlock, Peer


def decode_peer(item: Cursor) -> Peer:
    """Read one entry of ``from`` or ``to``; one that names nobody is refused, not taken for everybody."""
    if item.value is not None and not item.is_mapping():
        return Peer(place=item.place)
    if not item.value:
        item.complain(
            "must name a podSelector, a namespaceSelector or an ipBlock",
            hint="to admit everyone, leave the list out or empty",
        )
        return Peer(place=item.place)
    item.keys(("podSelector", "namespaceSelector", "ipBlock"))
    before = len(item.problems)
    pods = decode_selector(item, "podSelector")
    namespaces = decode_selector(item, "namespaceSelector")
    block = _ip_block(item)
    if len(item.problems) == before:
        if block is not None and (pods is not None or namespaces is not None):
            item.complain(
                "may not hold both an ipBlock and a selector", hint='write two entries, each with "-"'
            )
        elif block is None and pods is None and namespaces is None:
            item.complain("must name a podSelector, a namespaceSelector or an ipBlock")
    return Peer(pod_selector=pods, namespace_selector=namespaces, ip_block=block, place=item.place)


def _ip_block(item: Cursor) -> IPBlock | None:
    block = item.mapping("ipBlock")
    if block is None:
        return None
    block.keys(("cidr", "except"))
    cidr = block.text("cidr", required=True)
    if cidr is None:
        return None
    network = _network(block, "cidr", cidr)
    for hole in block.items("except") or ():
        if isinstance(hole.value, str):
            _check_hole(hole, network, cidr)
    holes = block.strings("except") or ()
    if block.strict:
        return IPBlock(cidr=cidr, excluded=holes)
    return IPBlock(cidr=without_zeros(cidr), excluded=tuple(without_zeros(hole) for hole in holes))


def _check_hole(hole: Cursor, network: Network | None, cidr: str) -> None:
    inner = _network(hole, None, hole.value)
    if network is None or inner is None:
        return
    within = inner.version == network.version and inner.subnet_of(network)  # type: ignore[arg-type] # same version
    if not within or inner == network:
        hole.complain(f"{hole.value} must lie inside {cidr} and be smaller")


def _network(holder: Cursor, key: str | None, text: str) -> Network | None:
    text = text if holder.strict else without_zeros(text)
    network = parse_cidr(text)
    if network is None:
        hint = f'a single address is "{text}/32"' if _is_ipv4(text) else ""
        holder.complain(f'"{text}" is not a CIDR such as 10.9.8.0/24 or 2001:db8::/64', key=key, hint=hint)
        return None
    if ipaddress.ip_interface(text).ip != network.network_address:
        holder.doubt(
            RemarkCode.CIDR_HOST_BITS,
            f"{text} has bits set beyond its prefix length, which Kubernetes 1.36 refuses in new objects "
            "(older versions store it)",
            key=key,
            hint=f'did you mean "{network}"?',
        )
    return network


def _is_ipv4(text: str) -> bool:
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True
