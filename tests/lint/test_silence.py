"""What looks like a mistake and is none, and what is only perhaps one."""

from __future__ import annotations

import pytest

from netprobe.lint.lint import lint
from netprobe.manifests.inventory import read_inventory
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.lint import Severity

NAMESPACE = "{apiVersion: v1, kind: Namespace, metadata: {name: %s, labels: {%s}}}"
POD = (
    "{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: %s, labels: {app: %s}}, "
    "spec: {containers: [{name: c, image: example.com/c, ports: [{containerPort: 80, name: http}]}]}}"
)
SHOP = [NAMESPACE % ("shop", ""), POD % ("web", "shop", "web"), POD % ("db", "shop", "db")]
DNS = "{podSelector: {matchLabels: {k8s-app: kube-dns}}, namespaceSelector: {}}"
BY_NAME = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}"
BOTH = "ports: [{protocol: UDP, port: 53}, {protocol: TCP, port: 53}]"


def policy(spec, name="p", namespace="shop"):
    return (
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, "
        f"metadata: {{name: {name}, namespace: {namespace}}}, spec: {{{spec}}}}}"
    )


def ingress(rules):
    return policy(f"podSelector: {{matchLabels: {{app: web}}}}, policyTypes: [Ingress], ingress: [{rules}]")


def egress(rules, selector="{}"):
    return policy(f"podSelector: {selector}, policyTypes: [Egress], egress: [{rules}]", name="out")


def found(*objects):
    """Severities by rule."""
    problems = []
    inventory = read_inventory(read_documents("\n---\n".join(objects), "a.yaml"), problems)
    assert problems == []
    return {each.rule: each.severity for each in lint(inventory)}


@pytest.mark.parametrize(
    "peers",
    [
        "{namespaceSelector: {matchLabels: {purpose: monitoring}}}, {podSelector: {}}",
        "{podSelector: {matchLabels: {app: db}}}, {namespaceSelector: {matchLabels: {purpose: monitoring}}}",
        "{namespaceSelector: {matchLabels: {purpose: monitoring}}}, {podSelector: {matchLabels: {app: db}}}",
    ],
)
def test_a_namespace_or_pods_of_ones_own_is_a_usual_list(peers):
    monitoring = [
        NAMESPACE % ("monitoring", "purpose: monitoring"),
        POD % ("prometheus", "monitoring", "prom"),
    ]
    assert "and-or-confusion" not in found(*SHOP, *monitoring, ingress(f"{{from: [{peers}]}}"))


def test_a_dash_too_many_is_found_without_any_pods():
    peers = (
        "{namespaceSelector: {matchLabels: {purpose: monitoring}}}, {podSelector: {matchLabels: {app: x}}}"
    )
    assert found(ingress(f"{{from: [{peers}]}}"))["and-or-confusion"] is Severity.WARNING


@pytest.mark.parametrize(
    "rule",
    [
        f"{{to: [{DNS}], {BOTH}}}",
        f"{{to: [{{ipBlock: {{cidr: 169.254.20.10/32}}}}], {BOTH}}}",
        f"{{{BOTH}}}",
        f"{{to: [{DNS}]}}",
        "{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}",
        f"{{to: [{BY_NAME}], {BOTH}}}",
        f"{{to: [{{namespaceSelector: {{matchLabels: {{name: kube-system}}}}}}], {BOTH}}}",
        "{}",
    ],
)
def test_dns_can_be_allowed_in_many_ways(rule):
    db = "{to: [{podSelector: {matchLabels: {app: db}}}]}"
    rules = found(*SHOP, egress(f"{db}, {rule}"))
    assert not {"no-dns", "no-egress", "dns-one-protocol"} & set(rules)


@pytest.mark.parametrize(
    "rule",
    [
        f"{{to: [{{podSelector: {{matchLabels: {{k8s-app: kube-dns}}}}}}], {BOTH}}}",
        "{to: [{ipBlock: {cidr: 203.0.113.0/24}}]}",
        f"{{to: [{DNS}], ports: [{{port: 80}}]}}",
    ],
)
def test_and_missed_in_some(rule):
    assert found(*SHOP, egress(rule))["no-dns"] is Severity.WARNING


def test_dns_pods_of_the_input_are_the_ones_that_count():
    dns = POD % ("resolver", "kube-system", "x, k8s-app: coredns")
    rules = found(*SHOP, dns, NAMESPACE % ("kube-system", ""), egress(f"{{to: [{DNS}], {BOTH}}}"))
    assert rules["no-dns"] is Severity.WARNING
    right = DNS.replace("k8s-app: kube-dns", "k8s-app: coredns")
    assert "no-dns" not in found(*SHOP, dns, egress(f"{{to: [{right}], {BOTH}}}"))


def test_a_policy_above_may_let_everybody_ask_the_dns():
    admin = (
        "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: dns}, "
        "spec: {priority: 1, subject: {namespaces: {}}, egress: [{action: Allow, to: [{namespaces: {}}], "
        "ports: [{portNumber: {protocol: UDP, port: 53}}, {portNumber: {protocol: TCP, port: 53}}]}]}}"
    )
    restricted = egress("{to: [{podSelector: {matchLabels: {app: db}}}]}")
    assert "no-dns" in found(*SHOP, restricted)
    assert "no-dns" not in found(*SHOP, restricted, admin)


def test_what_the_input_may_not_hold_is_only_an_info():
    elsewhere = (
        "{namespaceSelector: {matchLabels: {team: payments}}, podSelector: {matchLabels: {app: payments}}}"
    )
    assert found(*SHOP, ingress(f"{{from: [{elsewhere}]}}"))["namespace-selector-unmatched"] is Severity.INFO
    anywhere = "{namespaceSelector: {}, podSelector: {matchLabels: {app: payments}}}"
    assert found(*SHOP, ingress(f"{{from: [{anywhere}]}}"))["peer-selects-nothing"] is Severity.INFO


def test_ports_of_namespaces_that_are_not_all_known_are_not_judged():
    rules = found(*SHOP, egress(f"{{to: [{{namespaceSelector: {{}}}}], ports: [{{port: 443}}]}}, {{{BOTH}}}"))
    assert "unused-port" not in rules


def test_pods_that_declare_no_ports_may_listen_on_any():
    bare = POD.replace(", ports: [{containerPort: 80, name: http}]", "") % ("web", "shop", "web")
    assert "unused-port" not in found(NAMESPACE % ("shop", ""), bare, ingress("{ports: [{port: 8080}]}"))


def test_a_service_port_beside_the_pods_port_is_of_no_use_only():
    service = (
        "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, "
        "spec: {selector: {app: web}, ports: [{port: 8000, targetPort: http}]}}"
    )
    assert found(*SHOP, service, ingress("{ports: [{port: 8000}]}"))["service-port"] is Severity.ERROR
    both = ingress("{ports: [{port: 8000}, {port: 80}]}")
    assert found(*SHOP, service, both)["service-port"] is Severity.INFO


def test_deny_all_beside_what_it_is_the_ground_for_is_not_redundant():
    deny = policy("podSelector: {}, policyTypes: [Ingress]", name="deny-all")
    assert "redundant-policy" not in found(
        *SHOP, deny, policy("podSelector: {}, ingress: [{ports: [{port: 80}]}]")
    )


def test_one_pod_that_may_send_anywhere_leaves_a_deny_all_its_meaning():
    deny = policy("podSelector: {}, policyTypes: [Egress]", name="deny-all")
    assert found(*SHOP, deny, egress("{}", "{matchLabels: {app: web}}"))["allow-all"] is Severity.INFO
    assert found(*SHOP, deny, egress("{}"))["allow-all"] is Severity.WARNING


def test_a_denial_above_closes_what_no_policy_isolates():
    baseline = (
        "{apiVersion: policy.networking.k8s.io/v1alpha1, kind: BaselineAdminNetworkPolicy, "
        "metadata: {name: default}, spec: {subject: {namespaces: {}}, "
        "ingress: [{action: Deny, from: [{namespaces: {}}]}], "
        "egress: [{action: Deny, to: [{namespaces: {}}]}]}}"
    )
    assert found(*SHOP)["no-deny-all"] is Severity.INFO
    assert "no-deny-all" not in found(*SHOP, baseline)


def test_dns_that_is_open_to_some_is_less_than_cut():
    peer = "{namespaceSelector: {matchLabels: {a: b}}}"
    some = f"podSelector: {{}}, policyTypes: [Ingress], ingress: [{{from: [{peer}]}}]"
    cut = policy("podSelector: {}, policyTypes: [Ingress]", namespace="kube-system")
    assert found(*SHOP, cut)["dns-pods-isolated"] is Severity.ERROR
    assert found(*SHOP, policy(some, namespace="kube-system"))["dns-pods-isolated"] is Severity.WARNING
