"""ipBlocks as sets of addresses."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.lab.datapath.addresses import address_set, block_networks
from netprobe.model.policy import IPBlock

networks = st.builds(
    lambda address, length: f"{address}/{length}",
    st.ip_addresses(v=4),
    st.integers(min_value=0, max_value=32),
)
addresses = st.ip_addresses(v=4)


@given(cidr=networks, excluded=st.lists(networks, max_size=4).map(tuple), data=st.data())
def test_a_block_holds_what_is_in_the_cidr_and_in_no_exception(cidr, excluded, data):
    block = IPBlock(cidr=cidr, excluded=excluded)
    edges = [edge for text in (cidr, *excluded) for edge in _edges(ip_network(text, strict=False))]
    address = data.draw(addresses | st.sampled_from(edges))
    inside, *cut = (address in ip_network(text, strict=False) for text in (cidr, *excluded))
    assert any(address in part for part in block_networks(block)) == (inside and not any(cut))


def _edges(network):
    around = {int(network[0]) - 1, int(network[0]), int(network[-1]), int(network[-1]) + 1}
    return [IPv4Address(number) for number in around if 0 <= number < 2**32]


@pytest.mark.parametrize(
    "block", [IPBlock(cidr="fd00::/8"), IPBlock(cidr="10.0.0.0/8", excluded=("0.0.0.0/0",))]
)
def test_blocks_without_an_address_of_the_lab_are_empty(block):
    assert block_networks(block) == ()


@given(loose=st.lists(addresses, max_size=6), parts=st.lists(networks, max_size=3), data=st.data())
def test_a_joined_set_holds_both_without_overlaps(loose, parts, data):
    blocks = [IPv4Network(text, strict=False) for text in parts]
    joined = address_set(loose, blocks)
    address = data.draw(addresses | st.sampled_from(loose)) if loose else data.draw(addresses)
    expected = address in loose or any(address in block for block in blocks)
    assert (joined is None or address in joined) == expected
    if joined is not None:
        assert not any(IPv4Address(one) in network for one in joined.addresses for network in joined.networks)
        assert bool(joined) == bool(loose or blocks)


def test_halves_of_everything_are_everything():
    assert address_set([], [IPv4Network("0.0.0.0/1"), IPv4Network("128.0.0.0/1")]) is None
