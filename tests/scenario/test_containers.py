"""One server process per TCP, UDP and SCTP port."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netprobe.scenario.containers import CONTROL_PORT, LONGEST_NAME, server_containers

PORTS = st.lists(
    st.tuples(st.integers(1, 65535), st.sampled_from(("TCP", "UDP", "SCTP"))), unique=True, max_size=12
)


def _container(name: str, *ports: tuple[int, str]) -> dict[str, object]:
    return {
        "name": name,
        "ports": [{"containerPort": number, "protocol": protocol} for number, protocol in ports],
    }


def _flags(container: dict[str, object]) -> dict[str, str]:
    return dict(arg.removeprefix("--").split("=", 1) for arg in container["args"][1:])


@given(
    st.lists(PORTS, min_size=1, max_size=3), st.from_regex(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?", fullmatch=True)
)
def test_every_declared_port_is_served_once_and_no_other_claims_it(
    shape: list[list[tuple[int, str]]], name: str
) -> None:
    once = {port for ports in shape for port in ports}
    written, left = [], set(once)
    for number, ports in enumerate(shape):
        mine = [port for port in ports if port in left]
        left -= set(mine)
        written.append(_container(name if number == 0 else f"c{number}", *mine))
    servers = server_containers(written, "image")
    served = {
        (int(value), flag.split("-")[0].replace("http", "tcp").upper())
        for server in servers
        for flag, value in _flags(server).items()
        if flag.endswith("-port") and int(value) > 0
    }
    declared = {
        (port["containerPort"], port["protocol"]) for server in servers for port in server.get("ports", ())
    }
    assert declared == once <= served
    https = [_flags(server)["http-port"] for server in servers]
    assert len(set(https)) == len(https)
    names = [server["name"] for server in servers]
    assert len(set(names)) == len(names)
    assert all(len(each) <= LONGEST_NAME for each in names)


def test_a_container_with_more_ports_is_split() -> None:
    servers = server_containers([_container("web", (80, "TCP"), (443, "TCP"), (53, "UDP"))], "agnhost")
    assert [server["name"] for server in servers] == ["web", "web-443"]
    assert [(_flags(s)["http-port"], _flags(s)["udp-port"]) for s in servers] == [("80", "53"), ("443", "-1")]
    assert servers[0]["ports"] == [
        {"containerPort": 80, "protocol": "TCP"},
        {"containerPort": 53, "protocol": "UDP"},
    ]


def test_without_a_tcp_port_http_goes_to_the_control_port_undeclared() -> None:
    servers = server_containers(
        [_container("a", (53, "UDP")), _container("b", (54, "UDP")), _container("c", (CONTROL_PORT, "TCP"))],
        "i",
    )
    assert [_flags(server)["http-port"] for server in servers] == ["61081", "61082", "61080"]
    (alone,) = server_containers([{"name": "idle"}, {"name": "sidecar"}], "i")
    assert (alone["name"], _flags(alone)["http-port"], "ports" in alone) == ("idle", "61080", False)


def test_names_of_ports_stay_and_host_ports_go() -> None:
    (server,) = server_containers(
        [
            {
                "name": "a",
                "ports": [{"name": "http", "containerPort": 80, "hostPort": 80, "hostIP": "0.0.0.0"}],
            }
        ],
        "i",
    )
    assert server["ports"] == [{"name": "http", "containerPort": 80, "protocol": "TCP"}]


def test_sctp_is_served_only_when_declared() -> None:
    (server,) = server_containers([_container("a", (7, "SCTP"))], "i")
    assert _flags(server)["sctp-port"] == "7"
    (plain,) = server_containers([_container("a", (7, "TCP"))], "i")
    assert "sctp-port" not in _flags(plain)


def test_a_split_name_that_is_taken_gets_another() -> None:
    servers = server_containers(
        [_container("web-81", (1, "TCP")), _container("web", (80, "TCP"), (81, "TCP"))], "i"
    )
    assert [server["name"] for server in servers] == ["web-81", "web", "web-81-x"]


def test_the_server_says_who_it_is_and_nothing_else() -> None:
    (server,) = server_containers([_container("a", (80, "TCP"))], "i")
    identity = "netprobe+$(NETPROBE_NAMESPACE)/$(NETPROBE_POD)/$(NETPROBE_UID)"
    assert _flags(server)["http-override"] == f"/echo?msg={identity}"
    assert {each["name"]: each["valueFrom"]["fieldRef"]["fieldPath"] for each in server["env"]} == {
        "NETPROBE_NAMESPACE": "metadata.namespace",
        "NETPROBE_POD": "metadata.name",
        "NETPROBE_UID": "metadata.uid",
    }
