"""Flows by Service, name and to special destinations; steps that restart, scale and relabel."""

from __future__ import annotations

import pytest

from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.cluster.providers.simulation.network import Arrival, Fate, Network
from netprobe.model.finding import Kind, Seen, Verdict

EGRESS_ALL = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: no-egress, namespace: red}
spec: {podSelector: {}, policyTypes: [Egress]}
"""


def findings(result) -> dict[str, object]:
    return {finding.id.split("/", 1)[1]: finding for finding in result.findings}


def kinds(result) -> set:
    return {finding.kind or finding.verdict for finding in result.findings}


def test_services_and_names_pass_when_open(bench, texts):
    result = bench.run(
        texts("\n  - name: open\n    intent: {default: allow}\n", head="via: [service, name]\n")
    )
    assert kinds(result) == {Verdict.PASS}
    vias = {finding.flow.via.value for finding in result.findings}
    assert vias == {"service", "name"}


def test_denied_dns_shows_as_a_name_that_does_not_resolve(bench, texts):
    files = texts("\n  - name: shut\n    apply: [egress.yaml]\n", head="via: [ip, name]\n")
    files["egress.yaml"] = EGRESS_ALL
    result = bench.run(files)
    assert kinds(result) == {Verdict.PASS}
    by_name = [f for f in result.findings if f.flow.via.value == "name" and f.flow.source.namespace == "red"]
    assert {finding.seen for finding in by_name} == {Seen.NAME_FAILED}
    assert "proves dns only" in by_name[0].explanation


DNS_STEP = """
  - name: dns
    apply: [egress.yaml]
    intent:
      allow: ["blue/* -> dns"]
      deny: ["red/* -> dns"]
"""


def test_dns_flows_over_udp_and_tcp(bench, texts):
    files = texts(DNS_STEP)
    files["egress.yaml"] = EGRESS_ALL
    result = bench.run(files)
    dns = {key: finding for key, finding in findings(result).items() if "->dns" in key}
    assert len(dns) == 8
    assert {finding.verdict for finding in dns.values()} == {Verdict.PASS}


def test_a_nameserver_that_dies_passes_no_denial_of_dns(bench, texts):
    files = texts(DNS_STEP, head="via: [name]\n")
    files["egress.yaml"] = EGRESS_ALL

    def die(_number):
        if bench.cluster.objects.list("NetworkPolicy"):
            bench.cluster.faults = Faults(dns_dead=True)

    bench.prepare().on_exchange = die
    result = bench.run(files)
    assert kinds(result) == {Verdict.INCONCLUSIVE}
    assert any("did not reach dns either" in finding.explanation for finding in result.findings)


EXTERNAL_HEAD = "external: [{name: partner, address: 203.0.113.10, ports: [443]}]\n"
EXTERNAL_STEP = """
  - name: partner
    intent:
      allow: ["red/a -> external:partner:443", "red/a -> node:own:10250"]
"""


def test_external_hosts_are_asked_where_the_cluster_provides_them(bench, texts):
    result = bench.run(texts(EXTERNAL_STEP, head=EXTERNAL_HEAD))
    finding = findings(result)["partner/red/a[0]->external:partner:443/tcp/ip"]
    assert finding.verdict is Verdict.PASS


def test_external_hosts_are_skipped_where_the_cluster_has_none(bench, texts):
    bench.prepare(has_externals=False)
    result = bench.run(texts(EXTERNAL_STEP, head=EXTERNAL_HEAD))
    finding = findings(result)["partner/red/a[0]->external:partner:443/tcp/ip"]
    assert finding.verdict is Verdict.SKIP
    assert "does not provide the external host partner" in finding.explanation


def test_a_restarted_and_a_scaled_workload_are_measured_anew(bench, texts, deny_step):
    steps = (
        deny_step
        + """
  - name: restart
    restart: [red/a]
  - name: scale
    scale: [{workload: blue/b, replicas: 3}]
"""
    )
    result = bench.run(texts(steps))
    assert kinds(result) == {Verdict.PASS}
    restarted = findings(result)["restart/blue/b[0]->red/a[0]:80/tcp/ip"]
    assert restarted.observation.younger
    assert restarted.observation.baseline is None
    assert restarted.seen is Seen.CLOSED
    assert "scale/blue/b[2]->red/a[0]:80/tcp/ip" in findings(result)
    assert "blue/b[2] → red/a:80" in findings(result)["scale/blue/b[2]->red/a[0]:80/tcp/ip"].explanation


def test_relabelled_pods_and_namespaces_are_seen_by_the_oracle(bench, texts, deny_step):
    steps = (
        deny_step
        + """
  - name: relabel
    label: [{workload: blue/b, labels: {extra: "yes"}}, {namespace: red, labels: {team: one}}]
"""
    )
    result = bench.run(texts(steps))
    assert kinds(result) == {Verdict.PASS}
    state = bench.recording.steps[1].state.topology
    assert {pod.labels.get("extra") for pod in state.pods if pod.namespace == "blue"} == {None, "yes"}
    assert next(each for each in state.namespaces if each.name == "red").labels["team"] == "one"


def test_deleted_and_replaced_policies_open_flows_again(bench, texts, deny_step):
    steps = (
        deny_step
        + """
  - name: undo
    delete: [NetworkPolicy red/deny-a]
    intent: {default: allow}
"""
    )
    result = bench.run(texts(steps))
    assert kinds(result) == {Verdict.PASS}
    assert [reading.closing for step in result.steps for reading in step.sentinels] == [
        True,
        True,
        False,
        False,
    ]
    assert all(reading.flipped for step in result.steps for reading in step.sentinels)


def test_a_policy_that_says_the_opposite_of_the_intent_is_the_authors_mistake(bench, texts):
    step = "\n  - name: wrong\n    apply: [deny-a.yaml]\n    intent: {default: allow}\n"
    result = bench.run(texts(step))
    mistakes = [finding for finding in result.findings if finding.kind is Kind.POLICY_MISTAKE]
    assert len(mistakes) == 3
    assert {finding.network.verdict for finding in mistakes} == {Verdict.PASS}


def disturb_once(bench, what):
    done = []

    def hook(_number):
        if bench.cluster.objects.get("NetworkPolicy", "np-t1-red", "deny-a") and not done:
            done.append(True)
            what()

    bench.cluster.on_exchange = hook


def test_a_container_that_restarts_during_the_step_spoils_its_flows(bench, texts, deny_step):
    cluster = bench.prepare()
    disturb_once(bench, lambda: cluster.restart_containers("b"))
    result = bench.run(texts(deny_step))
    for key, finding in findings(result).items():
        assert finding.verdict is (Verdict.INCONCLUSIVE if "/b[" in key else Verdict.PASS), key
    spoiled = findings(result)["deny a/red/b[0]->red/a[0]:80/tcp/ip"]
    assert "red/b restarted during the step" in spoiled.explanation


def test_a_foreign_policy_during_the_step_spoils_the_flows_of_its_namespace(bench, texts, deny_step):
    cluster = bench.prepare()
    foreign = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "surprise", "namespace": "np-t1-blue"},
        "spec": {"podSelector": {"matchLabels": {"nobody": "here"}}, "policyTypes": ["Ingress"]},
    }
    disturb_once(bench, lambda: cluster.apply([foreign]))
    result = bench.run(texts(deny_step))
    for key, finding in findings(result).items():
        assert finding.verdict is (Verdict.INCONCLUSIVE if "blue/" in key else Verdict.PASS)
    spoiled = findings(result)["deny a/red/b[0]->blue/a[0]:80/tcp/ip"]
    assert "somebody changed NetworkPolicy blue/surprise during the step" in spoiled.explanation


def test_a_policy_that_was_there_before_is_part_of_the_decision(bench, texts):
    cluster = bench.prepare()
    apply = cluster.apply

    def generate(objects):
        apply(objects)
        for body in objects:
            if body["kind"] == "Namespace" and body["metadata"]["name"] == "np-t1-blue":
                apply(
                    [
                        {
                            "apiVersion": "networking.k8s.io/v1",
                            "kind": "NetworkPolicy",
                            "metadata": {"name": "generated", "namespace": "np-t1-blue"},
                            "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
                        }
                    ]
                )

    cluster.apply = generate
    result = bench.run(texts("\n  - name: nothing\n"))
    to_blue = [f for key, f in findings(result).items() if "->blue/" in key]
    assert {finding.verdict for finding in to_blue} == {Verdict.INCONCLUSIVE}
    assert bench.recording.steps[0].state.policies[0]["metadata"] == {
        "name": "generated",
        "namespace": "blue",
    }


ITSELF = """
  - name: itself
    apply: [own.yaml]
    intent: {default: none, allow: ["red/a -> red/a via service", "red/b -> red/a via service"]}
"""
OWN = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: own, namespace: red}
spec: {podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}
"""


@pytest.mark.parametrize("hairpin", [True, False])
def test_a_pod_is_asked_by_its_own_service_where_it_gets_there_without_policies(
    bench, texts, monkeypatch, hairpin
):
    send = Network._send_to_service

    def send_to_service(network, source, service, port, protocol, world):
        arrival = send(network, source, service, port, protocol, world)
        own = arrival.identity.endswith(source["metadata"]["uid"])
        return Arrival(fate=Fate.SILENCE) if own and not hairpin else arrival

    monkeypatch.setattr(Network, "_send_to_service", send_to_service)
    result = bench.run(texts(ITSELF, head="via: [service]\n") | {"own.yaml": OWN})
    found = {str(finding.flow.source): finding for finding in result.findings}
    assert found["red/b[0]"].verdict is Verdict.PASS
    assert found["red/a[0]"].verdict is (Verdict.PASS if hairpin else Verdict.SKIP)
    told = "no pod reaches itself through a Service here, with or without policies"
    assert (told in found["red/a[0]"].explanation) is not hairpin
