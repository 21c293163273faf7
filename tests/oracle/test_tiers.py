"""Cluster-wide policies, by hand and by a second reading of their reference."""

from __future__ import annotations

import ipaddress
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.manifests.inventory import read_inventory
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.admin_policy import Action, AdminPeer, AdminPolicy, AdminPort, AdminRule, PodsIn, Tier
from netprobe.model.decision import Answer
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy
from netprobe.model.protocol import Protocol
from netprobe.model.topology import ContainerPort, Namespace, Node, Pod, Topology
from netprobe.oracle.decide import Oracle

ALLOW, DENY, UNDEFINED = Answer.ALLOW, Answer.DENY, Answer.UNDEFINED
PORTS = (
    ContainerPort(number=80, name="web"),
    ContainerPort(number=81),
    ContainerPort(number=80, protocol=Protocol.SCTP),
    ContainerPort(number=53, protocol=Protocol.UDP, name="dns"),
)


def pod(namespace, name, number, **fields):
    return Pod(
        namespace=namespace,
        name=name,
        labels={"app": name},
        ips=(f"10.0.0.{number}",),
        ports=PORTS,
        node="n1",
        **fields,
    )


TOPOLOGY = Topology(
    namespaces=tuple(
        Namespace(name=name, labels={"kubernetes.io/metadata.name": name, "house": house})
        for name, house in (("gryf", "red"), ("slyth", "green"))
    ),
    pods=(
        pod("gryf", "harry", 1),
        pod("gryf", "ron", 2),
        pod("slyth", "draco", 3),
        pod("slyth", "host", 4, host_network=True),
    ),
    nodes=(
        Node(name="n1", addresses=("192.0.2.1",), labels={"role": "worker"}),
        Node(name="n2", addresses=("192.0.2.2",), labels={"role": "edge"}),
    ),
)
PODS = {each.name: each for each in TOPOLOGY.pods}


@pytest.fixture
def ask():
    """Decide a flow under policies written as YAML; ``kind`` and ``apiVersion`` are filled in by a word."""

    def decide(text, source, destination, port=80, protocol=Protocol.TCP):
        problems = []
        documents = read_documents(textwrap.dedent(text), "p.yaml", problems)
        inventory = read_inventory(documents, problems)
        assert problems == []
        oracle = Oracle(TOPOLOGY, inventory.policies, admin_policies=inventory.admin_policies)
        ends = (PODS.get(source, source), PODS.get(destination, destination))
        return oracle.between(*ends, port, protocol)

    return decide


def cnp(name, rules, *, tier="Admin", priority=10, subject="{namespaces: {matchLabels: {house: red}}}"):
    return f"""
---
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {{name: {name}}}
spec: {{tier: {tier}, priority: {priority}, subject: {subject}, {rules}}}
"""


def anp(rules, *, kind="AdminNetworkPolicy", name="a", priority="priority: 5, "):
    return f"""
---
apiVersion: policy.networking.k8s.io/v1alpha1
kind: {kind}
metadata: {{name: {name}}}
spec: {{{priority}subject: {{namespaces: {{matchLabels: {{house: red}}}}}}, {rules}}}
"""


RANGE = "{tcp: {destinationPort: {range: {start: 79, end: 81}}}}"
SLYTH = "{namespaces: {matchLabels: {house: green}}}"
NP_SHUT = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: gryf}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
"""
NP_OPEN = NP_SHUT.replace("policyTypes: [Ingress, Egress]", "ingress: [{}], egress: [{}]")


def rule(action, peers, more=""):
    return f"{{action: {action}, {peers}{more}}}"


def from_(action, peer, more=""):
    return f"ingress: [{rule(action, f'from: [{peer}]', more)}]"


def to(action, peer, more=""):
    return f"egress: [{rule(action, f'to: [{peer}]', more)}]"


@pytest.mark.parametrize(
    ("policies", "answer"),
    [
        # The admin tier comes before NetworkPolicies, the baseline only where none isolates.
        (cnp("p", from_("Deny", SLYTH)) + NP_OPEN, DENY),
        (cnp("p", from_("Accept", SLYTH)) + NP_SHUT, ALLOW),
        (cnp("p", from_("Pass", SLYTH)) + NP_SHUT, DENY),
        (cnp("p", from_("Pass", SLYTH)), ALLOW),
        (cnp("p", from_("Deny", SLYTH), tier="Baseline"), DENY),
        (cnp("p", from_("Deny", SLYTH), tier="Baseline") + NP_OPEN, ALLOW),
        (cnp("p", from_("Accept", SLYTH), tier="Baseline") + NP_SHUT, DENY),
        # Pass leaves its tier only: what stands below it there is not asked.
        (cnp("p", from_("Pass", SLYTH)) + cnp("q", from_("Deny", SLYTH), priority=20), ALLOW),
        (cnp("p", from_("Pass", SLYTH)) + cnp("q", from_("Deny", SLYTH), tier="Baseline"), DENY),
        # Priority, and the order of rules.
        (cnp("p", from_("Deny", SLYTH), priority=2) + cnp("q", from_("Accept", SLYTH), priority=1), ALLOW),
        (cnp("p", from_("Deny", SLYTH), priority=1) + cnp("q", from_("Accept", SLYTH), priority=2), DENY),
        (cnp("p", from_("Deny", SLYTH)) + cnp("q", from_("Accept", SLYTH)), UNDEFINED),
        (cnp("p", from_("Deny", SLYTH)) + cnp("q", from_("Deny", SLYTH)), DENY),
        (
            cnp("p", f"ingress: [{rule('Accept', f'from: [{SLYTH}]')}, {rule('Deny', f'from: [{SLYTH}]')}]"),
            ALLOW,
        ),
        # Subjects and peers that mean other pods.
        (cnp("p", from_("Deny", SLYTH), subject=SLYTH), ALLOW),
        (cnp("p", from_("Deny", "{namespaces: {matchLabels: {house: blue}}}")), ALLOW),
        (cnp("p", from_("Deny", "{namespaces: {}}")), DENY),
        (
            cnp(
                "p",
                from_("Deny", "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: draco}}}}"),
            ),
            DENY,
        ),
        (
            cnp(
                "p",
                from_("Deny", "{pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: ron}}}}"),
            ),
            ALLOW,
        ),
        # Ports.
        (cnp("p", from_("Deny", SLYTH, ", protocols: [{tcp: {destinationPort: {number: 80}}}]")), DENY),
        (cnp("p", from_("Deny", SLYTH, ", protocols: [{tcp: {destinationPort: {number: 81}}}]")), ALLOW),
        (cnp("p", from_("Deny", SLYTH, ", protocols: [{udp: {destinationPort: {number: 80}}}]")), ALLOW),
        (cnp("p", from_("Deny", SLYTH, f", protocols: [{RANGE}]")), DENY),
        (cnp("p", from_("Deny", SLYTH, ", protocols: [{destinationNamedPort: web}]")), DENY),
        (cnp("p", from_("Deny", SLYTH, ", protocols: [{destinationNamedPort: dns}]")), ALLOW),
        # The older kinds say the same in other words.
        (anp(from_("Deny", SLYTH)) + NP_OPEN, DENY),
        (anp(from_("Allow", SLYTH)) + NP_SHUT, ALLOW),
        (anp(from_("Pass", SLYTH)) + NP_SHUT, DENY),
        (anp(from_("Deny", SLYTH, ", ports: [{portNumber: {protocol: TCP, port: 80}}]")), DENY),
        (anp(from_("Deny", SLYTH, ", ports: [{portRange: {protocol: UDP, start: 79, end: 81}}]")), ALLOW),
        (anp(from_("Deny", SLYTH, ", ports: [{namedPort: web}]")), DENY),
        (anp(from_("Deny", SLYTH), kind="BaselineAdminNetworkPolicy", name="default", priority=""), DENY),
        (
            anp(from_("Deny", SLYTH), kind="BaselineAdminNetworkPolicy", name="default", priority="")
            + NP_OPEN,
            ALLOW,
        ),
    ],
)  # fmt: skip
def test_ingress_of_harry_from_draco(ask, policies, answer):
    assert ask(policies, "draco", "harry").answer is answer


EVERYWHERE = '{networks: ["0.0.0.0/0"]}'


@pytest.mark.parametrize(
    ("policies", "destination", "answer"),
    [
        (cnp("p", to("Deny", SLYTH)), "draco", DENY),
        (cnp("p", to("Deny", SLYTH)), "ron", ALLOW),
        (cnp("p", to("Accept", SLYTH)) + NP_SHUT, "draco", ALLOW),
        # Networks hold pods, too; nodes mean node addresses only.
        (cnp("p", to("Deny", EVERYWHERE)), "draco", DENY),
        (cnp("p", to("Deny", EVERYWHERE)), "203.0.113.9", DENY),
        (cnp("p", to("Deny", '{networks: ["203.0.113.0/24"]}')), "draco", ALLOW),
        (cnp("p", to("Deny", '{networks: ["203.0.113.0/24"]}')), "203.0.113.9", DENY),
        (cnp("p", to("Deny", "{nodes: {}}")), "draco", ALLOW),
        (cnp("p", to("Deny", "{nodes: {}}")), "192.0.2.2", DENY),
        (cnp("p", to("Deny", "{nodes: {matchLabels: {role: edge}}}")), "192.0.2.1", ALLOW),
        (cnp("p", to("Accept", '{domainNames: ["*.example.org"]}')) + NP_SHUT, "203.0.113.9", UNDEFINED),
        (cnp("p", to("Accept", '{domainNames: ["*.example.org"]}')) + NP_SHUT, "draco", DENY),
        # Host-networked pods are never meant as pods.
        (cnp("p", to("Deny", SLYTH)), "host", ALLOW),
        (cnp("p", to("Deny", '{networks: ["10.0.0.4/32"]}')), "host", DENY),
        (anp(to("Deny", "{nodes: {matchLabels: {role: edge}}}")), "192.0.2.2", DENY),
        (anp(to("Deny", EVERYWHERE)) + NP_OPEN, "draco", DENY),
    ],
)  # fmt: skip
def test_egress_of_harry(ask, policies, destination, answer):
    assert ask(policies, "harry", destination).answer is answer


def test_other_protocols_are_told_apart(ask):
    deny_sctp = cnp("p", from_("Deny", SLYTH, ", protocols: [{sctp: {destinationPort: {number: 80}}}]"))
    assert ask(deny_sctp, "draco", "harry", protocol=Protocol.SCTP).answer is DENY
    assert ask(deny_sctp, "draco", "harry").answer is ALLOW
    deny_udp = cnp("p", from_("Deny", SLYTH, ", protocols: [{udp: {destinationPort: {number: 53}}}]"))
    assert ask(deny_udp, "draco", "harry", 53, Protocol.UDP).answer is DENY
    assert ask(deny_udp, "draco", "harry", 53).answer is ALLOW


def test_host_networked_pods_are_no_subjects(ask):
    shut = cnp("p", from_("Deny", "{namespaces: {}}"), subject="{namespaces: {}}")
    assert ask(shut, "draco", "host").answer is ALLOW
    assert ask(shut, "host", "draco").answer is ALLOW


def test_a_pod_reaches_itself_whatever_a_tier_says(ask):
    assert ask(cnp("p", from_("Deny", "{namespaces: {}}")), "harry", "harry").answer is ALLOW


def test_the_reason_names_policy_tier_priority_and_rule(ask):
    text = "{name: keep out, action: Deny, from: [" + SLYTH + "]}"
    decision = ask(cnp("walls", f"ingress: [{text}]"), "draco", "harry")
    assert decision.ingress.reason == (
        'ClusterNetworkPolicy walls (admin tier, priority 10) ingress rule 1 ("keep out") denies traffic '
        "from every pod in namespaces with house=green on every port"
    )
    (denying,) = decision.ingress.denying
    assert (denying.kind, denying.policy, str(denying.place)) == (
        "ClusterNetworkPolicy", "walls", "p.yaml:6:97",
    )  # fmt: skip


def test_a_tie_is_told(ask):
    text = cnp("p", from_("Deny", SLYTH)) + cnp("q", from_("Accept", SLYTH))
    decision = ask(text, "draco", "harry")
    assert "policies of one priority disagree" in decision.reason


# ---- a second reading: one flow after the other, rule by rule, with nothing left open

keys, values = st.just("k"), st.sampled_from(("1", "2"))
selectors = st.builds(LabelSelector, match_labels=st.dictionaries(keys, values, max_size=1))
pods_in = st.builds(PodsIn, namespaces=selectors, pods=st.none() | selectors)
networks = st.sampled_from((("10.0.0.0/31",), ("10.0.0.2/31", "10.0.0.1/32"), ("192.0.2.0/24",)))
entries = st.builds(
    AdminPort,
    protocol=st.sampled_from((Protocol.TCP, Protocol.UDP)),
    port=st.sampled_from((None, 80, 81)),
)


def lists(peers):
    found = st.builds(
        AdminRule,
        action=st.sampled_from(Action),
        peers=st.lists(peers, min_size=1, max_size=2).map(tuple),
        ports=st.none() | st.lists(entries, min_size=1, max_size=2).map(tuple),
    )
    return st.lists(found, max_size=2).map(tuple)


inside = st.builds(AdminPeer, pods=pods_in)


@st.composite
def policy_sets(draw):
    """Policies with priorities of their own."""
    count = draw(st.integers(1, 4))
    return [
        AdminPolicy(
            kind="ClusterNetworkPolicy",
            name=f"p{priority}",
            tier=draw(st.sampled_from(Tier)),
            priority=priority,
            subject=draw(pods_in),
            ingress=draw(lists(inside)),
            egress=draw(lists(inside | st.builds(AdminPeer, networks=networks))),
        )
        for priority in draw(st.permutations(range(count)))
    ]


@st.composite
def small_clusters(draw):
    labels = st.dictionaries(keys, values, max_size=1)
    pods = tuple(
        Pod(
            namespace=draw(st.sampled_from(("x", "y"))),
            name=f"p{n}",
            labels=draw(labels),
            ips=(f"10.0.0.{n}",),
        )
        for n in range(3)
    )
    return Topology(namespaces=tuple(Namespace(name=name, labels=draw(labels)) for name in "xy"), pods=pods)


def fits(selector, labels):
    return all(labels.get(key) == value for key, value in selector.match_labels.items())


def means(where, who, spaces):
    in_space = fits(where.namespaces, spaces[who.namespace])
    return in_space and (where.pods is None or fits(where.pods, who.labels))


def about(peer, other, spaces):
    if peer.pods is not None:
        return means(peer.pods, other, spaces)
    address = ipaddress.ip_address(other.ips[0])
    return any(address in ipaddress.ip_network(cidr) for cidr in peer.networks)


def on_port(rule, port, protocol):
    if rule.ports is None:
        return True
    return any(entry.protocol is protocol and entry.port in (None, port) for entry in rule.ports)


def first_word(policies, own, other, ports, spaces):
    """``policies``: of one tier, as (subject, rules)."""
    for subject, rules in policies:
        for rule in rules if means(subject, own, spaces) else ():
            if on_port(rule, *ports) and any(about(peer, other, spaces) for peer in rule.peers):
                return rule.action
    return Action.PASS


def second_reading(topology, shut, policies, flow):
    source, destination, *ports = flow
    spaces = {each.name: each.labels for each in topology.namespaces}
    ordered = sorted(policies, key=lambda each: each.priority)

    def end(own, other, way):
        tiers = {
            tier: [(each.subject, getattr(each, way)) for each in ordered if each.tier is tier]
            for tier in Tier
        }
        first = first_word(tiers[Tier.ADMIN], own, other, ports, spaces)
        if first is not Action.PASS:
            return first is Action.ALLOW
        if shut and own.namespace == "x":
            return False
        return first_word(tiers[Tier.BASELINE], own, other, ports, spaces) is not Action.DENY

    return end(source, destination, "egress") and end(destination, source, "ingress")


@settings(max_examples=80)
@given(small_clusters(), policy_sets(), st.booleans())
def test_the_tiers_agree_with_a_second_reading(topology, policies, shut):
    wall = NetworkPolicy(
        namespace="x", name="shut", pod_selector=LabelSelector(), policy_types=frozenset(Direction)
    )
    oracle = Oracle(topology, [wall] if shut else [], admin_policies=policies)
    for source in topology.pods:
        for destination in topology.pods:
            for port in (80, 81):
                for protocol in (Protocol.TCP, Protocol.UDP):
                    if source is not destination:
                        flow = (source, destination, port, protocol)
                        expected = ALLOW if second_reading(topology, shut, policies, flow) else DENY
                        decision = oracle.between(*flow)
                        assert decision.answer is expected, decision.reason
