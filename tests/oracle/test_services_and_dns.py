from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.model.decision import Answer
from netprobe.model.flow import DnsRef
from netprobe.model.protocol import Protocol, Via
from netprobe.model.topology import Backend, Node, Service, ServicePort, Topology

ALLOW, DENY, UNDEFINED = Answer.ALLOW, Answer.DENY, Answer.UNDEFINED

NAMESERVER = "10.96.0.10"
KUBE_DNS = "{matchLabels: {k8s-app: kube-dns}}"


def backends(pods, service_port, target, protocol=Protocol.TCP):
    return tuple(
        Backend(service_port=service_port, protocol=protocol, address=p.ips[0], port=target, pod=p.name)
        for p in pods
    )


@pytest.fixture
def topology(make_pod, namespace):
    """shop: web, and api twice behind Service api (80 to 8080); kube-system: two dns pods behind kube-dns."""
    apis = tuple(
        make_pod("shop/api", ports=(8080,), index=n, labels={"app": "api", "replica": str(n)}) for n in (0, 1)
    )
    dns = tuple(make_pod("kube-system/", index=n, labels={"k8s-app": "kube-dns"}, ports=()) for n in (0, 1))
    api = Service(
        namespace="shop",
        name="api",
        cluster_ips=("10.96.0.1",),
        ports=(ServicePort(port=80, target=8080),),
        backends=backends(apis, 80, 8080),
    )
    kube_dns = Service(
        namespace="kube-system",
        name="kube-dns",
        cluster_ips=(NAMESERVER,),
        backends=backends(dns, 53, 5353, Protocol.UDP) + backends(dns, 53, 5353),
    )
    return Topology(
        namespaces=(namespace("shop"), namespace("kube-system")),
        pods=(make_pod("shop/web", ports=()), *apis, *dns),
        services=(api, kube_dns),
        nameserver=NAMESERVER,
    )


def egress_of_web(rules):
    spec = f"{{podSelector: {{matchLabels: {{app: web}}}}, policyTypes: [Egress], egress: {rules}}}"
    return f"metadata: {{name: out, namespace: shop}}\nspec: {spec}\n"


def ingress(labels, rules, namespace="shop"):
    spec = f"{{podSelector: {{matchLabels: {{{labels}}}}}, policyTypes: [Ingress], ingress: {rules}}}"
    return f"metadata: {{name: in, namespace: {namespace}}}\nspec: {spec}\n"


@pytest.fixture
def by_service(topology, decide):
    def ask(policies, source="shop/web", via=Via.SERVICE, **changes):
        fields = {"port": 8080, "service": "api", "service_port": 80} | changes
        return decide(topology, policies, source, "shop/api", via=via, **fields)

    return ask


def test_backends_are_decided_on_their_own_port(by_service, policies, topology):
    decision = by_service(policies(egress_of_web("[{ports: [{port: 8080}]}]")))
    assert decision.answer is ALLOW
    assert decision.backends == tuple((pod.ips[0], 8080, ALLOW) for pod in topology.pods[1:3])
    assert by_service(policies(egress_of_web("[{ports: [{port: 80}]}]"))).answer is DENY


def test_backends_that_differ_leave_it_open(by_service, policies):
    decision = by_service(policies(ingress("replica: '0'", "[]")))
    assert decision.answer is UNDEFINED
    assert [answer for _, _, answer in decision.backends] == [DENY, ALLOW]
    assert "the backends of Service shop/api differ" in decision.reason


@pytest.mark.parametrize(
    ("rules", "answer"),
    [
        ("[{to: [{ipBlock: {cidr: 10.96.0.1/32}}]}]", UNDEFINED),
        ("[{to: [{ipBlock: {cidr: 10.96.0.1/32}}], ports: [{port: 80}]}]", UNDEFINED),
        ("[{to: [{ipBlock: {cidr: 10.96.0.1/32}}], ports: [{port: 8080}]}]", DENY),
        ("[{to: [{ipBlock: {cidr: 10.244.0.0/16}}], ports: [{port: 8080}]}]", UNDEFINED),
        ("[{to: [{ipBlock: {cidr: 10.244.0.0/16}}], ports: [{port: 80}]}]", DENY),
        ("[{to: [{ipBlock: {cidr: 192.168.0.0/16}}]}]", DENY),
        ("[{to: [{ipBlock: {cidr: 10.96.0.1/32}}, {podSelector: {}}]}]", ALLOW),
    ],
)
def test_ip_blocks_before_and_after_address_translation(by_service, policies, rules, answer):
    assert by_service(policies(egress_of_web(rules))).answer is answer


def test_a_pod_that_is_a_backend_itself_is_left_open(by_service):
    decision = by_service((), source="shop/api")
    assert decision.answer is UNDEFINED
    assert [answer for _, _, answer in decision.backends] == [UNDEFINED, ALLOW]


def test_a_service_without_ready_endpoints_or_none_at_all_is_undefined(by_service):
    for changes, words in (
        ({"service_port": 81}, "no ready endpoint for TCP port 81"),
        ({"protocol": Protocol.UDP}, "no ready endpoint for UDP port 80"),
        ({"service": "none"}, "there is no Service shop/none"),
    ):
        decision = by_service((), **changes)
        assert decision.answer is UNDEFINED
        assert words in decision.reason


def test_backends_that_are_no_pods_are_meant_by_ip_blocks(topology, decide, policies):
    outside = Backend(service_port=80, protocol=Protocol.TCP, address="203.0.113.1", port=8080)
    service = Service(namespace="shop", name="api", cluster_ips=("10.96.0.1",), backends=(outside,))
    changed = Topology(namespaces=topology.namespaces, pods=topology.pods, services=(service,))

    def ask(*blocks):
        peers = ", ".join(f"{{ipBlock: {{cidr: {block}}}}}" for block in blocks)
        found = policies(egress_of_web(f"[{{to: [{peers}]}}]"))
        fields = {"via": Via.SERVICE, "service": "api", "service_port": 80}
        return decide(changed, found, "shop/web", "shop/api", 8080, **fields).answer

    assert ask("0.0.0.0/0") is ALLOW
    assert ask("203.0.113.0/24") is UNDEFINED
    assert ask("10.96.0.0/16") is UNDEFINED
    assert ask("192.168.0.0/16") is DENY


def test_a_headless_service_has_no_address_of_its_own(topology, decide):
    service = Service(
        namespace="shop", name="api", headless=True, backends=backends(topology.pods[1:2], 80, 8080)
    )
    changed = Topology(pods=topology.pods, services=(service, topology.services[1]), nameserver=NAMESERVER)
    fields = {"via": Via.NAME, "service": "api", "service_port": 80}
    # Without address translation, reaching oneself is a plain loop.
    assert decide(changed, (), "shop/api", "shop/api", 8080, **fields).answer is ALLOW


def test_only_backends_of_the_family_of_the_cluster_ip_count(topology, decide):
    service = topology.services[0]
    six = Backend(service_port=80, protocol=Protocol.TCP, address="fd00::1", port=8080)
    dual = Service(
        namespace="shop", name="api", cluster_ips=service.cluster_ips, backends=(*service.backends, six)
    )
    changed = Topology(pods=topology.pods, services=(dual,))
    decision = decide(
        changed, (), "shop/web", "shop/api", 8080, via=Via.SERVICE, service="api", service_port=80
    )
    assert len(decision.backends) == 2


@pytest.mark.parametrize(
    ("rules", "udp", "tcp"),
    [
        ("[]", DENY, DENY),
        ("[{}]", ALLOW, ALLOW),
        ("[{ports: [{port: 53, protocol: UDP}]}]", DENY, DENY),
        ("[{ports: [{port: 5353, protocol: UDP}]}]", ALLOW, DENY),
        (f"[{{to: [{{namespaceSelector: {{}}, podSelector: {KUBE_DNS}}}]}}]", ALLOW, ALLOW),
        (f"[{{to: [{{podSelector: {KUBE_DNS}}}]}}]", DENY, DENY),
        ("[{to: [{ipBlock: {cidr: 10.96.0.10/32}}]}]", UNDEFINED, UNDEFINED),
    ],
)  # fmt: skip
def test_dns_is_decided_on_the_pods_behind_the_nameserver(topology, decide, policies, rules, udp, tcp):
    found = policies(egress_of_web(rules))
    assert decide(topology, found, "shop/web", DnsRef(), 53, protocol=Protocol.UDP).answer is udp
    assert decide(topology, found, "shop/web", DnsRef(), 53, protocol=Protocol.TCP).answer is tcp


def test_ingress_policies_of_the_dns_pods_count(topology, decide, policies):
    found = policies(ingress("k8s-app: kube-dns", "[]", namespace="kube-system"))
    decision = decide(topology, found, "shop/web", DnsRef(), 53, protocol=Protocol.UDP)
    assert decision.answer is decision.ingress.answer is DENY


@pytest.mark.parametrize(
    ("nameserver", "rules", "answer"),
    [
        ("198.51.100.53", "[]", DENY),
        ("198.51.100.53", "[{to: [{ipBlock: {cidr: 198.51.100.0/24}}]}]", ALLOW),
        ("198.51.100.53", "[{to: [{namespaceSelector: {}}]}]", DENY),
        # A link-local nameserver lives on the pod's own node.
        ("169.254.20.10", "[]", UNDEFINED),
        ("", "[{}]", UNDEFINED),
    ],
)
def test_a_nameserver_that_no_service_has(topology, decide, policies, nameserver, rules, answer):
    changed = Topology(pods=topology.pods, services=topology.services, nameserver=nameserver)
    found = policies(egress_of_web(rules))
    assert decide(changed, found, "shop/web", DnsRef(), 53, protocol=Protocol.UDP).answer is answer


def test_a_nameserver_that_is_a_pod(topology, decide, policies):
    changed = Topology(
        namespaces=topology.namespaces, pods=topology.pods, nameserver=topology.pods[-1].ips[0]
    )
    found = policies(egress_of_web("[{to: [{namespaceSelector: {}}]}]"))
    decision = decide(changed, found, "shop/web", DnsRef(), 53, protocol=Protocol.UDP)
    assert decision.answer is decision.ingress.answer is ALLOW


@pytest.mark.parametrize("owner", [{"phase": "Failed"}, {"host_network": True}])
def test_an_address_is_not_that_of_a_pod_that_has_ended_or_shares_its_node(
    topology, decide, policies, make_pod, owner
):
    former = make_pod("shop/former", ips=("198.51.100.53",), **owner)
    changed = Topology(
        namespaces=topology.namespaces, pods=(*topology.pods, former), nameserver="198.51.100.53"
    )
    found = policies(egress_of_web("[{to: [{podSelector: {}}]}]"))
    decision = decide(changed, found, "shop/web", DnsRef(), 53, protocol=Protocol.UDP)
    assert decision.answer is DENY
    assert decision.ingress is None


@pytest.mark.parametrize(
    ("rules", "edge", "dns", "answer"),
    [
        ("[{}]", ALLOW, ALLOW, ALLOW),
        ("[{ports: [{port: 8080}]}]", ALLOW, DENY, DENY),
        ("[{ports: [{port: 5353, protocol: UDP}]}]", DENY, ALLOW, DENY),
        ("[{ports: [{port: 8080}]}, {to: [{ipBlock: {cidr: 10.96.0.10/32}}]}]", ALLOW, UNDEFINED, UNDEFINED),
    ],
)
def test_by_name_the_name_must_be_resolved_first(by_service, policies, rules, edge, dns, answer):
    found = policies(egress_of_web(rules))
    assert by_service(found).answer is edge
    decision = by_service(found, via=Via.NAME)
    assert (decision.dns.answer, decision.answer) == (dns, answer)
    assert len(decision.backends) == 2
    assert ("name resolution" in decision.reason) == (edge is ALLOW and dns is not ALLOW)


@pytest.mark.parametrize(
    ("peers", "answer"),
    [
        ("[{podSelector: {matchLabels: {app: api}}}]", ALLOW),
        ("[{podSelector: {}}]", ALLOW),
        ("[{podSelector: {matchLabels: {app: web}}}]", UNDEFINED),
        ("[{ipBlock: {cidr: 10.244.0.0/16}}]", UNDEFINED),
    ],
)
def test_a_pod_whose_rules_admit_it_comes_back_to_itself(by_service, policies, peers, answer):
    found = policies(ingress("app: api", f"[{{from: {peers}}}]"))
    decision = by_service(found, source="shop/api")
    assert decision.backends[0][2] is answer


NODES = (Node(name="near", addresses=("172.30.0.2",)), Node(name="far", addresses=("172.30.0.3",)))


@pytest.fixture
def by_node_port(topology, decide):
    """From web to the one api pod, both on the node far, by port 30080 of the node near."""
    web, api = (replace(pod, node="far") for pod in topology.pods[:2])
    service = replace(
        topology.services[0],
        ports=(ServicePort(port=80, target=8080, node_port=30080),),
        backends=backends((api,), 80, 8080),
    )
    there = replace(topology, pods=(web, api), services=(service,), nodes=NODES)

    def ask(*policies):
        fields = {"via": Via.NODE_PORT, "service": "api", "service_port": 80}
        return decide(there, policies, "shop/web", "shop/api", 8080, **fields)

    return ask


@pytest.mark.parametrize(
    ("texts", "answer"),
    [
        ((), ALLOW),
        ((ingress("app: api", "[]"),), DENY),
        ((ingress("app: api", "[{ports: [{port: 8080}]}]"),), ALLOW),
        # The pod may see web, or the node near.
        ((ingress("app: api", "[{from: [{podSelector: {}}]}]"),), UNDEFINED),
        ((egress_of_web("[]"),), DENY),
        # Egress rules may see the pod, or a node at its own port.
        ((egress_of_web("[{to: [{podSelector: {}}]}]"),), UNDEFINED),
        ((egress_of_web("[{to: [{podSelector: {}}, {ipBlock: {cidr: 172.30.0.0/24}}]}]"),), ALLOW),
        ((egress_of_web("[{to: [{podSelector: {}}]}, {to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]"),), ALLOW),
        ((egress_of_web("[{ports: [{port: 8080}]}]"),), UNDEFINED),
    ],
)  # fmt: skip
def test_the_port_of_a_node_is_certain_where_every_reading_agrees(by_node_port, policies, texts, answer):
    assert by_node_port(*policies(*texts)).answer is answer


def test_the_port_of_a_node_of_no_service_is_undefined(topology, decide):
    decision = decide(topology, (), "shop/web", "shop/none", via=Via.NODE_PORT, service="none")
    assert decision.answer is UNDEFINED
    assert "there is no Service shop/none" in decision.reason
