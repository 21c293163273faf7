"""``netprobe check --also``: pods of the user as destinations, on a simulated cluster."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from junitparser import JUnitXml

from netprobe.audit.nodes import AuditedNode
from netprobe.audit.planning import make_plan
from netprobe.cli.main import execute
from netprobe.cluster.providers.simulated import SimulatedCluster, SimulatedProvider
from netprobe.cluster.providers.simulation.faults import Faults


def pod(name: str, namespace: str = "shop", *, ports=({"containerPort": 80},), **spec) -> dict:
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace, "labels": {"app": name}},
        "spec": {"containers": [{"name": "c", "ports": list(ports)}], **spec},
    }


def policy(name: str, *rules: dict) -> dict:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"podSelector": {"matchLabels": {"app": "db"}}, "ingress": list(rules)},
    }


def namespace(name: str) -> dict:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {}}}


@pytest.fixture
def cluster(monkeypatch) -> SimulatedCluster:
    made = SimulatedCluster()
    monkeypatch.setattr(SimulatedProvider, "open", lambda self, argument: made)
    udp = ({"containerPort": 80}, {"containerPort": 53, "protocol": "UDP"})
    made.apply([namespace("shop"), namespace("home"), pod("db", ports=udp), pod("web"), pod("own", "home")])
    return made


@pytest.fixture(scope="module")
def plan():
    return make_plan([AuditedNode(name=name, hostname=name) for name in ("node1", "node2")])


@pytest.fixture
def check(desk, cluster, plan, monkeypatch, capsys):
    monkeypatch.setattr("netprobe.app.check.make_plan", lambda nodes: plan)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = execute(["check", "--settle", "6", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_a_pod_of_the_user_is_asked_and_not_touched(check, cluster):
    cluster.apply(
        [
            policy(
                "only-web",
                {"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "web"}}}]},
            )
        ]
    )
    applied, deleted = len(cluster.applied), len(cluster.deleted)
    code, out, _ = check(
        "--also", "shop/db", "--also", "home/own", "-o", "json=a.json", "-o", "markdown=a.md"
    )
    assert code == 0
    assert "shop/db: ENFORCED, isolated by shop/only-web; 6 agree" in out
    assert "home@cluster/own: nothing to enforce, no policy isolates it; 2 told only" in out
    foreign = {"shop", "home"}
    touched = [*cluster.applied[applied:], *cluster.deleted[deleted:]]
    assert not foreign & {ref.namespace for ref in touched}
    assert not foreign & {name.partition("/")[0] for name in cluster.sessions_opened}
    db, own = json.loads(Path("a.json").read_text())["also"]
    assert (db["policies"], db["verdict"]) == (["shop/only-web"], "ENFORCED")
    results = {flow["flow"]: (flow["expected"], flow["result"]) for flow in db["flows"]}
    assert results["home/free-0[0]->shop/db[0]:80/tcp/ip"] == ("DENY", "agrees")
    assert results["away/web[0]->shop/db[0]:53/udp/ip"] == ("ALLOW", "agrees")
    assert {flow["result"] for flow in own["flows"]} == {"note"}
    assert "| shop/db | ✅ ENFORCED | shop/only-web | 6 agree | - |" in Path("a.md").read_text()


def test_a_leak_to_it_counts_and_names_the_policy_but_is_no_deviation_of_the_diagnosis(check, cluster):
    cluster.apply([policy("shut")])
    cluster.faults = Faults(leaks=frozenset({("free-1", "db")}))
    code, out, _ = check("--also", "shop/db", "-o", "junit=a.xml", "-o", "json=a.json")
    assert code == 1
    assert out.startswith(
        "PARTIALLY ENFORCED: NetworkPolicies are enforced in part on all 2 nodes: 2 leaks of flows to shop/db"
    )
    assert (
        "home/free-1 → shop/db:80: connected; shut isolates shop/db for ingress; it admits no ingress" in out
    )
    assert json.loads(Path("a.json").read_text())["deviations"] == 0
    failed = [case.name for suite in JUnitXml.fromfile("a.xml") for case in suite if case.result]
    assert "shop/db" in failed


def test_what_its_policies_admit_and_the_network_stops_is_blocked(check, cluster):
    cluster.apply([policy("all", {})])
    cluster.faults = Faults(blocks=frozenset({("free-0", "db")}))
    code, out, _ = check("--also", "shop/db", "-v")
    assert code == 1
    assert re.search(
        r"home/free-0 → shop/db:80: closed; .*BLOCKED, the network stops what the policies allow",
        " ".join(out.split()),
    )


def test_a_port_that_nobody_reached_may_not_listen(check, cluster):
    cluster.apply([policy("shut")])
    code, out, _ = check("--also", "shop/db", "-v")
    assert code == 0
    assert "home/free-0 → shop/db:80: agrees (closed; whether the port listens is not known)" in out


def test_a_pod_that_cannot_be_asked_ends_the_audit_before_anything_is_deployed(check, cluster):
    cluster.apply([pod("mute", ports=()), pod("noded", hostNetwork=True)])
    applied = len(cluster.applied)
    words = ("shop/noed", "shp/db", "shop/mute", "shop/noded")
    code, out, err = check(*(part for word in words for part in ("--also", word)))
    assert (code, out) == (2, "")
    assert "there is no pod noed in namespace shop; did you mean" in err
    assert "there is no namespace shp; did you mean" in err
    assert "pod shop/mute declares no TCP or UDP port" in err
    assert "pod shop/noded has hostNetwork" in err
    assert len(cluster.applied) == applied
    assert check("--also", "db")[0] == 2
