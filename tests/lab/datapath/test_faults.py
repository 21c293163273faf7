"""Each fault against the kernel: one flow that it gets wrong, one that it gets right."""

from __future__ import annotations

import re

import pytest

from netprobe.lab.datapath.profiles import CONDITIONS, ENFORCING, PROFILES
from tests.lab.datapath.fault_cases import CASES

ADDRESSES = {
    "x/a": "10.244.0.2",
    "y/a": "10.244.0.3",
    "x/b": "10.244.1.2",
    "y/b": "10.244.1.3",
    "outside": "203.0.113.10",
    "far": "10.96.0.20",
    "near": "10.96.0.21",
    "node2": "172.30.0.3",
}


def probe(flow):
    source, destination, port, protocol = re.fullmatch(r"(.+)>(.+):(\d+)(/UDP)?", flow).groups()
    return source, ADDRESSES[destination], "UDP" if protocol else "TCP", int(port)


def as_seen_at_the_end(profile, case, town):
    """The picture that an agent of this profile goes by after the case's history."""
    look = profile.live()
    return [look(edit(town), 100.0 * index) for index, edit in enumerate(case.history)][-1].picture


def test_every_fault_has_its_case():
    assert set(CASES) == set(PROFILES) - {ENFORCING.name}
    assert len(PROFILES) > 50
    assert not set(PROFILES) & set(CONDITIONS)


@pytest.mark.parametrize("profile", [*PROFILES.values(), *CONDITIONS.values()], ids=lambda each: each.name)
def test_a_profile_is_told_in_a_line_and_cites_what_it_is_like(profile):
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", profile.name)
    assert re.fullmatch(r"[^.].{10,80}\.", profile.description)
    assert bool(profile.cites) == (profile.name in CASES)


@pytest.mark.lab
@pytest.mark.parametrize("name", CASES)
def test_a_fault_gets_one_flow_wrong_and_another_one_right(packets, town, name):
    case = CASES[name]
    states = {}
    for profile in (ENFORCING, PROFILES[name]):
        seen = as_seen_at_the_end(profile, case, town)
        answers = packets.ask(seen, [probe(case.flow), probe(case.keeps)], profile)
        states[profile] = [state for state, _, _ in answers]
    (sound, right), (faulty, kept) = states.values()
    assert (sound, faulty) == (("silent", "open") if case.opens else ("open", "silent"))
    assert right == kept
