from __future__ import annotations

import pytest

from netprobe.model.decision import Answer
from netprobe.model.flow import ExternalRef, NodeRef
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, ExternalHost, Node, Topology

ALLOW, DENY, UNDEFINED = Answer.ALLOW, Answer.DENY, Answer.UNDEFINED


@pytest.fixture
def shop(make_pod, namespace):
    """Two namespaces: shop (api, db, web) and lab (api), with two nodes and an external host."""
    db_ports = (ContainerPort(number=5432, name="sql"), ContainerPort(number=53, protocol=Protocol.UDP))
    return Topology(
        namespaces=(namespace("shop", team="a"), namespace("lab", team="b")),
        pods=(
            make_pod("shop/web", node="one"),
            make_pod("shop/api", node="two", labels={"app": "api", "tier": "mid"}),
            make_pod("shop/db", node="one", ports=db_ports),
            make_pod("lab/api", node="two"),
        ),
        nodes=(Node(name="one", addresses=("192.0.2.1",)), Node(name="two", addresses=("192.0.2.2",))),
        externals=(
            ExternalHost(name="partner", address="203.0.113.10"),
            ExternalHost(name="named", address="partner.example"),
        ),
    )


def policy(spec, name="p", namespace="shop"):
    return f"metadata: {{name: {name}, namespace: {namespace}}}\nspec: {spec}\n"


TEAM_B = "{matchLabels: {team: b}}"
APP_API = "{matchLabels: {app: api}}"
NAMED_LAB = "{matchLabels: {kubernetes.io/metadata.name: lab}}"


def tier(expression):
    return f"[{{from: [{{podSelector: {{matchExpressions: [{expression}]}}}}]}}]"


DB = "{podSelector: {matchLabels: {app: db}}, "


def ingress_of_db(rules):
    return policy(DB + f"policyTypes: [Ingress], ingress: {rules}}}")


def egress_of_web(rules):
    return policy(f"{{podSelector: {{matchLabels: {{app: web}}}}, policyTypes: [Egress], egress: {rules}}}")


def test_without_policies_everything_is_allowed(shop, decide):
    decision = decide(shop, (), "shop/web", "shop/db", 5432)
    assert decision.answer is ALLOW
    assert decision.egress.isolating == decision.ingress.isolating == ()
    assert decision.reason == (
        "allowed: no policy isolates shop/web for egress; no policy isolates shop/db for ingress"
    )


@pytest.mark.parametrize(
    ("source", "rules", "answer"),
    [
        ("shop/web", "~", DENY),
        ("shop/web", "[]", DENY),
        ("shop/web", "[{}]", ALLOW),
        ("shop/web", "[{from: [], ports: []}]", ALLOW),
        ("shop/web", "[{from: [{podSelector: {}}]}]", ALLOW),
        ("lab/api", "[{from: [{podSelector: {}}]}]", DENY),
        ("lab/api", "[{from: [{namespaceSelector: {}}]}]", ALLOW),
        ("lab/api", "[{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]", ALLOW),
        ("shop/api", "[{from: [{namespaceSelector: {matchLabels: {team: b}}}]}]", DENY),
        ("lab/api", f"[{{from: [{{namespaceSelector: {NAMED_LAB}}}]}}]", ALLOW),
        ("shop/api", f"[{{from: [{{namespaceSelector: {NAMED_LAB}}}]}}]", DENY),
        # Both selectors in one entry are ANDed, in two entries ORed.
        ("shop/api", f"[{{from: [{{namespaceSelector: {TEAM_B}, podSelector: {APP_API}}}]}}]", DENY),
        ("shop/api", f"[{{from: [{{namespaceSelector: {TEAM_B}}}, {{podSelector: {APP_API}}}]}}]", ALLOW),
        ("lab/api", f"[{{from: [{{namespaceSelector: {TEAM_B}, podSelector: {APP_API}}}]}}]", ALLOW),
        ("shop/api", tier("{key: tier, operator: Exists}"), ALLOW),
        ("shop/web", tier("{key: tier, operator: Exists}"), DENY),
        ("shop/web", tier("{key: tier, operator: DoesNotExist}"), ALLOW),
        ("shop/web", tier("{key: tier, operator: NotIn, values: [mid]}"), ALLOW),
        ("shop/api", tier("{key: tier, operator: NotIn, values: [mid]}"), DENY),
        ("shop/api", tier("{key: tier, operator: In, values: [low, mid]}"), ALLOW),
        ("shop/web", tier("{key: tier, operator: In, values: [low, mid]}"), DENY),
        # ports
        ("shop/web", "[{ports: [{port: 5432}]}]", ALLOW),
        ("shop/web", "[{ports: [{port: sql}]}]", ALLOW),
        ("shop/web", "[{ports: [{port: sql, protocol: UDP}]}]", DENY),
        ("shop/web", "[{ports: [{port: other}]}]", DENY),
        ("shop/web", "[{ports: [{}]}]", ALLOW),
        ("shop/web", "[{ports: [{protocol: UDP}]}]", DENY),
        ("shop/web", "[{ports: [{protocol: UDP}, {port: 5400, endPort: 5432}]}]", ALLOW),
        ("shop/web", "[{ports: [{port: 5400, endPort: 5431}]}]", DENY),
        ("shop/web", "[{ports: [{port: 5433, endPort: 6000}]}]", DENY),
        # A rule needs both; rules are ORed.
        ("shop/web", "[{ports: [{port: 80}]}, {from: [{podSelector: {matchLabels: {app: api}}}]}]", DENY),
        ("shop/api", "[{ports: [{port: 80}]}, {from: [{podSelector: {matchLabels: {app: api}}}]}]", ALLOW),
        # ipBlocks and pods: a block that holds the pod's address leaves it open, unless a rule admits it.
        ("shop/web", "[{from: [{ipBlock: {cidr: 192.168.0.0/16}}]}]", DENY),
        ("shop/web", "[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", UNDEFINED),
        ("shop/web", "[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.244.0.0/24]}}]}]", DENY),
        ("shop/web", "[{from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 80}]}]", DENY),
        ("shop/web", "[{from: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector: {}}]}]", ALLOW),
        ("shop/web", "[{from: [{ipBlock: {cidr: '::/0'}}]}]", DENY),
    ],
)  # fmt: skip
def test_ingress_rules(shop, decide, policies, source, rules, answer):
    decision = decide(shop, policies(ingress_of_db(rules)), source, "shop/db", 5432)
    assert decision.answer is decision.ingress.answer is answer
    assert decision.egress.answer is ALLOW
    assert bool(decision.ingress.allowing) == (answer is ALLOW)


@pytest.mark.parametrize(
    ("destination", "rules", "answer"),
    [
        ("shop/db:5432", "[]", DENY),
        ("shop/db:5432", "[{to: [{podSelector: {matchLabels: {app: db}}}]}]", ALLOW),
        ("shop/db:5432", "[{to: [{podSelector: {matchLabels: {app: web}}}]}]", DENY),
        # A port name means what the destination calls so.
        ("shop/db:5432", "[{ports: [{port: sql}]}]", ALLOW),
        ("shop/api:80", "[{ports: [{port: sql}]}]", DENY),
        ("lab/api:80", "[{to: [{podSelector: {}}]}]", DENY),
        ("lab/api:80", "[{to: [{namespaceSelector: {matchLabels: {team: b}}}]}]", ALLOW),
    ],
)
def test_egress_rules(shop, decide, policies, destination, rules, answer):
    name, _, port = destination.partition(":")
    decision = decide(shop, policies(egress_of_web(rules)), "shop/web", name, int(port))
    assert decision.answer is decision.egress.answer is answer
    assert decision.ingress.answer is ALLOW


def test_both_ends_must_allow_and_a_denial_wins_over_what_is_left_open(shop, decide, policies):
    found = policies(ingress_of_db("[{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]"), egress_of_web("[]"))
    decision = decide(shop, found, "shop/web", "shop/db", 5432)
    assert (decision.egress.answer, decision.ingress.answer) == (DENY, UNDEFINED)
    assert decision.answer is DENY
    assert decision.reason.startswith("denied at the source: p isolates shop/web for egress")


def test_policies_are_additive(shop, decide, policies):
    found = policies(ingress_of_db("[]"), ingress_of_db("[{ports: [{port: 5432}]}]"))
    decision = decide(shop, found, "shop/web", "shop/db", 5432)
    assert decision.answer is ALLOW
    assert len(decision.ingress.isolating) == 2
    assert [(found.policy, found.rule, found.text) for found in decision.ingress.allowing] == [
        ("p", 0, "anyone on TCP 5432")
    ]


def test_a_policy_isolates_pods_of_its_own_namespace_in_its_own_directions(shop, decide, policies):
    (everywhere,) = policies(policy("{podSelector: {}, policyTypes: [Ingress, Egress]}", namespace="lab"))
    assert decide(shop, [everywhere], "shop/web", "shop/db", 5432).answer is ALLOW
    assert decide(shop, [everywhere], "lab/api", "shop/db", 5432).egress.answer is DENY
    assert decide(shop, [everywhere], "shop/web", "lab/api", 80).ingress.answer is DENY
    (only_egress,) = policies(policy("{podSelector: {}, policyTypes: [Egress], ingress: [{}]}"))
    assert decide(shop, [only_egress], "lab/api", "shop/db", 5432).answer is ALLOW


def test_a_pod_always_reaches_itself(shop, decide, policies):
    found = policies(policy("{podSelector: {}, policyTypes: [Ingress, Egress]}"))
    decision = decide(shop, found, "shop/db", "shop/db", 5432)
    assert decision.answer is ALLOW
    assert "always reaches itself" in decision.reason


@pytest.mark.parametrize("end", ["source", "destination"])
def test_pods_on_the_host_network_are_left_open_where_isolated(shop, decide, policies, make_pod, end):
    host = make_pod("shop/host", host_network=True, ips=("192.0.2.1",), node="one")
    topology = Topology(namespaces=shop.namespaces, pods=(*shop.pods, host), nodes=shop.nodes)
    found = policies(policy("{podSelector: {}, policyTypes: [Ingress, Egress]}"))
    ends = ("shop/host", "shop/web") if end == "source" else ("shop/web", "shop/host")
    assert decide(topology, found, *ends).answer is UNDEFINED
    assert "hostNetwork" in decide(topology, found, *ends).reason
    assert decide(topology, (), *ends).answer is ALLOW


@pytest.mark.parametrize(
    ("rules", "answer"),
    [
        ("[]", DENY),
        ("[{}]", ALLOW),
        ("[{to: [{namespaceSelector: {}}]}]", DENY),
        ("[{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]", ALLOW),
        ("[{to: [{ipBlock: {cidr: 203.0.113.0/24, except: [203.0.113.8/29]}}]}]", DENY),
        ("[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]", ALLOW),
        ("[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 80}]}]", DENY),
        ("[{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: https}]}]", DENY),
    ],
)
def test_an_external_host_is_meant_by_ip_blocks_only(shop, decide, policies, rules, answer):
    decision = decide(shop, policies(egress_of_web(rules)), "shop/web", ExternalRef(name="partner"), 443)
    assert decision.answer is answer
    assert decision.ingress is None


def test_an_external_host_known_by_name_only_is_left_open_by_an_ip_block(shop, decide, policies):
    found = policies(egress_of_web("[{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}]"))
    assert decide(shop, found, "shop/web", ExternalRef(name="named"), 443).answer is UNDEFINED
    assert decide(shop, policies(egress_of_web("[]")), "shop/web", ExternalRef(name="named")).answer is DENY


@pytest.mark.parametrize(
    ("which", "rules", "answer"),
    [
        ("own", "[]", UNDEFINED),
        ("own", "[{to: [{ipBlock: {cidr: 192.0.2.1/32}}]}]", ALLOW),
        ("another", "[]", DENY),
        ("another", "[{to: [{namespaceSelector: {}}]}]", DENY),
        ("another", "[{to: [{ipBlock: {cidr: 192.0.2.2/32}}]}]", ALLOW),
        ("another", "[{to: [{ipBlock: {cidr: 192.0.2.1/32}}]}]", DENY),
    ],
)
def test_nodes(shop, decide, policies, which, rules, answer):
    decision = decide(shop, policies(egress_of_web(rules)), "shop/web", NodeRef(which=which), 80)
    assert decision.answer is answer
    assert decision.ingress is None
    assert decide(shop, (), "shop/web", NodeRef(which=which), 80).answer is ALLOW


def test_other_nodes_that_policies_treat_differently_are_left_open(shop, decide, policies):
    nodes = (*shop.nodes, Node(name="three", addresses=("192.0.2.3",)))
    topology = Topology(namespaces=shop.namespaces, pods=shop.pods, nodes=nodes)
    found = policies(egress_of_web("[{to: [{ipBlock: {cidr: 192.0.2.2/32}}]}]"))
    assert decide(topology, found, "shop/web", NodeRef(which="another")).answer is UNDEFINED


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_a_finished_pod_owns_no_address(shop, decide, make_pod, phase):
    done = make_pod("shop/done", phase=phase)
    topology = Topology(namespaces=shop.namespaces, pods=(*shop.pods, done))
    for ends in (("shop/done", "shop/web"), ("shop/web", "shop/done")):
        decision = decide(topology, (), *ends)
        assert decision.answer is UNDEFINED
        assert phase in decision.reason


def test_what_the_topology_does_not_hold_is_undefined(shop, decide):
    for source, destination in (
        ("shop/none", "shop/web"),
        ("shop/web", "shop/none"),
        ("shop/web", ExternalRef(name="none")),
    ):
        decision = decide(shop, (), source, destination)
        assert decision.answer is UNDEFINED
        assert decision.reason.startswith("undefined: there is no ")
    alone = Topology(pods=shop.pods, nodes=shop.nodes[:1])
    assert decide(alone, (), "shop/web", NodeRef(which="another")).answer is UNDEFINED


def test_an_ip_block_and_a_pod_without_address_yet_are_left_open(shop, decide, policies, make_pod):
    pending = make_pod("shop/new", ips=(), phase="Pending")
    topology = Topology(namespaces=shop.namespaces, pods=(*shop.pods, pending))
    found = policies(egress_of_web("[{to: [{ipBlock: {cidr: 192.168.0.0/16}}]}]"))
    assert decide(topology, found, "shop/web", "shop/new").answer is UNDEFINED


def test_the_namespace_of_a_pod_always_has_its_name_as_label(shop, decide, policies):
    topology = Topology(pods=shop.pods)
    peer = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: lab}}}"
    found = policies(ingress_of_db(f"[{{from: [{peer}]}}]"))
    assert decide(topology, found, "lab/api", "shop/db", 5432).answer is ALLOW
    assert decide(topology, found, "shop/api", "shop/db", 5432).answer is DENY
