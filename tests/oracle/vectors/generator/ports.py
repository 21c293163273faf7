"""The 70 cases about ports and protocols."""

from __future__ import annotations

from itertools import product

from tests.oracle.vectors.generator.case import DIRECTIONS, PEERS, case, lines, with_ports
from tests.oracle.vectors.step import step

PROTOCOLS = ("TCP", "UDP", "SCTP")


def entry(port=None, protocol=None, end=None):
    fields = {"port": port, "protocol": protocol, "endPort": end}
    return {key: value for key, value in fields.items() if value is not None}


def both(protocol):
    return f"{protocol} 80, {protocol} 81"


# Each entry with the ports that it means on the grid.
SINGLE = [
    *((entry(protocol=p), both(p or "TCP")) for p in (None, *PROTOCOLS)),
    *((entry(n, p), f"{p or 'TCP'} {n}") for p, n in product((None, *PROTOCOLS), (80, 81))),
    *((entry(f"serve-{n}-{p.lower()}", p), f"{p} {n}") for p, n in product(PROTOCOLS, (80, 81))),
    *((entry(53, p, 80), f"{p} 80") for p in PROTOCOLS),
    *((entry(53, p, 84), both(p)) for p in PROTOCOLS),
]
PATHOLOGICAL = {
    "a name of another protocol": entry("serve-81-udp", "TCP"),
    "a name that nobody serves": entry("serve-7981-udp", "TCP"),
    "a number that nobody serves": entry(7981, "TCP"),
}
PAIRS = [
    ((entry(), entry(80)), both("TCP")),
    ((entry(), entry("serve-80-tcp")), both("TCP")),
    ((entry(), entry(protocol="UDP")), f"{both('TCP')}, {both('UDP')}"),
    ((entry(80), entry(81)), both("TCP")),
    ((entry(80), entry("serve-81-tcp")), both("TCP")),
    ((entry(80), entry("serve-81-udp", "UDP")), "TCP 80, UDP 81"),
    ((entry(80, "UDP"), entry("serve-81-udp", "UDP")), both("UDP")),
]


def port_cases():
    for direction in DIRECTIONS:
        every = ", ".join(both(protocol) for protocol in PROTOCOLS)
        yield _case(direction, "no ports", [], every, ("any-port-protocol",))
        for found, meant in SINGLE:
            yield _case(direction, _words(found), [found], meant, tags_of(found))
        for name, found in PATHOLOGICAL.items():
            yield _case(direction, name, [found], "", ("pathological", *tags_of(found)))
        for pair, meant in PAIRS:
            tags = ("multi-port/protocol", *(tag for found in pair for tag in tags_of(found)))
            yield _case(direction, " or ".join(map(_words, pair)), list(pair), meant, tags)


def _case(direction, name, ports, meant, tags):
    found = step(with_ports(direction, ports), lines=lines(direction, PEERS[direction], meant))
    return case("PortProtocol", f"{direction}: {name}", (direction, *tags), found)


def tags_of(found):
    kinds = {int: "numbered-port", str: "named-port", type(None): "any-port"}
    yield kinds[type(found.get("port"))]
    if "protocol" in found:
        yield found["protocol"].lower()
    if "endPort" in found:
        yield "end-port"


def _words(found):
    words = [found.get("protocol", "default protocol"), str(found.get("port", "any port"))]
    return " ".join(words) + (f"-{found['endPort']}" if "endPort" in found else "")
