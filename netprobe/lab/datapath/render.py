"""A node's rules as one nft script that replaces the whole table in a single transaction.

Where things happen: egress is enforced on the source pod's node, ingress on the destination pod's,
both where packets are forwarded, after Services were translated and before sources are. What a node
sends itself to its pods leaves through the output hook and is never filtered; what a pod sends to
its own node ends in the input hook. Denied packets vanish (drop), as with most CNIs; connections
that conntrack knows live on, so a changed policy meets new connections.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from netprobe.lab.datapath.rules import AddressSet, Allowance, NodeRules, PortRange
from netprobe.lab.datapath.services import service_lines

TABLE = "inet netprobe"


def render(rules: NodeRules) -> str:
    """Write the rules as text for ``nft -f``; equal rules give equal text."""
    body = chain(
        _plain_set("cluster_ips", "ipv4_addr", rules.cluster_ips),
        _plain_set("hairpins", "ipv4_addr . ipv4_addr", [f"{one} . {one}" for one in rules.hairpins]),
        _plain_set("known_pods", "ipv4_addr", [pod.address for pod in rules.pods]),
        _policy_lines(rules),
        service_lines(rules),
        _hook_lines(rules),
    )
    return "\n".join(
        (
            f"# {rules.node}",
            f"table {TABLE}",
            f"delete table {TABLE}",
            f"table {TABLE} {{",
            *(f"  {line}" for line in body),
            "}",
            "",
        )
    )


def _hook_lines(rules: NodeRules) -> Iterator[str]:
    yield "chain forward {"
    yield "  type filter hook forward priority filter; policy accept;"
    yield from (f"  {statement}" for statement in rules.weather)
    yield "  ct state established,related accept"
    yield "  jump untranslated"
    if rules.hairpins:
        yield "  ip saddr . ip daddr @hairpins accept"
    yield from (f"  {statement}" for statement in rules.shortcuts)
    if rules.guarded:
        yield f"  ip saddr {rules.guarded} ip saddr != @known_pods drop"
        yield f"  ip daddr {rules.guarded} ip daddr != @known_pods drop"
    yield "  ip saddr vmap @egress"
    yield "  ip daddr vmap @ingress"
    yield "}"
    yield "chain output {"
    yield "  type filter hook output priority filter; policy accept;"
    yield "  jump untranslated"
    yield "}"
    # A ClusterIP that is still there after translation: no endpoint, or not a port of the Service.
    # TCP is refused with a reset because ICMP errors are limited to about one per second.
    yield "chain untranslated {"
    yield "  ip daddr @cluster_ips meta l4proto tcp reject with tcp reset"
    yield "  ip daddr @cluster_ips reject"
    yield "}"


def _policy_lines(rules: NodeRules) -> Iterator[str]:
    """One chain per distinct list of allowances, shared by the pods that have it, found by a map."""
    sets = _PeerSets()
    lines: list[str] = []
    for direction, side in (("egress", "daddr"), ("ingress", "saddr")):
        chains: dict[tuple[Allowance, ...], str] = {}
        entries: list[str] = []
        for pod in rules.pods:
            allowances = pod.egress if direction == "egress" else pod.ingress
            if allowances is None:
                continue
            if allowances not in chains:
                chains[allowances] = f"{direction}_{len(chains) + 1}"
                lines.extend(_chain(chains[allowances], allowances, side, sets))
            entries.append(f"{pod.address} : jump {chains[allowances]}")
        lines.append(f"map {direction} {{")
        lines.append("  type ipv4_addr : verdict")
        if entries:
            lines.append(f"  elements = {{ {', '.join(entries)} }}")
        lines.append("}")
    yield from sets.lines()
    yield from lines


def _chain(name: str, allowances: Sequence[Allowance], side: str, sets: _PeerSets) -> Iterator[str]:
    """``return`` lets the packet go on to the other end's rules; whatever reaches the end is dropped."""
    yield f"chain {name} {{"
    for allowance in allowances:
        if allowance.peers is not None and not allowance.peers:
            continue
        peers = "" if allowance.peers is None else f"ip {side} @{sets.name(allowance.peers)} "
        yield f"  # {allowance.origin}"
        verdict = "drop" if allowance.denies else "return"
        for ports in _port_matches(allowance.ports):
            yield f"  {peers}{ports}{verdict}"
    yield "  drop"
    yield "}"


def _port_matches(ports: Sequence[PortRange] | None) -> Iterator[str]:
    """The match of each protocol, with a trailing blank; "" matches every protocol."""
    if ports is None:
        yield ""
        return
    for protocol in sorted({port.protocol for port in ports}):
        own = [port for port in ports if port.protocol is protocol]
        word = protocol.lower()
        if any(port.is_whole for port in own):
            yield f"meta l4proto {word} "
        else:
            yield f"{word} dport {{ {', '.join(_merged(own))} }} "


def _merged(ports: Iterable[PortRange]) -> Iterator[str]:
    """Join overlapping and adjacent ranges, which nft refuses in one set."""
    spans: list[tuple[int, int]] = []
    for port in sorted(ports):
        if spans and port.first <= spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], max(spans[-1][1], port.last))
        else:
            spans.append((port.first, port.last))
    for first, last in spans:
        yield str(first) if first == last else f"{first}-{last}"


class _PeerSets:
    """Named nft sets of peer addresses, one for each distinct content."""

    def __init__(self) -> None:
        self._names: dict[AddressSet, str] = {}

    def name(self, peers: AddressSet) -> str:
        return self._names.setdefault(peers, f"peers_{len(self._names) + 1}")

    def lines(self) -> Iterator[str]:
        for peers, name in self._names.items():
            elements = [*peers.addresses, *map(str, peers.networks)]
            yield from _plain_set(name, "ipv4_addr", elements, interval=bool(peers.networks))


def _plain_set(name: str, kind: str, elements: Sequence[str], *, interval: bool = False) -> Iterator[str]:
    yield f"set {name} {{"
    yield f"  type {kind}"
    if interval:
        yield "  flags interval"
    if elements:
        yield f"  elements = {{ {', '.join(elements)} }}"
    yield "}"
