"""``netprobe check`` as users run it, on a simulated cluster."""

from __future__ import annotations

import json
import re
import signal
from pathlib import Path

import pytest
from junitparser import JUnitXml

from netprobe.audit.planning import make_plan
from netprobe.cli.main import execute
from netprobe.cluster.port import ClusterState
from netprobe.cluster.providers.simulated import SimulatedCluster, SimulatedProvider
from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.errors import EnvironmentFailure, Refused

OPEN = Faults(enforces=False)


@pytest.fixture
def cluster(monkeypatch) -> SimulatedCluster:
    """The cluster that the next command opens; a test may break it first."""
    made = SimulatedCluster()
    monkeypatch.setattr(SimulatedProvider, "open", lambda self, argument: made)
    return made


@pytest.fixture(scope="module")
def planned():
    """Plans take a second of predictions; of the same nodes they are the same."""
    plans = {}

    def plan(nodes):
        names = tuple(node.name for node in nodes)
        if names not in plans:
            plans[names] = make_plan(nodes)
        return plans[names]

    return plan


@pytest.fixture
def check(desk, cluster, planned, monkeypatch, capsys):
    monkeypatch.setattr("netprobe.app.check.make_plan", planned)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = execute(["check", "--settle", "6", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def forbid(*_, **__):
    raise Refused("pods is forbidden: User reader cannot list it", status=403, reason="Forbidden")


def left(cluster: SimulatedCluster) -> list[str]:
    names = [body["metadata"]["name"] for body in cluster.objects.list("Namespace")]
    return [name for name in names if name.startswith("np-")]


def deployment(namespace: str, name: str) -> dict:
    labels = {"app": name}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c"}]}},
        },
    }


def test_an_enforcing_network_is_told_in_every_format(check, cluster, desk):
    code, out, err = check("-o", "json=a.json", "-o", "junit=a.xml", "-o", "markdown=a.md")
    assert code == 0
    assert out.startswith("ENFORCED: NetworkPolicies are enforced on all 2 nodes")
    assert "shows no CNI that netprobe knows" in out
    assert re.search(r"^netprobe: the journal of this audit is \.netprobe/", err, re.MULTILINE)
    document = json.loads(Path("a.json").read_text())
    assert (document["verdict"], document["exit_code"], document["impact"]) == ("ENFORCED", 0, None)
    assert {each["state"] for each in document["established"]} == {"goes on"}
    assert Path("a.md").read_text().startswith("## ✅ ENFORCED\n")
    assert JUnitXml.fromfile("a.xml").failures == 0
    assert left(cluster) == []


@pytest.fixture
def host_outside(monkeypatch) -> SimulatedCluster:
    """A cluster that has no host outside; the user has one."""
    made = SimulatedCluster(has_externals=False)
    made.network.externals["198.51.100.7"] = frozenset({443})
    monkeypatch.setattr(SimulatedProvider, "open", lambda self, argument: made)
    return made


def verdict_of(feature: str) -> str:
    features = json.loads(Path("a.json").read_text())["features"]
    return next(each["verdict"] for each in features if each["name"] == feature)


def test_a_host_outside_is_probed_where_the_user_has_one(check, host_outside):
    assert check("-o", "json=a.json")[0] == 0
    without = verdict_of("outside")
    assert check("-o", "json=a.json", "--outside", "198.51.100.7:443")[0] == 0
    tallies = [
        each for each in json.loads(Path("a.json").read_text())["features"] if each["name"] == "outside"
    ]
    assert (without, verdict_of("outside")) == ("ENFORCED", "ENFORCED")
    assert tallies[0]["agreed"] > 0


def test_a_way_out_that_policies_do_not_know_is_found(check, host_outside):
    by_policies = host_outside.network._reach
    host_outside.network._reach = lambda query: query.destination is None or by_policies(query)
    code, out, _ = check("-o", "json=a.json", "--outside", "198.51.100.7:443")
    assert code == 1
    assert out.startswith("PARTIALLY ENFORCED: NetworkPolicies are enforced in part")
    assert "external:outside:8443 connected" in out
    assert verdict_of("outside") != "ENFORCED"
    assert verdict_of("egress-deny") == "ENFORCED"


def test_a_network_that_enforces_nothing_leaves_the_pods_of_the_cluster_open(check, cluster):
    cluster.faults = OPEN
    cluster.apply(
        [
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {}}},
            deployment("shop", "web"),
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": "shut", "namespace": "shop"},
                "spec": {"podSelector": {}, "policyTypes": ["Ingress"]},
            },
        ]
    )
    code, out, _ = check("--require", "ports")
    assert code == 1
    assert out.startswith("NOT ENFORCED: ")
    assert "affected in this cluster: 1 of 1 NetworkPolicy, 2 pods open, since no policy has any" in out
    assert re.search(r"^  shop/shut  open: shop/web.* \(2 pods\)$", out, re.MULTILINE)
    assert len(out.splitlines()) <= 30


def refuse_deployments(self, objects):
    for body in objects:
        if body["kind"] == "Deployment":
            raise Refused(
                'admission webhook "guard" denied the request: no pods here', status=403, reason="Forbidden"
            )
        self.objects.apply(body)


def lack_quota(self, refs, deadline):
    raise EnvironmentFailure("Deployment np-x-home/web: exceeded quota: pods=10", remedy="raise the quota")


def stop(self, refs, deadline):
    signal.raise_signal(signal.SIGINT)


def show_no_nodes(self, namespaces):
    return ClusterState(unreadable=("nodes",))


@pytest.mark.parametrize(
    ("method", "broken", "told"),
    [
        ("apply", refuse_deployments, 'admission webhook "guard" denied the request'),
        ("wait_ready", lack_quota, "exceeded quota: pods=10"),
    ],
)
def test_what_ends_an_audit_early_is_the_reason_in_every_report(
    check, cluster, monkeypatch, method, broken, told
):
    monkeypatch.setattr(SimulatedCluster, method, broken)
    code, out, err = check("-o", "json=a.json", "-o", "junit=a.xml")
    assert code == 3
    assert out.startswith("INCONCLUSIVE: this audit proves nothing: ")
    assert told in " ".join(out.split())
    assert told in err
    assert "Traceback" not in err
    assert told in json.loads(Path("a.json").read_text())["conclusion"]
    assert JUnitXml.fromfile("a.xml").errors == 1
    assert left(cluster) == []


def test_an_account_without_permissions_is_told_in_every_report(check, monkeypatch):
    monkeypatch.setattr(SimulatedCluster, "preflight", forbid)
    code, out, err = check("-o", "json=a.json", "-o", "markdown=a.md")
    assert code == 3
    assert out.startswith("INCONCLUSIVE: this audit proves nothing: pods is forbidden")
    assert "journal" not in err
    assert "❔ INCONCLUSIVE" in Path("a.md").read_text()


def test_without_a_node_there_is_no_audit(check, cluster):
    for body in cluster.objects.list("Node"):
        cluster.objects.apply({**body, "spec": {"unschedulable": True}})
    code, _, err = check()
    assert code == 3
    assert "no node takes the pods of an audit (node1: it takes no pods (cordoned); node2: it" in err
    assert "→ make a node ready for pods" in err


def test_an_account_that_may_not_list_nodes_is_told_so(check, monkeypatch):
    monkeypatch.setattr(SimulatedCluster, "read", show_no_nodes)
    code, out, err = check()
    assert code == 3
    assert "INCONCLUSIVE: this audit proves nothing: nodes may not be listed" in out
    assert "→ give it the ClusterRole of docs/live-clusters.md" in err


def test_the_audit_goes_on_with_one_node_and_without_what_may_not_be_read(check, monkeypatch):
    made = SimulatedCluster(nodes=("only",))
    monkeypatch.setattr(SimulatedProvider, "open", lambda self, argument: made)
    monkeypatch.setattr(SimulatedCluster, "census", forbid)
    monkeypatch.setattr(SimulatedCluster, "signs", forbid)
    code, out, _ = check("-o", "junit=a.xml", "-o", "json=a.json")
    assert code == 0
    assert "not looked at: flows between nodes, this cluster has one node" in out
    cases = [case for suite in JUnitXml.fromfile("a.xml") for case in suite if case.is_skipped]
    assert {case.name for case in cases} == {
        "flows between nodes",
        "second-address",
        "blocks with bits beyond their prefix",
        "SCTP",
        "ports of nodes",
    }
    document = json.loads(Path("a.json").read_text())
    assert document["cni"] is document["impact"] is None
    assert [text.partition(":")[0] for text in document["unseen"]] == [
        "which CNI this is could not be seen",
        "which policies of this cluster are affected could not be seen",
    ]


def test_an_interrupted_audit_leaves_a_whole_journal_and_nothing_else(check, cluster, monkeypatch):
    monkeypatch.setattr(SimulatedCluster, "wait_ready", stop)
    code, out, err = check()
    assert code == 130
    assert out.startswith("INCONCLUSIVE: this audit proves nothing: stopped by Ctrl-C (SIGINT)")
    (journal,) = Path(".netprobe").glob("*.jsonl")
    assert json.loads(journal.read_text().splitlines()[-1])["reason"] == "stopped by Ctrl-C (SIGINT)"
    assert "Traceback" not in err
    assert left(cluster) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--require", "port"], '--require port: there is no feature "port"; did you mean "ports"?'),
        (["--require", "magic"], "features are: ingress-deny, egress-deny,"),
        (["--outside", "example.org:443"], "write 203.0.113.7:443 or [2001:db8::7]:443"),
        (["--nodes", "0"], "invalid value for '--nodes'"),
        (["-o", "pdf=x"], '-o pdf=x: there is no format "pdf"'),
        (["--cluster", "lab", "--keep"], "--keep keeps nothing on the lab"),
        (["--cluster", "laab"], 'there is no kind of cluster "laab"; did you mean "lab"?'),
    ],
)
def test_wrong_input_is_told_before_anything_runs(check, arguments, told):
    code, out, err = check(*arguments)
    assert code == 2
    assert out == ""
    assert told in err
    assert not Path(".netprobe").exists()


def test_the_plan_is_printed_and_nothing_deployed(check, cluster):
    code, out, _ = check("--plan")
    assert code == 0
    assert re.match(r"\d+ probes tell \d+ known defects apart", out)
    assert cluster.applied == []
