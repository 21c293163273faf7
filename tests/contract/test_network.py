"""The least that a network must do before a verdict about it means anything."""

from __future__ import annotations

import pytest
import tenacity

from netprobe.cluster.port import Limits
from netprobe.model.observation import Outcome
from netprobe.probing.request import Request, RequestKind
from netprobe.runner.controls import SERVER_PORT, sentinel_policy, sentinel_policy_ref

OPEN = Outcome.CONNECTED
CLOSED = frozenset({Outcome.DROPPED, Outcome.REJECTED})


def tcp(address, port=8080, timeout=5.0):
    return Request(id="r", kind=RequestKind.TCP, address=str(address), port=port, timeout=timeout)


def longest(limits: Limits) -> float:
    """Seconds within which a policy must show: some times what a run waits without seeing it."""
    return 4 * limits.quiet_seconds


@pytest.fixture
def look(cluster, deployed, probe):
    """Look at a node's sentinel until it is as wished, or the time is over; what was seen last."""

    def go(node, wished):
        client, sentinel = deployed.controls.control(node), deployed.controls.sentinel(node)
        tries = tenacity.Retrying(
            stop=tenacity.stop_after_delay(longest(cluster.limits)),
            wait=tenacity.wait_fixed(0.2),
            retry=tenacity.retry_if_result(lambda seen: seen not in wished),
            retry_error_callback=lambda state: state.outcome.result(),
        )
        return tries(lambda: probe(client, tcp(sentinel.ips[0], SERVER_PORT, timeout=1.0)).outcome)

    return go


def test_a_policy_takes_effect_and_is_withdrawn(cluster, deployed, look):
    """A run tells by this pair of pods when a write has reached a node; its policy carries the marks."""
    nodes = deployed.controls.nodes
    assert nodes
    assert {node: look(node, {OPEN}) for node in nodes} == dict.fromkeys(nodes, OPEN)
    policy = sentinel_policy(deployed.site)
    cluster.apply([policy])
    try:
        (there,) = (
            each
            for each in cluster.read(()).policies
            if each["metadata"]["namespace"] == deployed.site.control_namespace
        )
        seen = {node: look(node, CLOSED) for node in nodes}
    finally:
        cluster.delete([sentinel_policy_ref(deployed.site)])
    assert deployed.site.run_labels.items() <= there["metadata"]["labels"].items()
    open_still = sorted(node for node, outcome in seen.items() if outcome is OPEN)
    assert set(seen.values()) <= CLOSED | {OPEN}, f"no evidence: {seen}"
    assert {node: look(node, {OPEN}) for node in nodes} == dict.fromkeys(nodes, OPEN)
    if open_still:
        pytest.skip(
            f"NetworkPolicy is not enforced on {', '.join(open_still)}: "
            f"a sentinel was open {longest(cluster.limits):g} s after its deny policy"
        )


@pytest.mark.parametrize("index", [0, 1])
def test_pods_reach_each_other_and_themselves(deployed, probe, index):
    """Without a policy everything is open; a pod's way to itself is the control of its own server."""
    web = deployed.pod("shop", "web", index)
    for source in (web, deployed.pod("street", "visitor")):
        assert probe(source, tcp(web.ips[0])).outcome is OPEN


def test_a_port_without_a_listener_is_rejected(deployed, probe):
    """A refusal is told from silence: it says that the packet arrived."""
    web = deployed.pod("shop", "web")
    assert probe(deployed.pod("street", "visitor"), tcp(web.ips[0], 8099)).outcome is Outcome.REJECTED


def test_the_service_leads_to_its_pods(cluster, deployed, probe, shell):
    """By address and by name: a flow by Service is judged by which of its pods answered."""
    visitor, shop = deployed.pod("street", "visitor"), deployed.site.placement.placed("shop")
    (service,) = (
        each
        for each in cluster.read([shop]).services
        if (each["metadata"]["namespace"], each["metadata"]["name"]) == (shop, "web")
    )
    identities = {deployed.identity(deployed.pod("shop", "web", index)) for index in (0, 1)}
    address = service["spec"]["clusterIP"]
    for host in (address, f"web.{shop}.svc.{domain(shell)}."):
        # kube-proxy may be some moments behind the endpoints.
        answers = shell(f"for n in 1 2 3 4 5 6; do curl -q -s -m 10 --retry 5 http://{host}/; echo; done")
        assert set(answers.splitlines()) <= identities
    assert probe(visitor, tcp(address, 80)).outcome is OPEN


def domain(shell):
    (search,) = (line for line in shell("cat /etc/resolv.conf").splitlines() if line.startswith("search"))
    return next(word.removeprefix("svc.") for word in search.split() if word.startswith("svc."))


@pytest.mark.parametrize("kind", [RequestKind.DNS_UDP, RequestKind.DNS_TCP])
def test_dns_answers(deployed, shell, probe, kind):
    """DNS is a flow of its own over each protocol, to the nameserver of the pod's resolv.conf."""
    lines = shell("cat /etc/resolv.conf").splitlines()
    nameserver = next(line.split()[1] for line in lines if line.startswith("nameserver"))
    name = f"web.{deployed.site.placement.placed('shop')}.svc.{domain(shell)}"
    request = Request(id="r", kind=kind, address=nameserver, port=53, timeout=5.0, lookup=name)
    assert probe(deployed.pod("street", "visitor"), request).outcome is OPEN


def test_a_name_that_does_not_exist_is_no_closed_flow(deployed, shell, probe):
    """A failed name says nothing about the way to a pod."""
    missing = f"nothing.{deployed.site.placement.placed('shop')}.svc.{domain(shell)}"
    assert probe(deployed.pod("street", "visitor"), tcp(missing)).outcome is Outcome.NAME_FAILED
