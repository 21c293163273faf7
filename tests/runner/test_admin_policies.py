"""Cluster-wide policies on the cluster of a run: part of the decisions, by the author's names."""

from __future__ import annotations

import pytest

from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.model.finding import Kind, Verdict

NOTHING = "\n  - name: nothing\n"
NAME = "kubernetes.io/metadata.name"


def admin_policy(namespace: str, *, name: str = "no-blue", selector=None, action: str = "Deny"):
    return {
        "apiVersion": "policy.networking.k8s.io/v1alpha1",
        "kind": "AdminNetworkPolicy",
        "metadata": {"name": name},
        "spec": {
            "priority": 10,
            "subject": {"namespaces": {"matchLabels": {NAME: namespace}}},
            "ingress": [{"name": "r", "action": action, "from": [{"namespaces": selector or {}}]}],
        },
    }


def with_block(files):
    rules = "[Ingress], ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}"
    return {**files, "deny-a.yaml": files["deny-a.yaml"].replace("[Ingress]}", rules)}


@pytest.fixture
def admin(bench):
    """Have a policy on the cluster as soon as the run has a namespace."""

    def admin(body, **faults):
        cluster = bench.prepare(faults=Faults(**faults))
        apply = cluster.apply

        def apply_with_ours(objects):
            apply(objects)
            if any(each["kind"] == "Namespace" for each in objects):
                apply([body])

        cluster.apply = apply_with_ours

    return admin


def test_a_cluster_wide_policy_is_part_of_the_decision_and_of_the_journal(bench, texts, admin, deny_step):
    blue = {"matchExpressions": [{"key": NAME, "operator": "In", "values": ["np-t1-blue", "elsewhere"]}]}
    admin(admin_policy("np-t1-red", selector=blue, action="Allow"))
    result = bench.run(texts(deny_step))
    shut = {f.id.split("/", 2)[2] for f in result.findings if f.seen == "closed"}
    assert shut == {"red/b[0]->red/a[0]:80/tcp/ip"}, "what comes from blue is let in before the NetworkPolicy"
    assert {f.network.verdict for f in result.findings} == {Verdict.PASS}
    (recorded,) = bench.recording.steps[0].state.admin_policies
    assert recorded["spec"]["subject"]["namespaces"]["matchLabels"] == {NAME: "red"}
    (peer,) = recorded["spec"]["ingress"][0]["from"]
    assert peer["namespaces"]["matchExpressions"][0]["values"] == ["blue", "elsewhere"]
    assert set(recorded) == {"apiVersion", "kind", "metadata", "spec"}


def test_one_that_is_not_understood_is_left_out_and_named(bench, texts, admin):
    body = admin_policy("np-t1-red")
    body["spec"]["subject"] = {"somethingNewer": {}}
    admin(body, enforces=False)
    result = bench.run(texts(NOTHING))
    assert result.notes == ("AdminNetworkPolicy no-blue, which is of a form unknown here",)


def test_one_that_changes_during_a_step_spoils_the_flows_of_the_namespaces_it_is_about(
    bench, texts, deny_step
):
    cluster = bench.prepare()
    done = []

    def surprise(_number):
        if cluster.objects.get("NetworkPolicy", "np-t1-red", "deny-a") and not done:
            done.append(True)
            cluster.apply([admin_policy("np-t1-blue", action="Allow")])

    cluster.on_exchange = surprise
    result = bench.run(texts(deny_step))
    for finding in result.findings:
        spoiled = "blue/" in finding.id
        assert finding.verdict is (Verdict.INCONCLUSIVE if spoiled else Verdict.PASS), finding.id
    assert any("somebody changed AdminNetworkPolicy no-blue" in f.explanation for f in result.findings)


def test_a_network_that_ignores_it_leaks(bench, texts, admin):
    admin(admin_policy("np-t1-red"), enforces=False)
    result = bench.run(texts(NOTHING))
    leaks = {f.id.split("->")[1].split("/")[0] for f in result.findings if f.kind is Kind.LEAK}
    assert leaks == {"red"}


@pytest.mark.parametrize("selector", [{"matchLabels": {NAME: "np-t1-control"}}, {}])
def test_one_that_overrules_netprobes_own_policies_does_not_look_like_a_lack_of_enforcement(
    bench, texts, admin, deny_step, selector
):
    admin(admin_policy("np-t1-control", selector=selector, action="Allow"))
    result = bench.run(with_block(texts(deny_step)))
    assert result.headlines == ()
    assert {reading.flipped for reading in result.steps[0].sentinels} == {None}
    assert {reading.detail for reading in result.steps[0].sentinels} == {
        "a cluster-wide policy decides about the sentinels"
    }
    assert "a cluster-wide policy decides about the pods to measure it with" in result.notes[0]


def test_one_that_is_about_others_leaves_the_calibration_alone(bench, texts, admin, deny_step):
    admin(admin_policy("default"))
    result = bench.run(with_block(texts(deny_step)))
    assert result.notes == ("ipBlocks are held against pod addresses here: measured",)
    assert {reading.flipped for reading in result.steps[0].sentinels} == {True}
