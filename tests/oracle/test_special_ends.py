"""Ends that are not just a pod: Services with named ports, nodes, pods that have ended, two families."""

from __future__ import annotations

import pytest

from netprobe.manifests.topology import read_topology
from netprobe.model.decision import Answer
from netprobe.model.flow import DnsRef, ExternalRef
from netprobe.model.protocol import Protocol, Via
from netprobe.model.topology import Backend, ExternalHost, Node, Service, Topology
from netprobe.oracle.decide import Oracle
from tests.oracle.drawn import namespace, pod, port

ALLOW, DENY, UNDEFINED = Answer.ALLOW, Answer.DENY, Answer.UNDEFINED


def spec(app, direction, rules, home="shop"):
    fields = f"policyTypes: [{direction}], {direction.lower()}: {rules}"
    selector = f"podSelector: {{matchLabels: {{app: {app}}}}}"
    return f"metadata: {{name: p, namespace: {home}}}\nspec: {{{selector}, {fields}}}\n"


# ---- a Service whose targetPort is a name, which its pods give to different numbers


def endpoint_slice(name, number, address, pod_name):
    return {
        "metadata": {"namespace": "shop", "name": name, "labels": {"kubernetes.io/service-name": "api"}},
        "endpoints": [{"addresses": [address], "targetRef": {"kind": "Pod", "name": pod_name}}],
        "ports": [{"name": "", "port": number, "protocol": "TCP"}],
    }


def api_pod(name, number, address):
    labels = {"app": "api", "netprobe.io/workload": name}
    return pod("shop", name, labels, [{"ports": [port(number, "http")]}], [address])


SERVICE = {
    "metadata": {"namespace": "shop", "name": "api"},
    "spec": {
        "clusterIP": "10.96.0.1",
        "selector": {"app": "api"},
        "ports": [{"port": 80, "targetPort": "http"}],
    },
}
NAMED_TARGETS = read_topology(
    namespaces=[namespace("shop", {})],
    nodes=(),
    pods=[
        pod("shop", "web", {"app": "web", "netprobe.io/workload": "web"}, [{}], ["10.0.0.1"]),
        api_pod("old", 8080, "10.0.0.2"),
        api_pod("new", 9090, "10.0.0.3"),
    ],
    services=[SERVICE],
    endpoint_slices=[
        endpoint_slice("api-1", 8080, "10.0.0.2", "old"),
        endpoint_slice("api-2", 9090, "10.0.0.3", "new"),
    ],
)


@pytest.mark.parametrize(
    ("ports", "old_new_both"),
    [
        ("[{port: http}]", (ALLOW, ALLOW, ALLOW)),
        ("[{port: http, protocol: UDP}]", (DENY, DENY, DENY)),
        ("[{port: 8080}]", (ALLOW, DENY, UNDEFINED)),
        ("[{port: 9090}]", (DENY, ALLOW, UNDEFINED)),
        ("[{port: 8080}, {port: 9090}]", (ALLOW, ALLOW, ALLOW)),
        ("[{port: 8080, endPort: 9090}]", (ALLOW, ALLOW, ALLOW)),
        ("[{port: 8081, endPort: 9089}]", (DENY, DENY, DENY)),
        ("[{port: 80}]", (DENY, DENY, DENY)),
    ],
)
@pytest.mark.parametrize(("app", "direction"), [("web", "Egress"), ("api", "Ingress")])
def test_a_named_target_port_is_each_pods_own_number(decide, policies, app, direction, ports, old_new_both):
    old, new, both = old_new_both
    found = policies(spec(app, direction, f"[{{ports: {ports}}}]"))
    by_service = {"via": Via.SERVICE, "service": "api", "service_port": 80}
    decision = decide(NAMED_TARGETS, found, "shop/web", "shop/old", 8080, **by_service)
    assert decision.backends == (("10.0.0.2", 8080, old), ("10.0.0.3", 9090, new))
    assert decision.answer is both


# ---- pods on the network of a node, and nodes


@pytest.fixture
def nodes(make_pod):
    """Web on node one; near and far share the network of nodes one and two."""
    shared = {"host_network": True, "phase": "Running"}
    return Topology(
        pods=(
            make_pod("shop/web", node="one"),
            make_pod("shop/near", node="one", ips=("192.0.2.1",), **shared),
            make_pod("shop/far", node="two", ips=("192.0.2.2",), **shared),
        ),
        nodes=(Node(name="one", addresses=("192.0.2.1",)), Node(name="two", addresses=("192.0.2.2",))),
    )


@pytest.mark.parametrize(
    "row",
    [
        # As a pod it is not meant, and as another node neither.
        ("far", "[{podSelector: {matchLabels: {app: none}}}]", DENY),
        ("far", "[{ipBlock: {cidr: 192.0.2.1/32}}]", DENY),
        # As a pod it is meant, as a node not.
        ("far", "[{podSelector: {matchLabels: {app: far}}}]", UNDEFINED),
        ("far", "[{namespaceSelector: {}}]", UNDEFINED),
        ("far", "[]", ALLOW),
        ("far", "[{ipBlock: {cidr: 192.0.2.2/32}}]", ALLOW),
        # A pod's own node is always let in, whatever policies say, so those on its network may be.
        ("near", "[{podSelector: {matchLabels: {app: none}}}]", UNDEFINED),
        ("near", "[{podSelector: {matchLabels: {app: near}}}]", UNDEFINED),
        ("near", "[]", ALLOW),
    ],
)
@pytest.mark.parametrize("direction", ["Ingress", "Egress"])
def test_a_peer_on_the_network_of_a_node(nodes, decide, policies, direction, row):
    other, peers, answer = row
    key = "from" if direction == "Ingress" else "to"
    found = policies(spec("web", direction, f"[{{{key}: {peers}}}]"))
    ends = ("shop/web", f"shop/{other}")
    assert decide(nodes, found, *(reversed(ends) if direction == "Ingress" else ends)).answer is answer


@pytest.mark.parametrize(("rules", "answer"), [("[]", UNDEFINED), ("[{}]", ALLOW)])
@pytest.mark.parametrize("direction", ["Ingress", "Egress"])
def test_a_policy_on_a_pod_of_the_host_network_may_have_no_effect(
    nodes, decide, policies, direction, rules, answer
):
    found = policies(spec("far", direction, rules))
    ends = ("shop/web", "shop/far")
    assert decide(nodes, found, *(ends if direction == "Ingress" else reversed(ends))).answer is answer


def test_a_service_with_a_backend_on_the_network_of_a_node(nodes, decide, policies):
    far = Backend(service_port=80, protocol=Protocol.TCP, address="192.0.2.2", port=80, pod="far-3")
    service = Service(namespace="shop", name="far", cluster_ips=("10.96.0.1",), backends=(far,))
    changed = Topology(pods=nodes.pods, nodes=nodes.nodes, services=(service,))
    by_service = {"via": Via.SERVICE, "service": "far", "service_port": 80}

    def answer(peers):
        found = policies(spec("web", "Egress", f"[{{to: {peers}}}]"))
        return decide(changed, found, "shop/web", "shop/far", **by_service).answer

    assert answer("[{podSelector: {matchLabels: {app: far}}}]") is UNDEFINED
    assert answer("[{podSelector: {matchLabels: {app: none}}}]") is DENY
    assert answer("[{ipBlock: {cidr: 192.0.2.0/24}}]") is UNDEFINED  # which is not the Service's address
    assert answer("[{ipBlock: {cidr: 0.0.0.0/0}}]") is ALLOW


# ---- pods that have ended


@pytest.mark.parametrize("phase", ["Succeeded", "Failed"])
def test_the_address_of_a_pod_that_has_ended_is_that_of_a_host_outside(make_pod, decide, policies, phase):
    topology = Topology(
        pods=(make_pod("shop/web"), make_pod("shop/done", phase=phase, ips=("203.0.113.9",))),
        externals=(ExternalHost(name="heir", address="203.0.113.9"),),
    )
    found = policies(spec("web", "Egress", "[{to: [{podSelector: {}}]}]"))
    assert decide(topology, found, "shop/web", ExternalRef(name="heir"), 443).answer is DENY
    found = policies(spec("web", "Egress", "[{to: [{ipBlock: {cidr: 203.0.113.9/32}}]}]"))
    assert decide(topology, found, "shop/web", ExternalRef(name="heir"), 443).answer is ALLOW


# ---- two families

SIX_DNS = "fd00:96::10"


@pytest.fixture
def two_families(make_pod):
    """Web has both families, api and dns behind Services, and two hosts outside."""
    api = make_pod("shop/api", ips=("fd00::2", "10.0.0.2"))
    dns = make_pod("shop/dns", ips=("fd00::3",), ports=())
    addresses = {"fd00:96::1": "fd00::2", "10.96.0.1": "10.0.0.2"}
    backends = tuple(
        Backend(service_port=80, protocol=Protocol.TCP, address=own, port=80, pod=api.name)
        for own in addresses.values()
    )
    resolver = Backend(service_port=53, protocol=Protocol.UDP, address="fd00::3", port=53, pod=dns.name)
    return Topology(
        pods=(make_pod("shop/web", ips=("10.0.0.1", "fd00::1")), api, dns),
        services=(
            Service(namespace="shop", name="six", cluster_ips=("fd00:96::1", "10.96.0.1"), backends=backends),
            Service(namespace="shop", name="four", cluster_ips=("10.96.0.1",), backends=backends),
            Service(namespace="shop", name="dns", cluster_ips=(SIX_DNS,), backends=(resolver,)),
        ),
        externals=(
            ExternalHost(name="six", address="2001:db8::10"),
            ExternalHost(name="four", address="203.0.113.10"),
            ExternalHost(name="mapped", address="::ffff:203.0.113.10"),
        ),
        nameserver=SIX_DNS,
    )


@pytest.mark.parametrize(
    ("host", "block", "answer"),
    [
        ("six", "{cidr: '::/0'}", ALLOW),
        ("six", "{cidr: 0.0.0.0/0}", DENY),
        ("six", "{cidr: '2001:db8::/64'}", ALLOW),
        ("six", "{cidr: '2001:db8::/32', except: ['2001:db8::/64']}", DENY),
        ("six", "{cidr: '2001:DB8:0:0::10/128'}", ALLOW),
        ("four", "{cidr: '::/0'}", DENY),
        # Packets to a mapped address are IPv4.
        ("mapped", "{cidr: 203.0.113.0/24}", ALLOW),
        ("mapped", "{cidr: '::/0'}", DENY),
    ],
)
def test_a_block_is_of_one_family(two_families, decide, policies, host, block, answer):
    found = policies(spec("web", "Egress", f"[{{to: [{{ipBlock: {block}}}]}}]"))
    assert decide(two_families, found, "shop/web", ExternalRef(name=host), 443).answer is answer


@pytest.mark.parametrize(("service", "address"), [("six", "fd00::2"), ("four", "10.0.0.2")])
def test_a_service_is_dialled_in_the_family_of_its_first_address(two_families, decide, service, address):
    by_service = {"via": Via.SERVICE, "service": service, "service_port": 80}
    decision = decide(two_families, (), "shop/web", "shop/api", **by_service)
    assert decision.backends == ((address, 80, ALLOW),)


@pytest.mark.parametrize(
    ("peer", "answer"),
    [
        ("{podSelector: {matchLabels: {app: dns}}}", ALLOW),
        ("{podSelector: {matchLabels: {app: api}}}", DENY),
        (f"{{ipBlock: {{cidr: '{SIX_DNS}/128'}}}}", UNDEFINED),
        ("{ipBlock: {cidr: 0.0.0.0/0}}", DENY),
    ],
)
def test_a_nameserver_of_the_other_family(two_families, decide, policies, peer, answer):
    found = policies(spec("web", "Egress", f"[{{to: [{peer}]}}]"))
    decision = decide(two_families, found, "shop/web", DnsRef(), 53, protocol=Protocol.UDP)
    assert decision.answer is answer


@pytest.mark.parametrize("source", ["web", "203.0.113.1"])
def test_a_pod_that_has_ended_is_no_end_of_a_flow(make_pod, source):
    web, done = make_pod("shop/web"), make_pod("shop/done", phase="Succeeded")
    oracle = Oracle(Topology(pods=(web, done)), ())
    decision = oracle.between(web if source == "web" else source, done, 80, Protocol.TCP)
    assert decision.answer is Answer.UNDEFINED
    assert "has ended (Succeeded)" in decision.reason


def test_blocks_that_hold_both_addresses_of_a_service_leave_nothing_open(make_pod, policies):
    """One holds the address before translation, one that after it: whichever is looked at, a rule admits."""
    backend = Backend(service_port=80, protocol=Protocol.TCP, address="203.0.113.1", port=80)
    service = Service(namespace="shop", name="api", cluster_ips=("10.96.0.1",), backends=(backend,))
    web = make_pod("shop/web")
    topology = Topology(pods=(web,), services=(service,))

    def answer(rules):
        spec = f"{{podSelector: {{}}, policyTypes: [Egress], egress: {rules}}}"
        found = policies(f"metadata: {{name: p, namespace: shop}}\nspec: {spec}\n")
        return Oracle(topology, found).to_service(web, service, 80, Protocol.TCP)

    hosts, services = "{ipBlock: {cidr: 203.0.113.0/24}}", "{ipBlock: {cidr: 10.96.0.0/16}}"
    assert answer(f"[{{to: [{hosts}]}}]").answer is Answer.UNDEFINED
    assert answer(f"[{{to: [{services}]}}]").answer is Answer.UNDEFINED
    assert answer(f"[{{to: [{hosts}, {services}]}}]").answer is Answer.ALLOW
    in_two_rules = answer(f"[{{to: [{hosts}]}}, {{to: [{services}]}}]")
    assert in_two_rules.answer is Answer.ALLOW
    assert len(in_two_rules.egress.allowing) == 2


def test_a_service_of_a_file_leads_to_pods_without_an_address(make_pod, policies):
    api, web = make_pod("shop/api", ips=()), make_pod("shop/web", ips=())
    backend = Backend(service_port=80, protocol=Protocol.TCP, address="", port=80, pod=api.name)
    ports = {"namespace": "shop", "name": "api", "backends": (backend,)}
    spec = "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: RULES}"

    def answer(rules, source=web, **fields):
        service = Service(**ports, **fields)
        text = f"metadata: {{name: p, namespace: shop}}\nspec: {spec.replace('RULES', rules)}\n"
        oracle = Oracle(Topology(pods=(api, web), services=(service,)), policies(text))
        return oracle.to_service(source, service, 80, Protocol.TCP)

    to_api = "[{to: [{podSelector: {matchLabels: {app: api}}}]}]"
    for fields in ({}, {"cluster_ips": ("10.96.0.1",)}, {"headless": True}):
        assert answer(to_api, **fields).answer is Answer.ALLOW
        assert answer("[]", **fields).answer is Answer.DENY
    assert answer("[]").backends == ((f"shop/{api.name}", 80, Answer.DENY),)
    assert answer(to_api, source=api).answer is Answer.UNDEFINED  # hairpin
    to_block = "[{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]"
    assert answer(to_block).answer is Answer.UNDEFINED  # neither address is known
