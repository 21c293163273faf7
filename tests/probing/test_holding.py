"""A connection that is held open: the scripts in a real shell, over loopback, and the log that they keep."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from netprobe.probing.holding import HeldLog, ask_script, end_mark, open_script, read_log


class Answering(BaseHTTPRequestHandler):
    """Keeps connections; sets ``server.asked`` after the second request of one."""

    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.count = 0

    def do_GET(self) -> None:
        self.count += 1
        body = b"no newline at the end"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.count == 2:
            self.server.asked.set()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    made.asked = Event()
    thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def shell(script: str, tmp_path) -> str:
    done = subprocess.run(
        ["sh"],
        input=script,
        capture_output=True,
        text=True,
        timeout=20,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
        check=True,
    )
    return done.stdout


def test_a_held_connection_is_asked_more_than_once_and_leaves_nothing(server, tmp_path):
    opened = shell(open_script("c0", "127.0.0.1", server.server_port), tmp_path)
    assert opened.splitlines() == [end_mark("c0")]
    assert server.asked.wait(10)
    asked = shell(ask_script("c0"), tmp_path)
    assert asked.endswith(f"{end_mark('c0')}\n")
    log = read_log(asked)
    assert log is not None
    assert (log.running, log.ended) == (True, None)
    assert 1 <= len(log.answers) <= 3
    assert log.answers[-1] <= log.now
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_refuses_is_told_in_the_words_of_the_tool(server, tmp_path):
    port = server.server_port
    server.shutdown()
    server.server_close()
    shell(open_script("c1", "127.0.0.1", port), tmp_path)
    ended = tmp_path / "netprobe-held.c1" / "ended"
    for _ in range(200):
        if ended.exists() and ended.read_text():
            break
        subprocess.run(["sleep", "0.02"], check=True)
    log = read_log(shell(ask_script("c1"), tmp_path))
    assert log is not None
    assert (log.answers, log.running) == ((), False)
    assert log.ended is not None


def test_what_is_no_log_is_none():
    assert read_log("") is None
    assert read_log("now soon\n") is None
    assert read_log("now 5.25\nanswer 4.00\nended 4.5\n") == HeldLog(now=5.25, answers=(4.0,), ended=4.5)


@pytest.mark.parametrize(
    ("name", "address", "port"), [("C 1", "10.0.0.1", 80), ("c", "host; rm", 80), ("c", "10.0.0.1", 0)]
)
def test_nothing_but_names_and_addresses_gets_into_a_script(name, address, port):
    with pytest.raises(ValueError, match=r"no connection|does not appear to be"):
        open_script(name, address, port)
