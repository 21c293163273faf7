from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.probing.request import Batch, Request, RequestKind
from netprobe.probing.script import read_script, script_for, udp_waits, whole_seconds

IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)
LABELS = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
NAMES = st.lists(LABELS, min_size=1, max_size=5).map(".".join)
IPS = st.ip_addresses().map(str)


@st.composite
def requests(draw, name):
    kind = draw(st.sampled_from(RequestKind))
    return Request(
        id=name,
        kind=kind,
        address=draw(IPS | NAMES if kind is RequestKind.TCP else IPS),
        port=draw(st.integers(1, 65535)),
        timeout=draw(st.floats(0.01, 60)),
        attempts=draw(st.integers(1, 4)),
        lookup=draw(NAMES) if kind.is_dns else "",
        expected_peers=frozenset(draw(st.lists(NAMES, max_size=2))),
    )


@st.composite
def batches(draw):
    names = draw(st.lists(IDS, max_size=4, unique=True))
    members = tuple(draw(requests(name)) for name in names)
    return Batch(id=draw(IDS), requests=members, spacing=draw(st.floats(0.01, 5)))


@given(batches())
def test_a_script_carries_its_batch(batch):
    bare = tuple(replace(request, expected_peers=frozenset()) for request in batch.requests)
    assert read_script(script_for(batch).text) == replace(batch, requests=bare)


@given(batches())
def test_a_script_is_plain_ascii_that_a_shell_can_split(batch):
    script = script_for(batch)
    assert script.text.isascii()
    assert script.text.rstrip("\n").split("\n")[-1].endswith(script.end_mark)
    assert script.text.count("NETPROBE-END") == 1
    for line in script.text.split("\n"):
        if line.startswith(("np_probe ", "np_udp ")):
            assert all(
                set(word) <= set("abcdefghijklmnopqrstuvwxyz_ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:[]/-=&")
                for word in shlex.split(line)
            )


@given(batches())
def test_the_longest_time_covers_every_attempt(batch):
    for request in batch.requests:
        assert script_for(batch).seconds >= (request.attempts - 1) * batch.spacing + request.timeout


def test_the_time_of_more_transfers_than_curl_runs_at_once():
    many = tuple(
        Request(id=f"r{n}", kind=RequestKind.TCP, address="10.0.0.1", port=n + 1, timeout=1.0)
        for n in range(301)
    )
    assert script_for(Batch(id="b", requests=many[:300])).seconds == 2.0
    assert script_for(Batch(id="b", requests=many)).seconds == 4.0


def test_another_script_carries_no_batch():
    with pytest.raises(ValueError, match="no batch"):
        read_script("cat /etc/resolv.conf; echo MARK\n")


@pytest.mark.parametrize(("timeout", "waits"), [(0.5, (1, 1)), (2.5, (1, 1)), (3.0, (1, 2)), (4.0, (2, 2))])
def test_udp_waits(timeout, waits):
    assert udp_waits(timeout) == waits


def test_whole_seconds():
    assert [whole_seconds(timeout) for timeout in (0.2, 1.0, 2.5, 4.0)] == [1, 1, 2, 4]
