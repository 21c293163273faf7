"""The proxy before an API server, as kubectl would choose it."""

from __future__ import annotations

import socket
import socketserver
import threading
from pathlib import Path

import pytest
from kubernetes.client import Configuration

from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.kubeconfig import Entry
from netprobe.cluster.kube.preflight import server_version
from netprobe.cluster.kube.proxies import set_proxy
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.kube.session import PodSession
from netprobe.errors import InputError, Refused, SessionLost
from netprobe.model.place import Place

SERVER = "https://api.corp.example:6443"
DIRECT = "http://no-proxy.invalid:80"


def chosen(environment, *, server=SERVER, proxy_url=None):
    configuration = Configuration(host=server)
    body = {"proxy-url": proxy_url} if proxy_url else {}
    set_proxy(configuration, Entry(body=body, place=Place(file="config", line=7)), environment)
    return configuration


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        ({}, DIRECT),
        ({"HTTPS_PROXY": "http://p:3128"}, "http://p:3128"),
        ({"https_proxy": "http://lower:1", "HTTPS_PROXY": "http://upper:1"}, "http://lower:1"),
        ({"HTTPS_PROXY": "p"}, "http://p:80"),
        ({"HTTPS_PROXY": "http://[::1]:3128"}, "http://[::1]:3128"),
        ({"HTTP_PROXY": "http://p:3128", "ALL_PROXY": "http://p:3128"}, DIRECT),
        ({"HTTPS_PROXY": "http://p:3128", "NO_PROXY": "other, corp.example"}, DIRECT),
        ({"HTTPS_PROXY": "http://p:3128", "NO_PROXY": "*"}, DIRECT),
        ({"HTTPS_PROXY": "http://p:3128", "no_proxy": "rp.example"}, "http://p:3128"),
    ],
)
def test_the_proxy_of_the_environment(environment, proxy):
    configuration = chosen(environment)
    assert configuration.proxy == proxy
    assert (configuration.no_proxy == "*") is (proxy == DIRECT)


def test_addresses_by_their_network():
    environment = {"HTTPS_PROXY": "http://p:3128", "NO_PROXY": "10.0.0.0/8"}
    assert chosen(environment, server="https://10.1.2.3:6443").proxy == DIRECT
    assert chosen(environment, server="https://11.1.2.3:6443").proxy == "http://p:3128"


def test_proxy_url_comes_first_and_knows_no_exceptions():
    environment = {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}
    configuration = chosen(environment, proxy_url="http://me:s%40cret@cluster-proxy:3128")
    assert configuration.proxy == "http://cluster-proxy:3128"
    assert configuration.proxy_headers == {"proxy-authorization": "Basic bWU6c0BjcmV0"}


@pytest.mark.parametrize(
    "url", ["socks5://me:secret@p:1080", "https://me:secret@p", "http://me:secret@p:port"]
)
def test_a_proxy_that_exec_cannot_go_through_is_refused_and_keeps_its_password(url):
    with pytest.raises(InputError, match="config:7: proxy-url is") as caught:
        chosen({}, proxy_url=url)
    assert "secret" not in caught.value.message
    assert "http://HOST:PORT" in caught.value.remedy


class Proxy(socketserver.ThreadingTCPServer):
    """An HTTP proxy on loopback that serves CONNECT; ``heads`` are the requests."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.heads = []
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Tunnel(socketserver.BaseRequestHandler):
    def handle(self):
        head = b""
        while b"\r\n\r\n" not in head:
            head += self.request.recv(4096)
        self.server.heads.append(head.decode())
        host, _, port = head.split()[1].decode().rpartition(":")
        with socket.create_connection((host, int(port)), timeout=10) as there:
            self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(there, self.request))
            back.start()
            pump(self.request, there)
            back.join()


def pump(source, destination):
    try:
        while data := source.recv(65536):
            destination.sendall(data)
        destination.shutdown(socket.SHUT_WR)
    except OSError:
        pass


@pytest.fixture
def proxy():
    running = Proxy()
    yield running
    running.stop()


def test_requests_and_exec_both_go_through_the_proxy(api, proxy, failure, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    config = api.kubeconfig()
    config["clusters"][0]["cluster"]["proxy-url"] = f"http://me:secret@127.0.0.1:{proxy.server_address[1]}"
    connection = connect_to(config)
    assert server_version(Rest(connection)) == "v1.36.2"
    api.answer = lambda *_: failure(403, "Forbidden", "no exec for you")
    with pytest.raises(Refused, match="no exec for you"):
        PodSession(connection, "ns", "pod")
    connection.client.rest_client.close()
    assert len(proxy.heads) == 2
    for head in proxy.heads:
        assert head.startswith(f"CONNECT {api.url.removeprefix('https://')} HTTP/1.")
        assert "basic bwu6c2vjcmv0" in head.lower()


def test_exec_passes_the_proxy_over_where_requests_do(api, proxy, failure, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.server_address[1]}")
    connection = connect_to(api.kubeconfig())
    api.answer = lambda *_: failure(403, "Forbidden", "no exec for you")
    with pytest.raises(Refused):
        PodSession(connection, "ns", "pod")
    connection.client.rest_client.close()
    assert proxy.heads == []


def test_a_proxy_that_is_not_there_is_named(api, tmp_path: Path):
    config = api.kubeconfig()
    config["clusters"][0]["cluster"]["proxy-url"] = "http://127.0.0.1:1"
    connection = connect_to(config)
    with pytest.raises(Exception, match=r"through the proxy http://127.0.0.1:1.* cannot be reached"):
        server_version(Rest(connection))
    with pytest.raises(SessionLost, match=r"through the proxy http://127.0.0.1:1"):
        PodSession(connection, "ns", "pod")
    connection.client.rest_client.close()
