from __future__ import annotations

import json

import pytest

from netprobe.errors import InputError
from netprobe.manifests.policy import decode_policy, decode_policy_body
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.place import Place
from netprobe.model.policy import (
    Direction,
    IPBlock,
    LabelSelector,
    Operator,
    Peer,
    PolicyPort,
    Requirement,
    Rule,
)
from netprobe.model.protocol import Protocol


def body(spec):
    metadata = {"name": "x", "namespace": "cap"}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def decode(spec):
    problems = []
    (document,) = read_documents(json.dumps(body(spec)), "a.yaml")
    policy = decode_policy(document, problems)
    assert (policy is None) == bool(problems)
    return policy, [problem.message for problem in problems]


# The specs are those of a recorded conversation with a Kubernetes 1.36 API server, which stored them
# with these policyTypes.
@pytest.mark.parametrize(
    ("spec", "types"),
    [
        ({"podSelector": {}}, {"Ingress"}),
        ({"podSelector": {}, "egress": []}, {"Ingress"}),
        ({"podSelector": {}, "egress": [{}]}, {"Ingress", "Egress"}),
        ({"podSelector": {}, "policyTypes": []}, {"Ingress"}),
        ({"podSelector": {}, "policyTypes": [], "egress": [{}]}, {"Ingress", "Egress"}),
        ({"podSelector": {}, "policyTypes": ["Ingress"], "egress": [{}]}, {"Ingress"}),
        ({"podSelector": {}, "policyTypes": ["Egress"]}, {"Egress"}),
        ({"podSelector": {}, "policyTypes": ["Ingress", "Ingress"]}, {"Ingress"}),
        ({"ingress": []}, {"Ingress"}),
    ],
)
def test_policy_types_are_defaulted_as_the_api_server_does(spec, types):
    policy, _ = decode(spec)
    assert policy.policy_types == {Direction(name) for name in types}


# The API server refused each of these specs in that conversation; the second value is its field.
@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"ingress": [{"from": [{"podSelector": {}, "ipBlock": {"cidr": "10.0.0.0/8"}}]}]},
         "spec.ingress[0].from[0]"),
        ({"ingress": [{"from": [{}]}]}, "spec.ingress[0].from[0]"),
        ({"ingress": [{"ports": [{"port": "a_b"}]}]}, "spec.ingress[0].ports[0].port"),
        ({"ingress": [{"ports": [{"port": 0}]}]}, "spec.ingress[0].ports[0].port"),
        ({"ingress": [{"ports": [{"port": 70000}]}]}, "spec.ingress[0].ports[0].port"),
        ({"ingress": [{"ports": [{"endPort": 90}]}]}, "spec.ingress[0].ports[0].endPort"),
        ({"ingress": [{"ports": [{"port": 80, "endPort": 70}]}]}, "spec.ingress[0].ports[0].endPort"),
        ({"ingress": [{"ports": [{"port": "http", "endPort": 90}]}]}, "spec.ingress[0].ports[0].endPort"),
        ({"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/8"]}}]}]},
         "spec.ingress[0].from[0].ipBlock.except[0]"),
        ({"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.0.0.0/8"]}}]}]},
         "spec.ingress[0].from[0].ipBlock.except[0]"),
        ({"ingress": [{"from": [{"ipBlock": {"cidr": "10.1.2.3/8"}}]}]},
         "spec.ingress[0].from[0].ipBlock.cidr"),
        ({"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.1"}}]}]},
         "spec.ingress[0].from[0].ipBlock.cidr"),
        ({"policyTypes": ["Ingress", "Egress", "Ingress"]}, "spec.policyTypes"),
        ({"policyTypes": ["Both"]}, "spec.policyTypes[0]"),
        ({"podSelector": {"matchExpressions": [{"key": "a", "operator": "In"}]}},
         "spec.podSelector.matchExpressions[0].values"),
        ({"podSelector": {"matchExpressions": [{"key": "a", "operator": "Exists", "values": ["b"]}]}},
         "spec.podSelector.matchExpressions[0].values"),
        ({"podSelector": {"matchExpressions": [{"key": "a", "operator": "Is"}]}},
         "spec.podSelector.matchExpressions[0].operator"),
        ({"ingress": [{"ports": [{"protocol": "ICMP"}]}]}, "spec.ingress[0].ports[0].protocol"),
        ({"podSelector": {"matchLabels": {"a": "b c"}}}, "spec.podSelector.matchLabels.a"),
        ({"podSelector": []}, "spec.podSelector"),
    ],
)  # fmt: skip
def test_refused_as_the_api_server_does(spec, field):
    _, problems = decode(spec)
    assert [problem.partition(": ")[0] for problem in problems] == [field]


def test_several_problems_are_found_at_once():
    _, problems = decode({"ingress": [{"from": [{}], "ports": [{"port": 0}, {"protocol": "ICMP"}]}]})
    assert len(problems) == 3


@pytest.mark.parametrize(
    ("peer", "words"),
    [
        ({"ipBlock": {"cidr": "10.0.0.0/8", "except": ["fd00::/64"]}}, "must lie inside 10.0.0.0/8"),
        ({"ipBlock": {"cidr": "10.0.0.0/255.0.0.0"}}, "is not a CIDR"),
        ({"ipBlock": {"cidr": "010.0.0.0/8"}}, "is not a CIDR"),
        ({"ipBlock": {}}, "ipBlock.cidr: is required"),
        ({"ipBlock": {"cidr": "10.0.0.0/8", "except": [1]}}, "must be a string"),
        (None, "must name a podSelector"),
        ({"podSelector": None}, "must name a podSelector"),
        ("web", "must be a mapping"),
        ({"podSelector": {}, "ports": []}, 'unknown field "ports"'),
    ],
)
def test_wrong_peers(peer, words):
    _, problems = decode({"ingress": [{"from": [peer]}]})
    assert len(problems) == 1
    assert words in problems[0]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("tier", "must be a mapping"),
        ({"operator": "Exists"}, "key: is required"),
        ({"key": "a b", "operator": "Exists"}, 'the label key "a b"'),
        ({"key": "a"}, "operator: is required"),
        ({"key": "a", "operator": "In", "values": ["b c"]}, 'item 1: the label value "b c"'),
        ({"key": "a", "operator": "in", "values": ["b"]}, '"in" is not an operator'),
    ],
)
def test_wrong_expressions(expression, words):
    _, problems = decode({"podSelector": {"matchExpressions": [expression]}})
    assert len(problems) == 1
    assert words in problems[0]


@pytest.mark.parametrize(
    ("port", "words"),
    [
        ("80", "must be a mapping"),
        ({"port": 1, "endPort": 70000}, "endPort: 70000 must be between"),
        ({"port": 80.5}, "must be a whole number or a name, not the number 80.5"),
        ({"name": "http"}, 'unknown field "name"'),
    ],
)
def test_wrong_ports(port, words):
    _, problems = decode({"egress": [{"ports": [port]}]})
    assert len(problems) == 1
    assert words in problems[0]


def test_an_empty_port_means_every_tcp_port():
    policy, _ = decode({"ingress": [{"ports": [None, {}]}]})
    assert policy.ingress[0].ports == (PolicyPort(), PolicyPort())


def test_absent_and_empty_stay_distinct():
    policy, _ = decode({"ingress": [{}, {"from": [], "ports": []}], "policyTypes": ["Ingress"]})
    bare, empty = policy.ingress
    assert (bare.peers, bare.ports) == (None, None)
    assert (empty.peers, empty.ports) == ((), ())
    assert policy.egress is None
    policy, _ = decode({"ingress": [], "egress": None})
    assert (policy.ingress, policy.egress) == ((), None)


def test_an_absent_pod_selector_selects_every_pod():
    policy, _ = decode({})
    assert policy.pod_selector == LabelSelector()


def test_an_empty_list_item_is_a_rule_that_admits_everything():
    policy, _ = decode({"ingress": [None]})
    assert [(rule.peers, rule.ports) for rule in policy.ingress] == [(None, None)]


def test_everything_is_decoded(document):
    problems = []
    policy = decode_policy(
        document("""\
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: p, labels: {a: b}}
            spec:
              podSelector:
                matchLabels: {app: db}
                matchExpressions:
                - {key: tier, operator: NotIn, values: [x, z]}
              egress:
              - to:
                - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
                - namespaceSelector: {}
                  podSelector: {matchLabels: {a: b}}
                ports:
                - {}
                - {protocol: UDP, port: dns}
                - {port: 80, endPort: 90}
            """),
        problems,
        default_namespace="home",
    )
    assert problems == []
    assert (policy.namespace, policy.name) == ("home", "p")
    assert policy.place == Place(file="a.yaml", line=1, column=1)
    requirement = Requirement(key="tier", operator=Operator.NOT_IN, values=("x", "z"))
    assert policy.pod_selector == LabelSelector(match_labels={"app": "db"}, match_expressions=(requirement,))
    block = IPBlock(cidr="10.0.0.0/8", excluded=("10.1.0.0/16",))
    both = {"namespace_selector": LabelSelector(), "pod_selector": LabelSelector(match_labels={"a": "b"})}
    assert policy.egress == (
        Rule(
            peers=(
                Peer(ip_block=block, place=Place(file="a.yaml", line=11, column=7)),
                Peer(**both, place=Place(file="a.yaml", line=12, column=7)),
            ),
            ports=(
                PolicyPort(),
                PolicyPort(protocol=Protocol.UDP, port="dns"),
                PolicyPort(port=80, end_port=90),
            ),
            place=Place(file="a.yaml", line=10, column=5),
        ),
    )


def test_problems_have_places_and_hints(document):
    problems = []
    decode_policy(
        document("""\
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: p, lables: {}}
            spec:
              podselector: {}
              ingress:
              - to: []
                ports:
                - port: "80"
                - protocol: tcp
              - from:
                - ipBlock: {cidr: 10.1.2.3}
                - ipBlock: {cidr: 10.1.2.3/8}
            """),
        problems,
    )
    assert [str(problem) for problem in problems][:3] == [
        'a.yaml:3:21: unknown field "lables" in metadata; did you mean "labels"?',
        'a.yaml:5:3: unknown field "podselector" in spec; did you mean "podSelector"?',
        'a.yaml:7:9: spec.ingress[0].to: an ingress rule has "from", not "to"',
    ]
    assert [(str(problem.place), problem.hint) for problem in problems][3:] == [
        ("a.yaml:9:13", "write the number without quotes"),
        ("a.yaml:10:17", 'did you mean "TCP"?'),
        ("a.yaml:12:23", 'a single address is "10.1.2.3/32"'),
        ("a.yaml:13:23", 'did you mean "10.0.0.0/8"?'),
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"apiVersion": "extensions/v1beta1"}, "must have networking.k8s.io/v1"),
        ({"kind": "Pod"}, "must be NetworkPolicy"),
        ({"metadata": {}}, "metadata.name: is required"),
        ({"metadata": {"name": "A b"}}, "lowercase"),
        ({"metadata": {"name": "a", "namespace": "a.b"}}, "lowercase"),
        ({"metadata": None}, "metadata: is required"),
        ({"spec": None}, "spec: is required"),
    ],
)
def test_wrong_objects(change, words):
    problems = []
    (document,) = read_documents(json.dumps(body({}) | change), "a.yaml")
    assert decode_policy(document, problems) is None
    assert any(words in problem.message for problem in problems)


def test_objects_of_a_cluster_may_be_newer_or_older_than_us():
    stored = body({
        "podSelector": {},
        "novelty": 1,
        "ingress": [{"from": [{"ipBlock": {"cidr": "10.1.2.3/8"}}]}],
        "policyTypes": ["Ingress"],
    })  # fmt: skip
    policy = decode_policy_body(stored | {"status": {}})
    assert policy.namespace == "cap"
    assert policy.ingress[0].peers[0].ip_block == IPBlock(cidr="10.1.2.3/8")
    assert policy.place == Place(file="<cluster>")


def test_nonsense_of_a_cluster_is_raised():
    with pytest.raises(InputError, match=r'<cluster>: spec.policyTypes\[0\]: the string "Both"') as caught:
        decode_policy_body(body({"policyTypes": ["Both"]}))
    assert len(caught.value.problems) == 1
