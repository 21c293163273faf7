from __future__ import annotations

import pytest

from netprobe.model.policy import Direction
from netprobe.model.topology import ContainerPort, Topology
from netprobe.oracle.wording import policy_text

DATABASE = """\
metadata: {name: database-policy, namespace: shop}
spec:
  podSelector: {matchLabels: {tier: db}}
  ingress:
  - from: [{podSelector: {matchLabels: {tier: api}}}]
    ports: [{port: 5432}]
"""

EXPRESSIONS = (
    "{key: a, operator: In, values: [b, c]}, {key: d, operator: NotIn, values: [e]}, "
    "{key: f, operator: Exists}, {key: g, operator: DoesNotExist}"
)


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        ("[]", "no ingress at all"),
        ("[{}]", "ingress from anyone on every port"),
        ("[{from: [{podSelector: {matchLabels: {a: b, c: d}}}], ports: [{port: 80}]}]",
         "ingress from pods with a=b and c=d on TCP 80"),
        ("[{from: [{podSelector: {}}]}]", "ingress from every pod of namespace shop on every port"),
        ("[{from: [{namespaceSelector: {}}]}]", "ingress from every pod in any namespace on every port"),
        ("[{from: [{namespaceSelector: {matchLabels: {t: x}}, podSelector: {matchLabels: {a: b}}}]}]",
         "ingress from pods with a=b in namespaces with t=x on every port"),
        ("[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]",
         "ingress from addresses in 10.0.0.0/8 except 10.1.0.0/16 on every port"),
        ("[{ports: [{}, {protocol: UDP, port: dns}, {port: 80, endPort: 90}]}]",
         'ingress from anyone on every TCP port or UDP port "dns" or TCP 80-90'),
        (f"[{{from: [{{podSelector: {{matchExpressions: [{EXPRESSIONS}]}}}}]}}]",
         "ingress from pods with a in (b, c) and d not in (e) and a label f and no label g on every port"),
        ("[{ports: [{port: 80}]}, {ports: [{port: 81}]}]",
         "ingress from anyone on TCP 80, or from anyone on TCP 81"),
    ],
)  # fmt: skip
def test_what_a_policy_admits(policies, rules, text):
    head = "metadata: {name: p, namespace: shop}\nspec: {podSelector: {}, ingress: "
    (policy,) = policies(head + rules + "}\n")
    assert policy_text(policy, Direction.INGRESS) == text
    assert policy_text(policy, Direction.EGRESS) == "no egress at all"


@pytest.fixture
def shop(make_pod, namespace):
    db = {"labels": {"tier": "db"}, "ports": (ContainerPort(number=5432),)}
    return Topology(
        namespaces=(namespace("shop"), namespace("lab", team="b")),
        pods=(
            make_pod("shop/web", labels={"tier": "web"}),
            make_pod("shop/api", labels={"tier": "api"}),
            make_pod("shop/db", **db),
            make_pod("lab/api", labels={"tier": "api"}),
        ),
    )


OWN_NAMESPACE = "without a namespaceSelector it means only pods of namespace shop"
SENTENCE = (
    "denied at the destination: database-policy isolates shop/db for ingress; "
    "its ingress rule 1 admits only pods with tier=api on TCP 5432"
)


@pytest.mark.parametrize(
    ("source", "port", "miss"),
    [
        ("shop/web", 5432, "looks into namespace shop, but shop/web does not have tier=api"),
        ("shop/api", 5433, "admits shop/api, but only on TCP 5432, not on TCP 5433"),
        ("lab/api", 5432, f"would admit lab/api by its labels, but {OWN_NAMESPACE}"),
    ],
)  # fmt: skip
def test_a_denial_names_the_rules_and_the_nearest_miss(shop, decide, policies, source, port, miss):
    decision = decide(shop, policies(DATABASE), source, "shop/db", port)
    assert decision.reason == f"{SENTENCE} (nearest miss: database-policy ingress rule 1 {miss})"
    (isolating,) = decision.ingress.isolating
    assert isolating.text == "ingress from pods with tier=api on TCP 5432"


def test_a_denial_without_any_near_rule(shop, decide, policies):
    found = policies("metadata: {name: shut, namespace: shop}\nspec: {policyTypes: [Ingress, Egress]}\n")
    decision = decide(shop, found, "shop/web", "shop/db", 5432)
    assert decision.reason == (
        "denied at both ends: at the source, shut isolates shop/web for egress; it admits no egress at "
        "all; at the destination, shut isolates shop/db for ingress; it admits no ingress at all"
    )


def test_a_near_miss_of_a_namespace_and_of_an_exception(shop, decide, policies):
    head = "metadata: {name: p, namespace: shop}\nspec: {podSelector: {matchLabels: {tier: db}}, ingress: "
    by_namespace = "[{from: [{namespaceSelector: {matchLabels: {team: c}}}]}]}\n"
    decision = decide(shop, policies(head + by_namespace), "lab/api", "shop/db", 5432)
    assert "rule 1 would admit lab/api, but namespace lab does not have team=c" in decision.reason
    by_block = "[{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.244.0.0/16]}}]}]}\n"
    decision = decide(shop, policies(head + by_block), "shop/web", "shop/db", 5432)
    assert "admits 10.0.0.0/8, but excepts 10.244.0.0/16, which holds 10.244.0.1" in decision.reason


def test_an_allowance_names_the_rule(shop, decide, policies):
    decision = decide(shop, policies(DATABASE), "shop/api", "shop/db", 5432)
    assert decision.ingress.reason == (
        "shop/db is isolated for ingress, and database-policy ingress rule 1 admits "
        "pods with tier=api on TCP 5432"
    )


def test_many_policies_are_counted_rather_than_listed(shop, decide, policies):
    texts = [f"metadata: {{name: p{n}, namespace: shop}}\nspec: {{}}\n" for n in range(5)]
    decision = decide(shop, policies(*texts), "shop/web", "shop/db", 5432)
    assert "p2 isolates it, too" in decision.reason
    assert "p3" not in decision.reason
    assert "so do 2 more" in decision.reason
    assert len(decision.ingress.isolating) == 5
