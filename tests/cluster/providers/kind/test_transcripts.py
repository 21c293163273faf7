"""Everything that is executed for each CNI, as golden transcripts; and that nothing is left at the end."""

from __future__ import annotations

import json

import pytest

from netprobe.cluster.providers.kind.base import base_config
from netprobe.cluster.providers.kind.plan import make_plan
from netprobe.cluster.providers.kind.provider import KindProvider
from netprobe.cluster.providers.kind.recipes import built_in, find_recipe
from netprobe.cluster.providers.kind.wish import parse_wish

VARIANTS = (
    "calico@3.31.3,proxy=nftables",
    "calico-operator@3.32.2,family=dual,proxy=nftables",
    "cilium,family=ipv6,proxy=none,name=bare",
    "flannel,family=dual,proxy=nftables",
    "kube-router,proxy=none,node=v1.34.0",
)


def plan_of(argument):
    wish = parse_wish(argument)
    return make_plan(wish, *find_recipe(wish.recipe), base_config())


def everything(plan):
    return [*plan.ready[:-1], *(each for step in plan.steps for each in step.ready)]


@pytest.mark.parametrize("argument", [*built_in(), *VARIANTS])
def test_what_is_executed_is_the_golden_transcript(argument, machine, shown, told, golden):
    plan = plan_of(argument)
    for ready in everything(plan):
        shown.fulfil(ready)
    cluster = KindProvider().make(argument, told.terms())
    assert cluster.description.title == f"kind v0.32.0, {plan.title}"
    cluster.close()
    golden(f"{argument.replace(',', '-').replace('=', '-')}.txt", machine.transcript(plan))
    assert not told.warnings
    assert [path.name for path in machine.home.iterdir() if path.name.startswith("netprobe-kind-")] == []


def test_every_call_has_the_private_kubeconfig_only(machine, shown, told, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", "/home/somebody/.kube/config")
    shown.fulfil(plan_of("flannel").ready[0])
    KindProvider().make("flannel", told.terms()).close()
    writing = [call for call in machine.calls if call.argv[:2] in (("kind", "create"), ("kubectl", "apply"))]
    assert len(writing) == 2
    assert all(call.kubeconfig.endswith("/kubeconfig") for call in writing)
    assert {call.kubeconfig for call in writing} != {"/home/somebody/.kube/config"}
    assert any("--kubeconfig=" in each for each in machine.calls[-1].argv)


def test_stages_are_told_in_order(machine, shown, told):
    shown.fulfil(plan_of("flannel").ready[0])
    KindProvider().make("flannel", told.terms()).close()
    cluster = plan_of("flannel").cluster
    assert told.stages == [
        f"making the kind cluster {cluster} (3 nodes, Flannel v0.28.9, ipv4)",
        "putting the CNI plugins bridge on the nodes",
        "installing Flannel v0.28.9",
        f"removing the kind cluster {cluster}",
    ]


def test_the_description_says_what_was_made(machine, shown, told):
    shown.fulfil(plan_of("cilium").ready[0])
    for ready in plan_of("cilium").ready[1:-1]:
        shown.fulfil(ready)
    cluster = KindProvider().make("cilium", told.terms())
    described = cluster.description
    cluster.close()
    assert (described.name, described.kind, described.version) == ("kind:cilium", "live", "v1.36.1")
    assert described.facts == {
        "cni": "Cilium v1.19.8 (helm)",
        "family": "ipv4",
        "kube-proxy": "iptables",
        "nodes": "3",
        "cluster": plan_of("cilium").cluster,
        "kind": "v0.32.0",
        "docker": "28.2.2",
    }
    assert set(described.lacks) == {"sctp", "dual-stack"}


@pytest.mark.parametrize(("code", "lacks"), [(0, {}), (1, {"sctp"})])
def test_what_a_scenario_may_require_is_looked_at(machine, shown, told, code, lacks):
    machine.answer("modprobe sctp", code=code)
    shown.fulfil(plan_of("kindnet").ready[0])
    cluster = KindProvider().make("kindnet,family=dual", told.terms())
    cluster.close()
    assert set(cluster.description.lacks) == set(lacks)


def test_without_helm_the_cilium_cli_installs_the_same_values(machine, shown, told):
    plan = plan_of("cilium")
    for ready in plan.ready[:-1]:
        shown.fulfil(ready)
    machine.uninstall("helm")
    KindProvider().make("cilium", told.terms()).close()
    (call,) = [call for call in machine.calls if call.argv[0] == "cilium"]
    assert call.argv[1:4] == ("install", "--version=1.19.8", "--namespace=kube-system")
    assert json.loads(call.files["values-1.json"]) == plan.steps[0].helm.values
