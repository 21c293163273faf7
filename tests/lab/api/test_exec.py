"""Exec over WebSocket beyond the recorded sessions (see tests/contract): by POST, much output, refusals."""

from __future__ import annotations

import contextlib
import socket
import ssl
from urllib.parse import urlencode

import pytest
import websocket

POD = {
    "metadata": {"name": "b"},
    "spec": {"containers": [{"name": "c", "image": "agnhost"}, {"name": "d", "image": "agnhost"}]},
}
PATH = "/api/v1/namespaces/default/pods/b/exec"


def make_pod(server, phase="Running"):
    status, _, body, _ = server.request("POST", "/api/v1/namespaces/default/pods", POD)
    assert status == 201, body

    def run(pod):
        pod["status"]["phase"] = phase

    server.call(lambda store: store.change("pods", "default", "b", run))


class PostingSocket(ssl.SSLSocket):
    """Lets a WebSocket client that only knows GET send its handshake by POST."""

    def send(self, data, flags=0):
        if data.startswith(b"GET "):
            sent = super().send(b"POST " + data[4:], flags)
            return sent - 1
        return super().send(data, flags)


@contextlib.contextmanager
def connected(server, query, subprotocol, method="GET"):
    context = ssl.create_default_context(cafile=server.ca_file)
    if method == "POST":
        context.sslsocket_class = PostingSocket
    host, port = server.url.removeprefix("https://").split(":")
    with (
        socket.create_connection((host, int(port)), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        client = websocket.create_connection(
            f"wss://{host}:{port}{PATH}?{urlencode(query)}",
            socket=secured,
            subprotocols=[subprotocol],
            header=[f"Authorization: Bearer {server.token}"],
        )
        yield client
        client.shutdown()


def session(server, command, subprotocol, sent, method):
    query = [("command", word) for word in command] + [("stdout", "true"), ("stderr", "true")]
    if sent:
        query.append(("stdin", "true"))
    received = []
    with connected(server, query, subprotocol, method) as client:
        assert client.subprotocol == subprotocol
        for frame in sent:
            client.send_binary(bytes([frame["channel"]]) + frame["data"].encode())
        while True:
            opcode, data = client.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                return received, int.from_bytes(data[:2], "big")
            received.append((data[0], data[1:].decode()))


def by_channel(frames):
    """All that came on each channel: how output is cut into frames is no contract."""
    return {
        channel: "".join(data for each, data in frames if each == channel)
        for channel in {each for each, _ in frames}
    }


def test_a_session_may_begin_with_post(server):
    make_pod(server)
    sent = [{"channel": 0, "data": "hello\n"}, {"channel": 255, "data": "\0"}]
    frames, code = session(server, ["cat"], "v5.channel.k8s.io", sent, "POST")
    assert by_channel(frames) == {1: "hello\n", 3: '{"metadata":{},"status":"Success"}'}
    assert code == 1000


def test_much_output_arrives_whole_and_before_the_status(server):
    make_pod(server)
    command = ["sh", "-c", "head -c 3000000 /dev/zero | tr '\\\\0' x; echo done >&2"]
    frames, _ = session(server, command, "v5.channel.k8s.io", [], "GET")
    assert len(by_channel(frames)[1]) == 3_000_000
    assert by_channel(frames)[2] == "done\n"
    assert frames[-1] == (3, '{"metadata":{},"status":"Success"}')


def test_a_program_ends_when_its_client_leaves(server):
    """The server fixture waits for every process: one that outlived its client would never end."""
    make_pod(server)
    query = [("command", "sleep"), ("command", "1000"), ("stdout", "true")]
    with connected(server, query, "v5.channel.k8s.io") as client:
        assert client.recv() == b"\x01"


def test_a_missing_pod_comes_before_a_missing_upgrade(server):
    status, _, body, _ = server.request("GET", f"{PATH}?command=true")
    assert (status, body["message"]) == (404, 'pods "b" not found')


def test_a_pod_that_does_not_run_cannot_be_entered(server):
    make_pod(server, phase="Pending")
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        session(server, ["true"], "v5.channel.k8s.io", [], "GET")
    assert refused.value.status_code == 500


def test_a_log_is_read_whole_or_from_its_tail(server):
    make_pod(server)
    path = "/api/v1/namespaces/default/pods/b/log"
    assert server.request("GET", path)[2] == "b c\nsecond\nthird\n"
    assert server.request("GET", f"{path}?container=d&tailLines=1")[2] == "third\n"
    status, _, body, _ = server.request("GET", f"{path}?container=zz")
    assert (status, body["message"]) == (400, "container zz is not valid for pod b")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("follow=true", "b c\nsecond\nthird\nfourth\n"),
        ("follow=true&tailLines=1", "third\nfourth\n"),
        ("limitBytes=3", "b c"),
        ("tailLines=0", ""),
    ],
)
def test_a_log_is_followed_or_cut(server, query, wanted):
    make_pod(server)
    status, kind, text, _ = server.request("GET", f"/api/v1/namespaces/default/pods/b/log?{query}")
    assert (status, text) == (200, wanted)
    assert kind.startswith("text/plain")


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("previous=true", 'previous terminated container "c" in pod "b" not found'),
        ("sinceSeconds=5", "the lab keeps no times of log lines, so it cannot serve sinceSeconds"),
        ("timestamps=true", "the lab keeps no times of log lines"),
        ("tailLines=x", 'tailLines: "x" is not a number'),
    ],
)
def test_a_log_that_is_not_kept_is_refused(server, query, why):
    make_pod(server)
    status, _, body, _ = server.request("GET", f"/api/v1/namespaces/default/pods/b/log?{query}")
    assert (status, body["reason"]) == (400, "BadRequest")
    assert why in body["message"]


def test_a_container_that_has_not_started_has_no_log(server):
    make_pod(server, phase="Pending")
    body = server.request("GET", "/api/v1/namespaces/default/pods/b/log")[2]
    assert body["message"] == 'container "c" in pod "b" is waiting to start: ContainerCreating'


@pytest.mark.parametrize("subresource", ["attach", "portforward", "ephemeralcontainers"])
def test_what_pods_of_the_lab_have_not_is_said(server, subresource):
    make_pod(server)
    status, _, body, _ = server.request("GET", f"/api/v1/namespaces/default/pods/b/{subresource}")
    assert (status, body["reason"]) == (404, "NotFound")
    assert f"the lab does not serve pods/{subresource}; " in body["message"]
