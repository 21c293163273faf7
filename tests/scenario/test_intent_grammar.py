"""Intent lines: what they say, where a mistake is, and that writing and reading undo each other."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from netprobe.model.protocol import Protocol, Via
from netprobe.model.scenario import EndPattern
from netprobe.scenario.intent_grammar import End, LineSyntaxError, ParsedLine, parse_line, render_line

NAMES = st.from_regex(r"[a-z0-9]([-a-z0-9]{0,8}[a-z0-9])?", fullmatch=True)
WORDS = NAMES | st.just("*")
PODS = st.builds(EndPattern, namespace=WORDS, workload=WORDS) | st.builds(
    EndPattern, namespace=WORDS, workload=NAMES, index=st.integers(0, 99)
)
PORTS = st.integers(1, 65535)
PROTOCOLS = st.none() | st.sampled_from(Protocol)


def _ends(port: st.SearchStrategy[int | None]) -> st.SearchStrategy[list[End]]:
    special = (
        st.builds(End, pattern=st.just(EndPattern(special="dns")), protocol=PROTOCOLS)
        | st.builds(
            End,
            pattern=st.builds(EndPattern, special=st.just("external"), name=WORDS),
            port=st.none() | PORTS,
            protocol=PROTOCOLS,
        )
        | st.builds(
            End,
            pattern=st.builds(EndPattern, special=st.just("node"), name=st.sampled_from(["own", "another"])),
            port=PORTS,
            protocol=PROTOCOLS,
        )
    )
    pods = st.builds(End, pattern=PODS, port=port, protocol=PROTOCOLS)
    return st.lists(pods | special, min_size=1, max_size=4)


LINES = st.builds(
    ParsedLine,
    sources=st.lists(st.builds(End, pattern=PODS), min_size=1, max_size=4).map(tuple),
    destinations=(_ends(st.none()) | _ends(PORTS)).map(tuple),
    via=st.none() | st.sampled_from(Via),
)


def _said(line: ParsedLine) -> list[tuple[EndPattern, int | None, Protocol | None]]:
    return [(end.pattern, end.port, end.protocol) for end in (*line.sources, *line.destinations)]


@given(LINES)
def test_reading_undoes_writing(line: ParsedLine) -> None:
    written = render_line(line)
    # A namespace called dns with a workload called tcp cannot be told from DNS over TCP.
    assume("dns/" not in written or any(end.pattern.special == "dns" for end in line.destinations))
    again = parse_line(written)
    assert _said(again) == _said(line)
    assert again.via is line.via


@given(st.text(max_size=60) | st.text(alphabet="abz/:*->,{}[]019 dnsviaexternalnode", max_size=60))
def test_any_text_is_read_or_refused_at_a_place_inside_it(text: str) -> None:
    assert _outcome(text) is True


def _outcome(text: str) -> bool:
    """Whether a text is either read as a whole line or refused at a place that a reader can find."""
    try:
        line = parse_line(text)
    except LineSyntaxError as error:
        return bool(error.message) and 0 <= error.offset <= len(text)
    return bool(line.sources and line.destinations)


def test_a_full_line() -> None:
    line = parse_line("shop/{web, api}, */probe[1] → dns/UDP, shop/db:5432/tcp via name")
    assert [end.pattern for end in line.sources] == [
        EndPattern(namespace="shop", workload="web"),
        EndPattern(namespace="shop", workload="api"),
        EndPattern(namespace="*", workload="probe", index=1),
    ]
    dns, db = line.destinations
    assert (dns.pattern, dns.protocol) == (EndPattern(special="dns"), Protocol.UDP)
    assert (db.port, db.protocol, line.via) == (5432, Protocol.TCP, Via.NAME)


def test_a_star_alone_is_every_pod() -> None:
    line = parse_line("* -> *:80")
    assert line.sources[0].pattern == line.destinations[0].pattern == EndPattern()
    assert line.destinations[0].port == 80


def test_a_namespace_called_dns_is_a_namespace() -> None:
    assert parse_line("a/b -> dns/server").destinations[0].pattern.namespace == "dns"


def test_a_list_in_braces_shares_its_port() -> None:
    line = parse_line("a/b -> c/{d,e}:80/udp")
    assert [(end.pattern.workload, end.port) for end in line.destinations] == [("d", 80), ("e", 80)]


@pytest.mark.parametrize(
    ("text", "offset", "said", "hint"),
    [
        ("shop -> a/b", 0, "'shop' names no workload", "shop/*"),
        ("a/b c/d", 0, "exactly one arrow", "namespace/workload"),
        ("a/b -> c/d -> e/f", 11, "this one has 2", ""),
        ("a/b -> ", 7, "destination is missing", ""),
        (", a/b -> c/d", 0, "source is missing", ""),
        ("dns -> a/b", 0, "dns can only be a destination", ""),
        ("a/b:80 -> c/d", 0, "a source has no port", "destination"),
        ("a/b -> c/d:0", 11, "'0' is not a port", "1 to 65535"),
        ("a/b -> c/d:http", 11, "'http' is not a port", "1 to 65535"),
        ("a/b -> c/d:80/tpc", 14, "'tpc' is not a protocol", "did you mean tcp?"),
        ("a/b -> c/d/xyz", 11, "'xyz' is not a protocol", "one of tcp, udp, sctp"),
        ("a/b -> dns:53", 10, "dns takes no port", ""),
        ("a/b -> node:own", 7, "a node needs a port", "node:own:10250"),
        ("a/b -> node:other:80", 12, "there is no node:other", "did you mean another?"),
        ("a/b -> c/d via nam", 15, "'nam' is not a way", "did you mean name?"),
        ("a/b -> c/d, e/f:80", 7, "some destinations of this list have a port", "share one"),
        ("a/b -> c/{d,E}", 9, "'E' in braces", ""),
        ("a/*[0] -> c/d", 3, "an index needs a single workload", ""),
        ("a/b* -> c/d", 0, "cannot read", "whole name"),
        ("A/b -> c/d", 0, "cannot read 'A/b'", ""),
    ],
)
def test_what_is_wrong_and_where(text: str, offset: int, said: str, hint: str) -> None:
    with pytest.raises(LineSyntaxError) as caught:
        parse_line(text)
    assert said in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.offset == offset
