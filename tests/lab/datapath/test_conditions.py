"""Weather: what is late comes in order, what is lost is lost in few cases, and a fault stays a fault."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.lab.datapath.compiling import compile_nodes
from netprobe.lab.datapath.profiles import CONDITIONS, ENFORCING, PROFILES, profile_of
from tests.lab.datapath.fault_cases import DENY_X, DENY_Y

LOSS = "ip saddr 10.244.0.0/24 numgen random mod 100 < 5 drop"


def policies_over_time(profile, moments, town):
    """What an agent goes by at each (second, policies), and when it wants to look again."""
    look = profile.live()
    sights = (look(replace(town, policies=policies), second) for second, policies in moments)
    return [(sight.picture.policies, sight.again) for sight in sights]


def test_in_slow_weather_each_change_of_a_policy_counts_ten_seconds_later(town):
    moments = [(0.0, ()), (1.0, (DENY_X,)), (4.0, (DENY_X, DENY_Y)), (5.0, ())]
    moments += [(second, ()) for second in (10.9, 11.0, 14.0, 15.0, 99.0)]
    assert policies_over_time(CONDITIONS["slow"], moments, town) == [
        ((), None),
        ((), 11.0),
        ((), 11.0),
        ((), 11.0),
        ((), 11.0),
        ((DENY_X,), 14.0),
        ((DENY_X, DENY_Y), 15.0),
        ((), None),
        ((), None),
    ]


def test_slow_weather_delays_neither_pods_nor_services(town):
    look = CONDITIONS["slow"].live()
    assert look(replace(town, policies=(DENY_X,)), 0.0).picture == town
    assert look(replace(town, pods=town.pods[1:]), 1.0).picture.pods == town.pods[1:]


def test_a_fault_hears_the_news_as_late_as_its_weather_lets_it(town):
    """Deleted at 20, the policy is deleted for the agent at 30, and leaks from then on."""
    profile = profile_of("delete-leaks+slow")
    moments = [(0.0, (DENY_X,)), (10.0, (DENY_X,)), (20.0, ()), (30.0, ()), (99.0, ())]
    assert policies_over_time(profile, moments, town) == [
        ((), 10.0),
        ((DENY_X,), None),
        ((DENY_X,), 30.0),
        ((DENY_X,), None),
        ((DENY_X,), None),
    ]


def test_the_agent_looks_again_when_the_first_of_its_reasons_is_due(town):
    look = profile_of("startup-window+slow").live()
    assert look(replace(town, policies=(DENY_X,)), 0.0).again == 3.0
    assert look(replace(town, policies=(DENY_X,)), 3.0).again == 10.0


def test_a_profile_in_bad_weather_bears_all_of_it():
    profile = profile_of("ports-ignored+lossy+jitter")
    assert (profile.name, profile.lateness) == ("ports-ignored+lossy+jitter", 2.0)
    assert profile.cites == PROFILES["ports-ignored"].cites
    with pytest.raises(KeyError):
        profile_of("ports-ignored+rainy")


def test_packets_are_lost_on_the_sender_s_node_before_anything_else(town):
    one, two = compile_nodes(town, profile_of("udp-open+lossy")).values()
    lines = [line.strip() for line in one.splitlines()]
    forward = lines[lines.index("chain forward {") : lines.index("chain output {")]
    order = [LOSS, "ct state established,related accept", "jump untranslated", "meta l4proto udp accept"]
    assert [line for line in forward if line in order] == order
    assert LOSS not in two
    assert LOSS.replace(".0.0/", ".1.0/") in two
    unknown = replace(town, nodes=tuple(replace(node, pod_cidr="") for node in town.nodes))
    assert compile_nodes(unknown, profile_of("enforcing+lossy")) == compile_nodes(unknown, ENFORCING)


@pytest.mark.lab
def test_a_few_packets_of_many_are_lost(packets, town):
    """The prober's own pods stay outside of the network whose packets are lost."""
    networks = ("10.244.0.0/29", "10.244.1.0/29")
    nodes = (replace(node, pod_cidr=cidr) for node, cidr in zip(town.nodes, networks, strict=True))
    picture = replace(town, nodes=tuple(nodes))
    ways = [("y/a", address, "UDP", port) for address in ("10.244.0.2", "10.244.1.2") for port in (80, 81)]
    answers = packets.ask(picture, ways * 100, profile_of("enforcing+lossy"))
    assert 3 <= [state for state, _, _ in answers].count("silent") <= 45
