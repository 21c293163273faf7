from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.model.observation import Outcome
from netprobe.probing import wire
from netprobe.probing.reply import read_reply
from netprobe.probing.request import Batch, Request, RequestKind


def request(name="r1", kind=RequestKind.TCP, **more):
    given = {"address": "10.0.0.1", "port": 80, "timeout": 2.5, "lookup": "a.b" if kind.is_dns else ""}
    return Request(id=name, kind=kind, **{**given, **more})


def batch(*requests):
    return Batch(id="b1", requests=requests)


def output(*lines, end=False):
    return "\n".join([wire.begin_mark("b1"), *lines, *([wire.end_mark("b1")] if end else []), ""])


START = wire.write_record("S", 0, "100.50")


def connected(name="r1", attempt=0):
    return wire.write_record("T", attempt, name, 0, "0.0001", "0.002", "0.004", "10.0.0.1", "200", "")


def body(text, name="r1", attempt=0):
    return wire.write_record("B", attempt, name, text)


def test_a_whole_answer():
    wanted = batch(request(expected_peers=frozenset({"shop/api"})))
    (reply,) = read_reply(wanted, output(START, body("netprobe shop/api/uid"), connected()))
    assert (reply.request, reply.attempt, reply.outcome) == ("r1", 0, Outcome.CONNECTED)
    assert (reply.started, reply.seconds, reply.peer, reply.address) == (100.5, 0.002, "shop/api", "10.0.0.1")


def test_replies_come_in_the_order_of_requests_and_attempts():
    wanted = batch(request("r2", attempts=2), request("r1"))
    replies = read_reply(wanted, "")
    assert [(reply.request, reply.attempt) for reply in replies] == [("r2", 0), ("r2", 1), ("r1", 0)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "did not answer"),
        ("sh: syntax error\n", "did not answer"),
        (output(START), "cut before"),
        (output(START, connected("r9")), "cut before"),
        (output(START, connected(attempt=1)), "cut before"),
        (output(START, connected())[:-6], "cut before"),
        (output(START, connected(), connected()), "more than once"),
        (output(connected()), "garbled"),
        (output(START, connected().replace("0.002", "soon")), "garbled"),
        (
            output(START, wire.write_record("X", 0, "curl", 127, "sh: curl: not found")),
            "curl exit 127: sh: curl",
        ),
        (output(wire.write_record("X", 0, "mktemp", 1, "no space")), "mktemp exit 1: no space"),
    ],
)
def test_what_is_missing_or_garbled_is_an_error_with_its_reason(text, why):
    (reply,) = read_reply(batch(request()), text)
    assert reply.outcome is Outcome.ERROR
    assert why in reply.detail


def test_a_tool_that_spoke_for_all_does_not_spoil_what_is_there():
    failed = wire.write_record("X", 0, "curl", 7, "")
    (reply,) = read_reply(batch(request()), output(START, connected(), failed))
    assert reply.outcome is Outcome.CONNECTED


def test_nothing_after_the_end_mark_is_read():
    text = output(START, end=True) + connected() + "\n"
    (reply,) = read_reply(batch(request()), text)
    assert reply.outcome is Outcome.ERROR


def test_a_peer_that_was_not_expected():
    wanted = batch(request(expected_peers=frozenset({"shop/api", "shop/api-2"})))
    (reply,) = read_reply(wanted, output(START, body("netprobe other/api/uid"), connected()))
    assert (reply.outcome, reply.peer) == (Outcome.WRONG_PEER, "other/api")


def program(kind_text, exit_code=0, start="100.00", middle="100.00", end="100.00"):
    return output(wire.write_record("P", 0, "r1", start, middle, end, exit_code, kind_text))


@pytest.mark.parametrize(
    ("text", "outcome", "peer"),
    [
        (program(">api"), Outcome.CONNECTED, "shop/api"),
        (program(">stranger"), Outcome.WRONG_PEER, "stranger"),
        (program(">what? who?"), Outcome.CONNECTED, ""),
        (program("api"), Outcome.ERROR, ""),
        (program("", middle="101.00", end="102.00"), Outcome.DROPPED, ""),
        (program("", middle="101.00", end="101.00"), Outcome.REJECTED, ""),
        (program("", exit_code=127), Outcome.ERROR, ""),
        (program("", start="never"), Outcome.ERROR, ""),
    ],
)
def test_udp(text, outcome, peer):
    wanted = batch(request(kind=RequestKind.UDP, expected_peers=frozenset({"shop/api"})))
    (reply,) = read_reply(wanted, text)
    assert (reply.outcome, reply.peer) == (outcome, peer)


@given(st.text(max_size=300), st.sampled_from(RequestKind), st.integers(1, 3))
def test_no_output_raises_or_is_taken_for_open_or_closed(noise, kind, attempts):
    wanted = batch(request(kind=kind, attempts=attempts))
    replies = read_reply(wanted, noise)
    assert len(replies) == attempts
    assert {reply.outcome for reply in replies} == {Outcome.ERROR}


@given(st.data())
def test_a_cut_never_turns_an_answer_into_another_one(data):
    wanted = batch(
        request("r1", expected_peers=frozenset({"shop/api"})), request("r2"), request("r3", attempts=2)
    )
    whole = output(
        START,
        wire.write_record("S", 1, "101.55"),
        body("netprobe shop/api/uid"),
        connected(),
        wire.write_record("T", 0, "r2", 28, "0.0001", "0.0", "2.5", "", "000", "Connection timed out"),
        connected("r3"),
        connected("r3", 1),
        end=True,
    )
    cut = whole[: data.draw(st.integers(0, len(whole)))]
    for now, then in zip(read_reply(wanted, cut), read_reply(wanted, whole), strict=True):
        assert now == then or now.outcome is Outcome.ERROR
