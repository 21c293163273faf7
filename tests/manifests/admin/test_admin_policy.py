"""Cluster-wide policies: what is read, and what the CRDs refuse."""

from __future__ import annotations

import json

import pytest

from netprobe.errors import InputError
from netprobe.manifests.admin import decode_admin_policy, decode_admin_policy_body
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.admin_policy import Action, AdminPeer, AdminPolicy, AdminPort, AdminRule, PodsIn, Tier
from netprobe.model.policy import LabelSelector
from netprobe.model.protocol import Protocol

ANP, BANP, CNP = "AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy"
ALL = LabelSelector()
ANYONE = {"namespaces": {}}
SPECS = {
    ANP: {"priority": 10, "subject": ANYONE},
    BANP: {"subject": ANYONE},
    CNP: {"tier": "Admin", "priority": 10, "subject": ANYONE},
}


def body(kind, *, name="default", **spec):
    version = "v1alpha2" if kind == CNP else "v1alpha1"
    spec = {key: value for key, value in (SPECS[kind] | spec).items() if value is not None}
    metadata = {"name": name}
    return {
        "apiVersion": f"policy.networking.k8s.io/{version}",
        "kind": kind,
        "metadata": metadata,
        "spec": spec,
    }


def decode(kind, **spec):
    problems, remarks = [], []
    (document,) = read_documents(json.dumps(body(kind, **spec)), "a.yaml")
    policy = decode_admin_policy(document, problems, remarks=remarks)
    assert (policy is None) == bool(problems)
    return policy, [problem.message for problem in (*problems, *(remark.problem for remark in remarks))]


def egress(action="Deny", to=(ANYONE,), **more):
    return {"egress": [{"action": action, "to": list(to), **more}]}


def ingress(action="Deny", peers=(ANYONE,), **more):
    return {"ingress": [{"action": action, "from": list(peers), **more}]}


def test_an_admin_network_policy_is_read_in_full():
    pods = {"namespaceSelector": {"matchLabels": {"a": "b"}}, "podSelector": {"matchLabels": {"c": "d"}}}
    ports = [
        {"portNumber": {"port": 80}},
        {"portNumber": {"port": 53, "protocol": "UDP"}},
        {"portRange": {"start": 1, "end": 9}},
        {"namedPort": "web"},
    ]
    policy, _ = decode(
        ANP,
        name="first",
        subject={"pods": pods},
        **ingress("Pass", name="rule", ports=ports),
        **egress("Allow", [{"nodes": {}}, {"networks": ["10.1.2.3/8"]}, {"domainNames": ["*.example.com"]}]),
    )
    assert policy == AdminPolicy(
        kind=ANP,
        name="first",
        tier=Tier.ADMIN,
        priority=10,
        subject=PodsIn(
            namespaces=LabelSelector(match_labels={"a": "b"}), pods=LabelSelector(match_labels={"c": "d"})
        ),
        ingress=(
            AdminRule(
                action=Action.PASS,
                peers=(AdminPeer(pods=PodsIn(namespaces=ALL)),),
                ports=(
                    AdminPort(port=80),
                    AdminPort(protocol=Protocol.UDP, port=53),
                    AdminPort(port=1, end_port=9),
                    AdminPort(protocol=None, port="web"),
                ),
                name="rule",
            ),
        ),
        egress=(
            AdminRule(
                action=Action.ALLOW,
                peers=(
                    AdminPeer(nodes=ALL),
                    AdminPeer(networks=("10.1.2.3/8",)),
                    AdminPeer(domain_names=("*.example.com",)),
                ),
            ),
        ),
    )
    assert (policy.place.line, policy.egress[0].peers[1].place.line) == (1, 1)


def test_a_baseline_policy_has_no_priority():
    policy, _ = decode(BANP, **egress("Allow"))
    assert (policy.tier, policy.priority, policy.egress[0].action) == (Tier.BASELINE, 0, Action.ALLOW)


def test_a_cluster_network_policy_says_its_tier_and_has_protocols():
    protocols = [
        {"tcp": {"destinationPort": {"number": 80}}},
        {"sctp": {"destinationPort": {"range": {"start": 1, "end": 9}}}},
        {"destinationNamedPort": "web"},
    ]
    policy, _ = decode(
        CNP, tier="Baseline", subject={"pods": {"podSelector": {}}}, **egress("Accept", protocols=protocols)
    )
    assert (policy.tier, policy.subject) == (Tier.BASELINE, PodsIn(namespaces=ALL, pods=ALL))
    assert policy.egress[0].action is Action.ALLOW
    assert policy.egress[0].ports == (
        AdminPort(port=80),
        AdminPort(protocol=Protocol.SCTP, port=1, end_port=9),
        AdminPort(protocol=None, port="web"),
    )


TOO_MANY = [ANYONE] * 26
NUMBER = {"portNumber": {"port": 80}}


@pytest.mark.parametrize(
    ("kind", "spec", "field"),
    [
        (ANP, {"priority": 1001}, "spec.priority"),
        (ANP, {"priority": -1}, "spec.priority"),
        (ANP, {"priority": None}, "spec.priority"),
        (CNP, {"tier": "Top"}, "spec.tier"),
        (CNP, {"tier": None}, "spec.tier"),
        (BANP, {"name": "other"}, "metadata.name"),
        (ANP, {"subject": None}, "spec.subject"),
        (ANP, {"subject": {}}, "spec.subject"),
        (ANP, {"subject": {"namespaces": {}, "pods": {"namespaceSelector": {}, "podSelector": {}}}},
         "spec.subject"),
        (ANP, {"subject": {"pods": {"podSelector": {}}}}, "spec.subject.pods.namespaceSelector"),
        (CNP, {"subject": {"pods": {"namespaceSelector": {}}}}, "spec.subject.pods.podSelector"),
        (ANP, {"ingress": ingress()["ingress"] * 101}, "spec.ingress"),
        (CNP, {"egress": egress()["egress"] * 26}, "spec.egress"),
        (CNP, egress(to=TOO_MANY), "spec.egress[0].to"),
        (CNP, ingress(peers=[]), "spec.ingress[0].from"),
        (CNP, {"ingress": [{"action": "Deny"}]}, "spec.ingress[0].from"),
        (CNP, ingress(protocols=[]), "spec.ingress[0].protocols"),
        (ANP, ingress(ports=[NUMBER] * 101), "spec.ingress[0].ports"),
        (ANP, ingress(name="x" * 101), "spec.ingress[0].name"),
        (CNP, ingress("Allow"), "spec.ingress[0].action"),
        (ANP, ingress("Accept"), "spec.ingress[0].action"),
        (BANP, ingress("Pass"), "spec.ingress[0].action"),
        (ANP, {"ingress": [{"from": [ANYONE]}]}, "spec.ingress[0].action"),
        (ANP, ingress(peers=[{}]), "spec.ingress[0].from[0]"),
        (ANP, egress(to=[{"nodes": {}, "networks": ["10.0.0.0/8"]}]), "spec.egress[0].to[0]"),
        (ANP, egress(to=[{"networks": []}]), "spec.egress[0].to[0].networks"),
        (ANP, egress(to=[{"networks": [f"10.{n}.0.0/16" for n in range(26)]}]),
         "spec.egress[0].to[0].networks"),
        (ANP, egress(to=[{"networks": ["10.0.0.1"]}]), "spec.egress[0].to[0].networks[0]"),
        (ANP, egress(to=[{"networks": ["10.0.0.0/8", "10.0.0.0/8"]}]), "spec.egress[0].to[0].networks[1]"),
        (ANP, egress("Allow", to=[{"domainNames": ["a_.example"]}]), "spec.egress[0].to[0].domainNames[0]"),
        (ANP, egress("Allow", to=[{"domainNames": ["a.*.example"]}]),
         "spec.egress[0].to[0].domainNames[0]"),
        (CNP, egress("Deny", to=[{"domainNames": ["a.example"]}]), "spec.egress[0].to[0].domainNames"),
        (ANP, egress(to=[{"nodes": {}}], ports=[{"namedPort": "web"}]), "spec.egress[0].ports"),
        (CNP, egress(to=[{"networks": ["10.0.0.0/8"]}], protocols=[{"destinationNamedPort": "web"}]),
         "spec.egress[0].protocols"),
        (ANP, ingress(ports=[{}]), "spec.ingress[0].ports[0]"),
        (ANP, ingress(ports=[{**NUMBER, "namedPort": "web"}]), "spec.ingress[0].ports[0]"),
        (ANP, ingress(ports=[{"portNumber": {"port": 0}}]), "spec.ingress[0].ports[0].portNumber.port"),
        (ANP, ingress(ports=[{"portNumber": {}}]), "spec.ingress[0].ports[0].portNumber.port"),
        (ANP, ingress(ports=[{"portRange": {"start": 9, "end": 9}}]), "spec.ingress[0].ports[0].portRange"),
        (CNP, ingress(protocols=[{"tcp": {}}]), "spec.ingress[0].protocols[0].tcp.destinationPort"),
        (CNP, ingress(protocols=[{"tcp": {"destinationPort": {}}}]),
         "spec.ingress[0].protocols[0].tcp.destinationPort"),
        (CNP, ingress(protocols=[{"udp": {"destinationPort": {"range": {"start": 9, "end": 1}}}}]),
         "spec.ingress[0].protocols[0].udp.destinationPort.range"),
    ],
)  # fmt: skip
def test_what_the_crds_refuse_is_refused_with_its_field(kind, spec, field):
    _, problems = decode(kind, **spec)
    assert [problem.partition(": ")[0] for problem in problems] == [field]


@pytest.mark.parametrize(
    ("kind", "spec", "unknown"),
    [
        (BANP, {"priority": 1}, ['unknown field "priority" in spec']),
        (ANP, {"tier": "Admin"}, ['unknown field "tier" in spec']),
        (
            ANP,
            ingress(protocols=[], ports=[NUMBER]),
            ['unknown field "protocols" in spec.ingress[0]'],
        ),
        (
            ANP,
            ingress(peers=[{"networks": ["10.0.0.0/8"]}]),
            [
                "spec.ingress[0].from[0]: must have exactly one of namespaces or pods, and none is given",
                'unknown field "networks" in spec.ingress[0].from[0]',
            ],
        ),
    ],
)
def test_unknown_fields_are_remarks_but_leave_a_peer_without_meaning(kind, spec, unknown):
    _, messages = decode(kind, **spec)
    assert messages == unknown


def test_a_kind_that_is_none_of_them_is_refused():
    problems = []
    (document,) = read_documents("apiVersion: v1\nkind: Pod\n", "a.yaml")
    assert decode_admin_policy(document, problems) is None
    assert [problem.place.line for problem in problems] == [2]


def test_a_peer_of_a_newer_crd_fails_closed_and_so_does_a_port():
    newer_port = {"icmp": {"type": 8}}
    known = {"tcp": {"destinationPort": {"number": 80}}}
    rules = [
        {"action": "Accept", "from": [{"groups": {}}, ANYONE]},
        {"action": "Accept", "from": [ANYONE], "protocols": [newer_port, known]},
        {"action": "Deny", "from": [ANYONE], "protocols": [newer_port, known]},
        {"action": "Pass", "from": [ANYONE], "protocols": [{"tcp": {"flags": 2}}]},
        {"action": "Accept", "from": [ANYONE], "protocols": [{"udp": {}}]},
    ]
    policy = decode_admin_policy_body(body(CNP, ingress=rules, extra=1))
    everyone = AdminPeer(pods=PodsIn(namespaces=ALL))
    assert policy.ingress == (
        AdminRule(action=Action.ALLOW, peers=(AdminPeer(), everyone)),
        AdminRule(action=Action.ALLOW, peers=(AdminPeer(),)),
        AdminRule(action=Action.DENY, peers=(AdminPeer(),)),
        AdminRule(action=Action.PASS, peers=(AdminPeer(),)),
        AdminRule(action=Action.ALLOW, peers=(everyone,), ports=(AdminPort(protocol=Protocol.UDP),)),
    )


@pytest.mark.parametrize("spec", [{"subject": {"groups": {}}}, ingress("Log")])
def test_a_policy_of_a_newer_crd_that_means_something_else_is_refused(spec):
    with pytest.raises(InputError, match="this policy cannot be understood: <cluster>: spec"):
        decode_admin_policy_body(body(CNP, **spec))
