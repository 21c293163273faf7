"""The truth table and the oracle in figures: ``python tests/bench/table.py``.

Clusters are drawn like real ones (namespaces, applications with replicas, policies that select by label)
and, as the worst case, with a label of its own on every pod that a policy looks at.
"""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Iterator

from tabulate import tabulate

from netprobe.model.policy import (
    Direction,
    IPBlock,
    LabelSelector,
    NetworkPolicy,
    Operator,
    Peer,
    PolicyPort,
    Requirement,
    Rule,
)
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, Namespace, Pod, Topology
from netprobe.oracle.decide import Oracle
from netprobe.oracle.table.table import TruthTable

SIZES = ((50, 20), (200, 50), (1_000, 100), (10_000, 1_000))
REPLICAS = 5


def cluster(pods: int, policies: int, *, distinct: bool) -> tuple[Topology, tuple[NetworkPolicy, ...]]:
    """Draw a cluster; ``distinct`` gives each pod a label of its own that one policy asks for."""
    chance = random.Random(pods)
    spaces = [f"team-{n}" for n in range(max(2, pods // 50))]
    namespaces = tuple(Namespace(name=name, labels={"name": name, "zone": name[-1]}) for name in spaces)
    topology = Topology(namespaces=namespaces, pods=tuple(_pods(pods, spaces, distinct=distinct)))
    found = tuple(_policy(n, chance, spaces) for n in range(policies - distinct))
    if distinct:
        requirement = Requirement(key="pod", operator=Operator.NOT_IN, values=("pod-0",))
        peer = Peer(pod_selector=LabelSelector(match_expressions=(requirement,)))
        rules = (Rule(peers=(peer,)),)
        found += (_of(spaces[0], "distinct", LabelSelector(), rules, rules),)
    return topology, found


def _pods(count: int, spaces: list[str], *, distinct: bool) -> Iterator[Pod]:
    for n in range(count):
        app = n // REPLICAS
        labels = {"app": f"app-{app % 10}", "tier": ("web", "api", "db")[app % 3], "hash": str(n)}
        yield Pod(
            namespace=spaces[app % len(spaces)],
            name=f"pod-{n}",
            workload=f"app-{app}",
            index=n % REPLICAS,
            labels=labels | ({"pod": f"pod-{n}"} if distinct else {}),
            ips=(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}",),
            ports=(ContainerPort(number=8080, name="http"), ContainerPort(number=53, protocol=Protocol.UDP)),
        )


def _policy(number: int, chance: random.Random, spaces: list[str]) -> NetworkPolicy:
    selector = LabelSelector(match_labels={"app": f"app-{chance.randrange(10)}"} if number % 4 else {})
    rules = tuple(_rule(chance, spaces) for _ in range(chance.randrange(3)))
    out = tuple(_rule(chance, spaces) for _ in range(chance.randrange(3)))
    return _of(spaces[number % len(spaces)], f"p{number}", selector, rules, out)


def _of(
    namespace: str,
    name: str,
    selector: LabelSelector,
    ingress: tuple[Rule, ...],
    egress: tuple[Rule, ...],
) -> NetworkPolicy:
    return NetworkPolicy(
        namespace=namespace,
        name=name,
        pod_selector=selector,
        policy_types=frozenset(Direction),
        ingress=ingress,
        egress=egress,
    )


def _rule(chance: random.Random, spaces: list[str]) -> Rule:
    peers = (
        Peer(pod_selector=LabelSelector(match_labels={"tier": chance.choice(("web", "api", "db"))})),
        Peer(namespace_selector=LabelSelector(match_labels={"name": chance.choice(spaces)})),
        Peer(namespace_selector=LabelSelector(), pod_selector=LabelSelector(match_labels={"app": "app-1"})),
        Peer(ip_block=IPBlock(cidr=f"10.0.{chance.randrange(16)}.0/24")),
    )
    ports = (None, (PolicyPort(port=8080),), (PolicyPort(port="http"), PolicyPort(port=9000, end_port=9999)))
    return Rule(peers=tuple(chance.sample(peers, 2)), ports=chance.choice(ports))


def fill(topology: Topology, policies: tuple[NetworkPolicy, ...]) -> TruthTable:
    """Compute the whole table."""
    table = TruthTable(topology, policies)
    for number in range(len(table.classes)):
        for port, protocol in table.ports(number):
            table.column(number, port, protocol)
    return table


def measure(pods: int, policies: int, *, distinct: bool) -> list[object]:
    """Return a row: size, kind, classes, seconds, peak megabytes, milliseconds of an explanation."""
    topology, found = cluster(pods, policies, distinct=distinct)
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        table = fill(topology, found)
        seconds.append(time.perf_counter() - begin)
    tracemalloc.start()
    fill(topology, found)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    oracle = Oracle(topology, found)
    chance = random.Random(1)
    slowest = 0.0
    for _ in range(300):
        source, destination = chance.sample(topology.pods, 2)
        begin = time.perf_counter()
        oracle.between(source, destination, 8080, Protocol.TCP)
        slowest = max(slowest, time.perf_counter() - begin)
    kind = "all different" if distinct else "applications"
    return [f"{pods:,} × {policies:,}", kind, len(table.classes), min(seconds) * 1e3, peak, slowest * 1e3]


def main() -> None:
    """Print the table of figures."""
    rows = [measure(*size, distinct=distinct) for distinct in (False, True) for size in SIZES]
    head = ("pods × policies", "pods", "classes", "table [ms]", "memory [MB]", "slowest explanation [ms]")
    print(tabulate(rows, head, floatfmt=".1f", tablefmt="github"))


if __name__ == "__main__":
    main()
