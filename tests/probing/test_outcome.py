from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.model.observation import Outcome
from netprobe.probing.outcome import (
    Transfer,
    read_association,
    read_datagrams,
    read_lookup,
    read_transfer,
)

TIMES = st.floats(0, 10)


def transfer(exit_code, *, name=False, lookup=0.0001, connect=0.0, total=0.1, message="", code="000"):
    return Transfer(
        by_name=name,
        timeout=2.5,
        exit_code=exit_code,
        namelookup=lookup,
        connect=connect,
        total=total,
        http_code=code,
        message=message,
    )


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (transfer(0, connect=0.001, code="200"), Outcome.CONNECTED),
        (transfer(28, connect=0.001, total=3.5), Outcome.CONNECTED),
        (transfer(52, connect=0.001), Outcome.CONNECTED),
        (transfer(56, connect=0.001), Outcome.CONNECTED),
        (transfer(28, total=2.5), Outcome.DROPPED),
        (transfer(28, name=True, total=2.5), Outcome.DROPPED),
        (transfer(28, name=True, lookup=0.0, total=2.5), Outcome.NAME_FAILED),
        (transfer(28, lookup=0.0, total=2.5), Outcome.DROPPED),
        (transfer(6, name=True, lookup=0.0), Outcome.NAME_FAILED),
        (transfer(6), Outcome.ERROR),
        (transfer(7), Outcome.REJECTED),
        (transfer(7, total=2.6), Outcome.DROPPED),
        (transfer(7, message="connect to 10.0.0.1 failed: Connection timed out"), Outcome.DROPPED),
        (transfer(2), Outcome.ERROR),
        (transfer(23), Outcome.ERROR),
        (transfer(27), Outcome.ERROR),
        (transfer(0), Outcome.ERROR),
    ],
)
def test_transfers(given, outcome):
    assert read_transfer(given).outcome is outcome


@given(st.integers(0, 255), st.booleans(), TIMES, TIMES, TIMES, st.text(max_size=20))
def test_connected_exactly_when_a_connection_was_made(exit_code, name, lookup, connect, total, message):
    reading = read_transfer(
        transfer(exit_code, name=name, lookup=lookup, connect=connect, total=total, message=message)
    )
    assert (reading.outcome is Outcome.CONNECTED) == (connect > 0)
    assert not reading.outcome.is_closed or exit_code in (7, 28)


def test_an_error_says_what_the_tool_said():
    assert (
        read_transfer(transfer(23, message="Failed writing body")).detail
        == "curl exit 23: Failed writing body"
    )


@pytest.mark.parametrize(
    ("exit_code", "text", "pauses", "outcome"),
    [
        (0, "", ((1.0, 1), (1.0, 1)), Outcome.DROPPED),
        (0, "", ((0.99, 1), (1.2, 1)), Outcome.DROPPED),
        (0, "", ((0.0, 1), (0.0, 1)), Outcome.REJECTED),
        (0, "", ((0.0, 1), (1.0, 1)), Outcome.REJECTED),
        (1, "", ((0.0, 1),), Outcome.REJECTED),
        (1, "nc: read failed: Connection refused", ((0.0, 1),), Outcome.REJECTED),
        (1, "nc: invalid option -- 'W'", ((0.0, 1),), Outcome.ERROR),
        (127, "sh: nc: not found", ((0.0, 1),), Outcome.ERROR),
        (137, "", ((0.5, 1),), Outcome.ERROR),
    ],
)
def test_datagrams_without_an_answer(exit_code, text, pauses, outcome):
    assert read_datagrams(exit_code, text, pauses).outcome is outcome


@pytest.mark.parametrize(
    ("exit_code", "text", "outcome", "detail"),
    [
        (
            0,
            "Server:\t\t10.96.0.10; Address:\t10.96.0.10#53; Name:\tapi.shop; Address: 10.96.1.2",
            Outcome.CONNECTED,
            "10.96.1.2",
        ),
        (
            1,
            "Server:\t\t10.96.0.10; Address:\t10.96.0.10#53; ** server can't find x.y: NXDOMAIN",
            Outcome.CONNECTED,
            "server can't find x.y: NXDOMAIN",
        ),
        (
            0,
            "Server:\t\t10.96.0.10; Address:\t10.96.0.10#53; *** Can't find x: No answer",
            Outcome.CONNECTED,
            None,
        ),
        (
            1,
            ";; communications error to 10.96.0.10#53: timed out; ;; no servers could be reached",
            Outcome.DROPPED,
            None,
        ),
        (1, ";; connection timed out; no servers could be reached", Outcome.DROPPED, None),
        (1, ";; communications error to 10.96.0.10#53: connection refused", Outcome.REJECTED, None),
        (1, ";; communications error to 10.96.0.10#53: host unreachable", Outcome.REJECTED, None),
        (1, ";; communications error to 10.96.0.10#53: end of file", Outcome.ERROR, None),
        (1, "nslookup: couldn't get address for 'x': not found", Outcome.ERROR, None),
        (127, "sh: nslookup: not found", Outcome.ERROR, None),
        (1, "", Outcome.ERROR, None),
    ],
)
def test_lookups(exit_code, text, outcome, detail):
    reading = read_lookup(exit_code, text)
    assert reading.outcome is outcome
    assert detail is None or reading.detail == detail


@pytest.mark.parametrize(
    ("exit_code", "text", "outcome"),
    [
        (0, "", Outcome.CONNECTED),
        (1, "TIMEOUT", Outcome.DROPPED),
        (1, "REFUSED", Outcome.REJECTED),
        (1, "OTHER: protocol not supported", Outcome.ERROR),
        (127, "sh: /agnhost: not found", Outcome.ERROR),
    ],
)
def test_associations(exit_code, text, outcome):
    assert read_association(exit_code, text).outcome is outcome
