from __future__ import annotations

import pytest
from dnslib import QTYPE, RCODE, DNSRecord
from hypothesis import given
from hypothesis import strategies as st

from netprobe.lab.node.dns import answer
from netprobe.lab.node.names import Found, Port, resolve
from netprobe.lab.store.objects import Store


def world():
    store = Store(lambda: "2026-01-01T00:00:00Z")
    store.create("namespaces", {"metadata": {"name": "shop"}})
    web = {"clusterIP": "10.96.0.7", "ports": [{"name": "http", "port": 80}]}
    bare = {"clusterIP": "None", "ports": [{"name": "http", "port": 80}]}
    alias = {"type": "ExternalName", "externalName": "web.shop.svc.cluster.local"}
    for name, spec in (("web", web), ("bare", bare), ("empty", bare), ("alias", alias)):
        store.create("services", {"metadata": {"name": name, "namespace": "shop"}, "spec": spec})
    endpoints = [
        {"addresses": ["10.244.0.2"], "conditions": {"ready": True}, "hostname": "db-0"},
        {"addresses": ["10.244.1.2"], "conditions": {"ready": True}},
        {"addresses": ["10.244.1.3"], "conditions": {"ready": False}, "hostname": "db-2"},
    ]
    meta = {"name": "bare-x", "namespace": "shop", "labels": {"kubernetes.io/service-name": "bare"}}
    ports = [{"name": "http", "port": 8080, "protocol": "TCP"}]
    store.create("endpointslices", {"metadata": meta, "endpoints": endpoints, "ports": ports})
    return store


NOTHING = Found()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("web.shop.svc.cluster.local.", Found(addresses=("10.96.0.7",))),
        ("WEB.Shop.svc.cluster.LOCAL", Found(addresses=("10.96.0.7",))),
        ("bare.shop.svc.cluster.local", Found(addresses=("10.244.0.2", "10.244.1.2"))),
        ("empty.shop.svc.cluster.local", None),
        ("db-0.bare.shop.svc.cluster.local", Found(addresses=("10.244.0.2",))),
        ("10-244-1-2.bare.shop.svc.cluster.local", Found(addresses=("10.244.1.2",))),
        ("db-2.bare.shop.svc.cluster.local", None),
        (
            "_http._tcp.web.shop.svc.cluster.local",
            Found(ports=(Port(port=80, target="web.shop.svc.cluster.local"),)),
        ),
        ("_http._udp.web.shop.svc.cluster.local", None),
        ("alias.shop.svc.cluster.local", Found(alias="web.shop.svc.cluster.local")),
        ("10-244-9-9.shop.pod.cluster.local", Found(addresses=("10.244.9.9",))),
        ("nonsense.shop.pod.cluster.local", None),
        ("shop.svc.cluster.local", NOTHING),
        ("nowhere.svc.cluster.local", None),
        ("cluster.local", NOTHING),
        ("web.shop", None),
        ("web.shop.svc", None),
        ("example.com", None),
        ("web.shop.svc.cluster.local.shop.svc.cluster.local", None),
    ],
)
def test_names(name, expected):
    assert resolve(world(), name) == expected


def test_the_ports_of_a_headless_service_are_those_of_its_endpoints():
    found = resolve(world(), "_http._tcp.bare.shop.svc.cluster.local")
    assert found.ports == (
        Port(port=8080, target="db-0.bare.shop.svc.cluster.local"),
        Port(port=8080, target="10-244-1-2.bare.shop.svc.cluster.local"),
    )


def ask(name, kind):
    return DNSRecord.parse(answer(DNSRecord.question(name, kind).pack(), world()))


def test_an_address_is_answered_with_authority():
    reply = ask("web.shop.svc.cluster.local", "A")
    assert (reply.header.rcode, reply.header.aa, str(reply.a.rdata)) == (RCODE.NOERROR, 1, "10.96.0.7")


@pytest.mark.parametrize(
    ("name", "rcode"),
    [("web.shop.svc.cluster.local", RCODE.NOERROR), ("no.shop.svc.cluster.local", RCODE.NXDOMAIN)],
)
def test_no_ipv6_address_is_an_empty_answer_and_no_name_is_nxdomain(name, rcode):
    reply = ask(name, "AAAA")
    assert reply.header.rcode == rcode
    assert reply.rr == []
    assert [QTYPE[record.rtype] for record in reply.auth] == ["SOA"]


def test_an_alias_and_a_port():
    assert str(ask("alias.shop.svc.cluster.local", "A").rr[0].rdata) == "web.shop.svc.cluster.local."
    assert str(ask("_http._tcp.web.shop.svc.cluster.local", "SRV").rr[0].rdata).split()[2] == "80"


def test_a_long_answer_is_cut_on_udp_and_says_so():
    store = world()
    addresses = [f"10.244.2.{number}" for number in range(200)]
    meta = {"name": "many", "namespace": "shop", "labels": {"kubernetes.io/service-name": "bare"}}
    endpoints = [{"addresses": addresses, "conditions": {"ready": True}}]
    store.create("endpointslices", {"metadata": meta, "endpoints": endpoints, "ports": []})
    query = DNSRecord.question("bare.shop.svc.cluster.local").pack()
    assert DNSRecord.parse(answer(query, store, limit=1232)).header.tc == 1
    assert len(DNSRecord.parse(answer(query, store)).rr) == 202


@given(st.binary(max_size=80))
def test_no_packet_breaks_the_server(data):
    answer(data, world())


def test_an_answer_is_not_answered():
    assert answer(DNSRecord.question("web.shop.svc.cluster.local").reply().pack(), world()) is None
