"""Strategies that draw small clusters as plain API objects."""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

from tests.oracle.cluster import Cluster

NAMESPACES = ("red", "blue", "green")
KEYS = ("a", "b")
VALUES = ("1", "2")
PORTS = (80, 81)
EXTERNALS = ("203.0.113.5", "203.0.113.130", "2001:db8::7")

labels = st.sampled_from([
    *({}, {"c": "1"}, {"a": ""}, {"b": ""}, {"a": "1", "b": ""}),
    *({key: value} for key, value in product(KEYS, VALUES)),
    *({"a": one, "b": other} for one, other in product(VALUES, VALUES)),
])  # fmt: skip

_SETS = [["1"], ["2"], ["1", "2"], ["2", "1"], ["nobody", "2"], ["1", ""]]
_requirements = [
    {"key": key, "operator": operator, **({"values": values} if values else {})}
    for key in KEYS
    for operator, values in (
        *product(("In", "NotIn"), _SETS),
        *product(("Exists", "DoesNotExist"), ([], [], [])),
    )
]
_match_labels = [*({key: value} for key, value in product(KEYS, VALUES)), {"a": ""}, {"a": "1", "b": "2"}]
selectors = st.one_of(
    st.sampled_from([{}, {"matchLabels": {}, "matchExpressions": []}]),
    st.sampled_from([{"matchLabels": wanted} for wanted in _match_labels]),
    st.sampled_from([{"matchExpressions": [one]} for one in _requirements]),
    st.sampled_from([{"matchExpressions": list(pair)} for pair in product(_requirements, _requirements)]),
    st.sampled_from([
        {"matchLabels": wanted, "matchExpressions": [one]}
        for wanted, one in product(_match_labels, _requirements)
    ]),
)  # fmt: skip

blocks = st.sampled_from([
    {"cidr": "0.0.0.0/0"},
    {"cidr": "0.0.0.0/0", "except": ["203.0.113.128/25", "10.0.0.0/31"]},
    {"cidr": "10.0.0.0/30", "except": []},
    {"cidr": "10.0.0.0/29", "except": ["10.0.0.2/31", "10.0.0.0/32"]},
    {"cidr": "203.0.113.0/24", "except": ["203.0.113.64/26", "203.0.113.128/25"]},
    {"cidr": "203.0.113.130/32"},
    {"cidr": "::/0"},
    {"cidr": "::/0", "except": ["2001:db8:1::/64", "2001:db8::/64", "fd00::2/127"]},
    {"cidr": "2001:db8::/64"},
])  # fmt: skip
peers = st.one_of(
    st.fixed_dictionaries({"podSelector": selectors}),
    st.fixed_dictionaries({"namespaceSelector": selectors}),
    st.fixed_dictionaries({"namespaceSelector": selectors, "podSelector": selectors}),
    st.fixed_dictionaries({"ipBlock": blocks}),
)
ports = st.sampled_from([
    *({"protocol": protocol} for protocol in ("UDP", "SCTP")),
    *({}, {"port": 79}),
    *({"port": number, **p} for number, p in product(PORTS, ({}, {"protocol": "UDP"}, {"protocol": "SCTP"}))),
    *({"port": name, **p} for name, p in product(("web", "alt"), ({}, {"protocol": "UDP"}))),
    *({"port": "web", "protocol": "SCTP"}, {"port": "none"}),
    *({"port": 79, "endPort": last, **p} for last, p in product((79, 80, 81), ({}, {"protocol": "UDP"}))),
    *({"port": 81, "endPort": 65535, "protocol": p} for p in ("TCP", "SCTP")),
])  # fmt: skip


def listed(items, lengths):
    """A list of one of the lengths, each as likely as the others; None leaves the list out."""
    return st.sampled_from(lengths).flatmap(
        lambda n: st.none() if n is None else st.lists(items, min_size=n, max_size=n)
    )


def without_absent(found):
    return {key: value for key, value in found.items() if value is not None}


def rules(peers_key):
    fields = {
        peers_key: listed(peers, (None, 0, 1, 1, 1, 2, 3)),
        "ports": listed(ports, (None, None, 0, 1, 1, 1, 2)),
    }
    return st.fixed_dictionaries(fields).map(without_absent)


_policy_types = [None, None, [], ["Ingress"], ["Egress"], ["Ingress", "Egress"], ["Egress", "Ingress"]]
policy_specs = st.fixed_dictionaries({
    "podSelector": st.one_of(st.none(), st.just({}), selectors),
    "policyTypes": st.sampled_from(_policy_types),
    "ingress": listed(rules("from"), (None, 0, 1, 1, 1, 2)),
    "egress": listed(rules("to"), (None, 0, 1, 1, 1, 2)),
}).map(without_absent)  # fmt: skip


def port(number, name="", protocol="TCP"):
    named = {"name": name} if name else {}
    return {"containerPort": number, "protocol": protocol, **named}


containers = st.sampled_from([
    [{}],
    [{"ports": [port(80, "web"), port(81, "alt")]}],
    [{"ports": [port(81, "web")]}, {"ports": [{"containerPort": 80}]}],
    [{"ports": [port(80, "alt", "UDP")]}, {"ports": [port(81, "web", "SCTP")]}],
    [{"ports": [port(80, "web")]}, {"ports": [port(81, "web", "UDP")]}],
    [{"ports": [port(80, "web"), port(80, "alt", "SCTP")]}],
])  # fmt: skip
phases = st.sampled_from([*["Running"] * 30, "Pending", "Succeeded", "Failed"])
families = st.sampled_from([("4",), ("4",), ("4", "6"), ("6", "4")])


def pod(namespace, name, labels, containers, ips, phase="Running"):
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"namespace": namespace, "name": name, "labels": labels},
        "spec": {"containers": [{"name": f"c{n}", **body} for n, body in enumerate(containers)]},
        "status": {"phase": phase, "podIPs": [{"ip": ip} for ip in ips]},
    }


def namespace(name, labels):
    labels = {"kubernetes.io/metadata.name": name, **labels}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def policy(namespace, name, spec):
    metadata = {"namespace": namespace, "name": name}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


@st.composite
def clusters(draw, pods=4):
    """A cluster of three namespaces (some may be empty), a few pods, one to four policies, hosts outside."""
    homes = st.sampled_from((*NAMESPACES, NAMESPACES[0]))
    return Cluster(
        namespaces=tuple(namespace(name, draw(labels)) for name in NAMESPACES),
        pods=tuple(
            pod(
                draw(homes),
                f"pod-{n}",
                draw(labels),
                draw(containers),
                addresses(draw(families), n),
                draw(phases),
            )
            for n in range(pods)
        ),
        policies=tuple(
            policy(draw(homes), f"policy-{n}", draw(policy_specs))
            for n in range(draw(st.sampled_from((2, 3, 1, 4))))
        ),
        externals=EXTERNALS,
        ports=PORTS,
    )


def addresses(families, number):
    return [{"4": f"10.0.0.{number}", "6": f"fd00::{number}"}[family] for family in families]
