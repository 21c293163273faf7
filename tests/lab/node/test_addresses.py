from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.errors import EnvironmentFailure
from netprobe.lab.node import fabric
from netprobe.lab.node.addresses import AddressPool

NETWORK = ipaddress.IPv4Network("10.0.0.0/29")


@given(st.lists(st.integers(0, 10), max_size=60))
def test_an_address_is_never_given_twice(steps):
    pool, held = AddressPool(NETWORK), []
    for step in steps:
        if held and step < 5:
            pool.give_back(held.pop(step % len(held)))
        elif len(held) < 5:
            address = pool.take()
            assert address not in held
            assert ipaddress.IPv4Address(address) in list(NETWORK.hosts())[1:]
            held.append(address)


def test_a_freed_address_is_used_as_late_as_possible():
    pool = AddressPool(NETWORK)
    first = pool.take()
    pool.give_back(first)
    later = [pool.take() for _ in range(5)]
    assert later[-1] == first
    assert len(set(later)) == 5


def test_a_full_network_says_so():
    pool = AddressPool(NETWORK)
    for _ in range(5):
        pool.take()
    with pytest.raises(EnvironmentFailure, match=r"no IP address is left in range 10\.0\.0\.0/29"):
        pool.take()


def test_every_node_has_an_address_and_a_network_of_its_own():
    nodes = [fabric.node_at(f"n{index}", index) for index in range(fabric.MAX_NODES)]
    assert (nodes[1].address, str(nodes[1].pods)) == ("172.30.0.3", "10.244.1.0/24")
    assert len({node.address for node in nodes} | {fabric.FABRIC_ADDRESS}) == len(nodes) + 1
    assert all(ipaddress.IPv4Address(node.address) in fabric.FABRIC_NETWORK for node in nodes)
    assert all(node.pods.subnet_of(fabric.POD_NETWORK) for node in nodes)


def test_a_node_knows_the_way_to_the_others_pods():
    nodes = [fabric.node_at(name, index) for index, name in enumerate("abc")]
    commands = list(fabric.node_commands(nodes[0], nodes))
    assert "route add 10.244.1.0/24 via 172.30.0.3" in commands
    assert "route add 10.244.2.0/24 via 172.30.0.4" in commands
    assert "route add unreachable 10.244.0.0/24" in commands
    assert not any("10.244.0.0/24 via" in command for command in commands)
