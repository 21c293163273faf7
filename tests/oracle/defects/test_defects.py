"""Every named defect shows somewhere, and no two of them look alike everywhere."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace
from pathlib import Path

import pytest

from netprobe.manifests.load import load_inventory
from netprobe.model.decision import Answer
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, Pod
from netprobe.oracle.decide import Oracle
from netprobe.oracle.defects.catalogue import DEFECTS
from netprobe.oracle.defects.faulty import FaultyOracle, denied_by, read_by
from netprobe.oracle.table.table import TruthTable

PORTS = (
    ContainerPort(number=80, name="http"),
    ContainerPort(number=81, name="alt"),
    ContainerPort(number=90),
    ContainerPort(number=53, protocol=Protocol.UDP),
    ContainerPort(number=80, protocol=Protocol.SCTP),
)
LABELS = {
    "shop/web": {"app": "web", "tier": "front"},
    "shop/api": {"app": "api", "tier": "middle"},
    "shop/db": {"app": "db"},
    "lab/web": {"app": "web", "tier": "front"},
    "lab/other": {"app": "other"},
    **{f"shop/{case}": {"case": case} for case in ("one", "two", "three", "four", "five", "six", "seven")},
    "shop/eight": {"case": "eight"},
    "shop/nine": {"case": "nine"},
    "shop/ten": {"case": "ten"},
    "shop/eleven": {"case": "eleven"},
}
PODS = tuple(
    Pod(
        namespace=name.partition("/")[0],
        name=name.partition("/")[2],
        labels=labels,
        ips=(f"10.0.0.{number}",),
        ports=PORTS,
        node=("one", "two")[number % 2],
    )
    for number, (name, labels) in enumerate(LABELS.items(), start=1)
)
WRITTEN = load_inventory([str(Path(__file__).with_name("board.yaml"))])
BOARD = replace(WRITTEN, topology=replace(WRITTEN.topology, pods=PODS))
BLOCKS = IpBlocksMeanPods.YES
SOUND = Oracle(BOARD.topology, BOARD.policies, ip_blocks_mean_pods=BLOCKS)
FLOWS = [
    (source, destination, port)
    for source, destination in itertools.permutations(PODS, 2)
    for port in destination.ports
]


OUTSIDE = "203.0.113.9"


def answers(oracle, **how):
    inside = [oracle.between(s, d, port.number, port.protocol, **how).answer for s, d, port in FLOWS]
    return (*inside, *(oracle.between(pod, OUTSIDE, 443, Protocol.TCP, **how).answer for pod in PODS))


@functools.cache
def sound():
    return answers(SOUND)


@functools.cache
def as_with(name):
    """The answers by pod address, then those by a Service's address."""
    oracle = FaultyOracle(DEFECTS[name], BOARD.topology, BOARD.policies, ip_blocks_mean_pods=BLOCKS)
    by_address = answers(oracle)
    if DEFECTS[name].is_about_policies:
        return by_address * 2
    return by_address + answers(oracle, by_service=True)


def test_the_board_leaves_nothing_open():
    assert set(sound()) == {Answer.ALLOW, Answer.DENY}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_shows_on_the_board(name):
    assert as_with(name) != sound() * 2


def test_no_two_defects_look_alike():
    tables = {name: as_with(name) for name in DEFECTS}
    alike = [(one, other) for one, other in itertools.combinations(tables, 2) if tables[one] == tables[other]]
    assert alike == []


@pytest.mark.parametrize("name", [name for name, defect in DEFECTS.items() if defect.is_about_policies])
def test_a_defect_in_reading_policies_shows_in_a_table_alike(name):
    defect = DEFECTS[name]
    table = TruthTable(
        BOARD.topology,
        read_by(defect, BOARD.policies),
        admin_policies=denied_by(defect, BOARD.policies),
        ip_blocks_mean_pods=BLOCKS,
    )
    numbers = {pod.name + pod.namespace: n for n, each in enumerate(table.classes) for pod in each.pods}
    found = tuple(
        table.answer(numbers[s.name + s.namespace], numbers[d.name + d.namespace], port.number, port.protocol)
        for s, d, port in FLOWS
    )
    assert found == as_with(name)[: len(FLOWS)]


def test_a_skipped_flow_says_which_defect_lets_it_through():
    defect = DEFECTS["same-node-open"]
    oracle = FaultyOracle(defect, BOARD.topology, BOARD.policies, ip_blocks_mean_pods=BLOCKS)
    by_name = {f"{pod.namespace}/{pod.name}": pod for pod in PODS}
    source, destination = by_name["lab/web"], by_name["shop/three"]
    assert SOUND.between(source, destination, 80, destination.ports[0].protocol).answer is Answer.DENY
    decision = oracle.between(source, destination, 80, destination.ports[0].protocol)
    assert decision.answer is Answer.ALLOW
    assert decision.reason == (
        "allowed: a network with same-node-open lets flows between pods of one node through"
    )


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_cites_what_happened_and_speaks_of_the_network(name):
    defect = DEFECTS[name]
    assert defect.cites
    assert not defect.says.endswith(".")
    assert defect.says.split()[0].endswith("s")


def test_the_page_about_defects_lists_them_all():
    page = Path(__file__).parents[3].joinpath("docs", "defects.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert rows == [
        f"| `{each.name}`{'' if each.is_about_policies else ' ¹'} | {each.says} | {', '.join(each.cites)} |"
        for each in DEFECTS.values()
    ]
