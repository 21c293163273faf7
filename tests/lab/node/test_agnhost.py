from __future__ import annotations

import itertools
import socket
import subprocess
import sys
import urllib.request

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.lab.node.agnhost.answers import Identity, answer_datagram, answer_http
from netprobe.lab.node.agnhost.arguments import Netexec, Pause, UsageError, parse
from netprobe.lab.node.agnhost.http import Connection

ME = Identity(hostname="api-0", client="10.244.0.2:5000", now="2026-01-01T00:00:00")
RUN = """
import sys
from netprobe.lab.node.agnhost.program import run
sys.exit(run(sys.argv[1:], lambda: print("ready", flush=True)))
"""


def test_the_defaults_are_those_of_the_real_program():
    assert parse(["netexec"]) == Netexec(http_port=8080, udp_port=8081, sctp_port=-1, http_override="")
    assert parse([]) == parse(["pause"]) == Pause()


def test_flags_are_read_in_both_spellings():
    asked = ["netexec", "--http-port=80", "--udp-port", "-1", "--http-override=/echo?msg=a=b"]
    assert parse(asked) == Netexec(http_port=80, udp_port=-1, http_override="/echo?msg=a=b")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["connect"], 'unknown command "connect"'),
        (["netexec", "--bogus"], "--bogus"),
        (["netexec", "stray"], "stray"),
        (["netexec", "--http-port=http"], "http-port"),
        (["netexec", "--http-port=-1"], "--http-port: -1 is no port number"),
        (["netexec", "--udp-port=70000"], "--udp-port: 70000 is no port number"),
        (["netexec", "--http"], "--http"),
    ],
)
def test_senseless_arguments_are_refused(arguments, words):
    with pytest.raises(UsageError) as caught:
        parse(arguments)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/", (200, "NOW: 2026-01-01T00:00:00")),
        ("/hostname", (200, "api-0")),
        ("/hostName?x=1", (200, "api-0")),
        ("/clientip", (200, "10.244.0.2:5000")),
        ("/echo?msg=netprobe+a/b/c%20d", (200, "netprobe a/b/c d")),
        ("/echo?msg=x&code=418", (418, "x")),
        ("/echo?code=no", (200, "argument 'code' must be an integer or empty, got \"no\"\n")),
        ("/echo", (200, "")),
        ("/healthz", (200, "")),
        ("/shell?cmd=id", (404, "404 page not found\n")),
        ("/upload", (404, "404 page not found\n")),
    ],
)
def test_http_answers(target, expected):
    assert answer_http(target, ME) == expected


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ("hostname\n", "api-0"),
        ("HostName", "api-0"),
        ("clientip", "10.244.0.2:5000"),
        ("echo Some  Words\n", "Some  Words"),
        ("exit", None),
        ("", None),
        ("hostname now", None),
    ],
)
def test_datagram_answers(request_, expected):
    assert answer_datagram(request_, ME) == expected


REQUESTS = (
    b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    b"POST /b HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"
    b"HEAD /c HTTP/1.1\r\n\r\n"
    b"GET /d HTTP/1.1\r\nConnection: close\r\n\r\n"
)


@given(st.lists(st.integers(0, len(REQUESTS)), max_size=8))
def test_however_the_bytes_arrive_the_answers_are_the_same(cuts):
    def answers(pieces):
        asked = []
        connection = Connection(lambda target: (200, asked.append(target) or target))
        said = b"".join(connection.feed(piece) for piece in pieces)
        return said, asked, connection.finished

    edges = [0, *sorted(cuts), len(REQUESTS)]
    pieces = [REQUESTS[start:end] for start, end in itertools.pairwise(edges)]
    said, asked, finished = answers(pieces)
    assert (said, asked, finished) == answers([REQUESTS])
    assert asked == ["/a", "/b", "/c", "/d"]
    assert finished
    assert said.count(b"Connection: keep-alive") == 3


@given(st.binary(max_size=300))
def test_no_bytes_break_a_connection(data):
    connection = Connection(lambda target: (200, target))
    connection.feed(data)
    connection.feed(b"\r\n\r\n")


@pytest.mark.parametrize(
    "head",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/2\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_and_ends_the_connection(head):
    connection = Connection(lambda target: (200, target))
    assert connection.feed(head).startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert connection.finished


def test_a_head_without_end_ends_the_connection():
    connection = Connection(lambda target: (200, target))
    assert connection.feed(b"GET / HTTP/1.1\r\nX: " + b"x" * 70_000) == b""
    assert connection.finished


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def start(*arguments):
    argv = [sys.executable, "-c", RUN, *arguments]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_the_program_serves_tcp_and_udp():
    tcp, udp = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
    arguments = ("netexec", f"--http-port={tcp}", f"--udp-port={udp}", "--http-override=/echo?msg=it+is+me")
    with start(*arguments) as server:
        try:
            assert server.stdout.readline() == "ready\n"
            for path in ("/", "/shell?cmd=id"):
                with urllib.request.urlopen(f"http://127.0.0.1:{tcp}{path}", timeout=5) as reply:
                    assert reply.read() == b"it is me"
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.settimeout(5)
                client.sendto(b"echo hello", ("127.0.0.1", udp))
                assert client.recv(100) == b"hello"
        finally:
            server.terminate()
        assert server.wait(5) == -15


def test_a_taken_port_is_said_and_ends_the_program():
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with start("netexec", f"--http-port={port}", "--udp-port=-1") as server:
            _, words = server.communicate(timeout=10)
        assert server.returncode == 1
        assert words == f"Error: [Errno 98] listen on TCP port {port}: Address already in use\n"
