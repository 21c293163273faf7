"""The scripts, executed: real shells, curl, nc and nslookup against servers on loopback."""

from __future__ import annotations

import struct
import time
from itertools import pairwise

import pytest

from netprobe.model.observation import Outcome
from netprobe.probing.request import Batch, Request, RequestKind

TCP, UDP = RequestKind.TCP, RequestKind.UDP


def ask(port, kind=TCP, *, timeout=1.0, **more):
    given = {"id": "r", "address": "127.0.0.1", **more}
    return Request(kind=kind, port=port, timeout=timeout, **given)


def batch(*requests, spacing=1.05):
    return Batch(id="b1", requests=requests, spacing=spacing)


def test_tells_who_answered(run, web):
    server = web("netprobe shop/api-1/0f-1")
    reply = run(batch(ask(server.port, expected_peers=frozenset({"shop/api-1", "shop/api-2"}))))["r", 0]
    assert (reply.outcome, reply.peer, reply.address) == (Outcome.CONNECTED, "shop/api-1", "127.0.0.1")
    assert 0 < reply.seconds < 1


def test_another_pod_answers(run, web):
    server = web("netprobe shop/other/0f-1\n")
    reply = run(batch(ask(server.port, expected_peers=frozenset({"shop/api-1"}))))["r", 0]
    assert (reply.outcome, reply.peer) == (Outcome.WRONG_PEER, "shop/other")
    assert "shop/other answered instead of shop/api-1" in reply.detail


@pytest.mark.parametrize(
    "body",
    ["", "netprobe", "netprobe shop/api\textra", "\x00\udcff\r\n.\t.", "x" * 5000, "NETPROBE-END-b1\n"],
)
def test_connected_to_something_that_does_not_say_who_it_is(run, web, body):
    server = web(body)
    reply = run(batch(ask(server.port, expected_peers=frozenset({"shop/api"}))))["r", 0]
    assert (reply.outcome, reply.peer) == (Outcome.CONNECTED, "")


@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 500 no\r\n\r\n"])
def test_connected_whatever_follows(run, tcp, said):
    reply = run(batch(ask(tcp(said).port)))["r", 0]
    assert reply.outcome is Outcome.CONNECTED


def test_refused(run, closed_port):
    reply = run(batch(ask(closed_port)))["r", 0]
    assert reply.outcome is Outcome.REJECTED
    assert reply.seconds < 0.5


def test_silence(run, black_hole):
    reply = run(batch(ask(black_hole, timeout=0.4)))["r", 0]
    assert reply.outcome is Outcome.DROPPED
    assert reply.seconds == pytest.approx(0.4, abs=0.2)


def test_bodies_of_parallel_transfers_are_not_mixed_up(run, web):
    servers = [web(f"netprobe shop/pod-{number}/uid") for number in range(8)]
    requests = [ask(server.port, id=f"r{number}") for number, server in enumerate(servers)]
    replies = run(batch(*requests))
    assert [replies[f"r{number}", 0].peer for number in range(8)] == [f"shop/pod-{n}" for n in range(8)]


def test_every_attempt_is_a_connection_of_its_own_and_starts_on_time(run, web):
    server = web("netprobe shop/api/uid")
    replies = run(batch(ask(server.port, attempts=3), ask(server.port, id="once"), spacing=0.3))
    assert set(replies) == {("r", 0), ("r", 1), ("r", 2), ("once", 0)}
    assert all(reply.outcome is Outcome.CONNECTED for reply in replies.values())
    assert len(set(server.clients)) == len(server.clients) == 4
    starts = [replies["r", attempt].started for attempt in range(3)]
    assert all(later - earlier >= 0.29 for earlier, later in pairwise(starts))


def test_attempts_overlap(run, black_hole):
    began = time.monotonic()
    replies = run(batch(ask(black_hole, timeout=1.0, attempts=3), spacing=0.2))
    assert {reply.outcome for reply in replies.values()} == {Outcome.DROPPED}
    assert time.monotonic() - began < 2.5, "three attempts of 1 s, 0.2 s apart"


def test_a_name_that_does_not_resolve(run):
    reply = run(batch(ask(80, address="no-such-host.invalid")))["r", 0]
    assert reply.outcome is Outcome.NAME_FAILED


def test_udp_answer_names_the_pod(run, udp):
    server = udp(lambda data: b"api-1" if data == b"hostname" else None)
    request = ask(server.port, UDP, timeout=2.5, expected_peers=frozenset({"shop/api-1"}))
    began = time.monotonic()
    reply = run(batch(request))["r", 0]
    assert (reply.outcome, reply.peer) == (Outcome.CONNECTED, "shop/api-1")
    assert time.monotonic() - began < 1, "nobody waits after an answer"


def test_udp_answer_of_another_pod(run, udp):
    server = udp(lambda _data: b"stranger")
    reply = run(batch(ask(server.port, UDP, expected_peers=frozenset({"shop/api-1"}))))["r", 0]
    assert (reply.outcome, reply.peer) == (Outcome.WRONG_PEER, "stranger")


def test_udp_silence_is_asked_twice(run, udp):
    server = udp(lambda _data: None)
    reply = run(batch(ask(server.port, UDP, timeout=1.0)))["r", 0]
    assert reply.outcome is Outcome.DROPPED
    assert len(server.clients) == 2


def test_udp_one_lost_datagram_is_not_silence(run, udp):
    answers = iter([None, b"api-1"])
    server = udp(lambda _data: next(answers))
    reply = run(batch(ask(server.port, UDP, expected_peers=frozenset({"shop/api-1"}))))["r", 0]
    assert (reply.outcome, reply.peer) == (Outcome.CONNECTED, "shop/api-1")


def test_udp_refused(run, closed_port):
    reply = run(batch(ask(closed_port, UDP, timeout=1.0)))["r", 0]
    assert reply.outcome is Outcome.REJECTED


def dns_answer(code):
    """Answer every query with a response code and no records."""
    return lambda query: query[:2] + struct.pack("!H", 0x8180 | code) + query[4:6] + bytes(6) + query[12:]


@pytest.mark.parametrize(("code", "said"), [(3, "NXDOMAIN"), (2, "SERVFAIL"), (5, "REFUSED")])
def test_dns_any_answer_is_an_answer(run, udp, code, said):
    server = udp(dns_answer(code))
    request = ask(server.port, RequestKind.DNS_UDP, lookup="kubernetes.default.svc.cluster.local")
    reply = run(batch(request))["r", 0]
    assert reply.outcome is Outcome.CONNECTED
    assert said in reply.detail


def test_dns_silence(run, udp):
    server = udp(lambda _query: None)
    reply = run(batch(ask(server.port, RequestKind.DNS_UDP, lookup="a.b")))["r", 0]
    assert reply.outcome is Outcome.DROPPED


@pytest.mark.parametrize("kind", [RequestKind.DNS_UDP, RequestKind.DNS_TCP])
def test_dns_refused(run, closed_port, kind):
    reply = run(batch(ask(closed_port, kind, lookup="a.b")))["r", 0]
    assert reply.outcome is Outcome.REJECTED


def test_dns_over_tcp_to_a_server_that_is_none(run, tcp):
    reply = run(batch(ask(tcp(b"").port, RequestKind.DNS_TCP, lookup="a.b")))["r", 0]
    assert reply.outcome is Outcome.ERROR


def test_a_missing_program_is_an_error_not_silence(run, closed_port):
    reply = run(batch(ask(closed_port, RequestKind.SCTP)))["r", 0]
    assert reply.outcome is Outcome.ERROR
    assert "agnhost" in reply.detail


def test_nothing_is_left_in_the_file_system(run, web, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    run(batch(ask(web("netprobe shop/api/uid").port), ask(1, UDP, id="u")))
    assert list(tmp_path.iterdir()) == []


def test_an_unwritable_directory_is_an_error_with_its_reason(run, web, monkeypatch):
    monkeypatch.setenv("TMPDIR", "/nowhere")
    reply = run(batch(ask(web("x").port)))["r", 0]
    assert reply.outcome is Outcome.ERROR
    assert "mktemp" in reply.detail


def test_a_batch_of_twelve_is_quick(run, web):
    server = web("netprobe shop/api/uid")
    requests = [ask(server.port, id=f"r{number}") for number in range(12)]
    took = []
    for _ in range(5):
        began = time.monotonic()
        replies = run(batch(*requests))
        took.append(time.monotonic() - began)
        assert all(reply.outcome is Outcome.CONNECTED for reply in replies.values())
    assert min(took) < 0.1
