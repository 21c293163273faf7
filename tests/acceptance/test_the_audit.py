"""The audit on real packets: a network that enforces, and one with a fault."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from netprobe.app.check import CheckRequest, check, check_on
from netprobe.cli.main import execute
from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.kinds import collection_path
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.port import ObjectRef
from netprobe.cluster.providers.embedded import lab_cluster
from netprobe.config.settings import Config
from netprobe.lab.cluster.lab import Lab
from netprobe.model.audit import BystanderWord, Enforcement
from netprobe.model.decision import Answer
from netprobe.model.permission import Purpose
from netprobe.model.run import HeldState
from netprobe.report.audit.to_json import render
from netprobe.runner.progress import Nobody
from tests.acceptance.asking import Recorder, uncovered, unused

pytestmark = [pytest.mark.lab, pytest.mark.slow]


ASKED = Recorder()
"""What the audit of the enforcing lab asked the API server for."""

DB = {"app": "db"}
SERVER = {
    "name": "db",
    "image": "registry.k8s.io/e2e-test-images/agnhost:2.53",
    "args": ["netexec", "--http-port=8080"],
    "ports": [{"containerPort": 8080}],
}
SHOP = (
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}},
    {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "db", "namespace": "shop"},
        "spec": {
            "selector": {"matchLabels": DB},
            "template": {"metadata": {"labels": DB}, "spec": {"containers": [SERVER]}},
        },
    },
    {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "only-web", "namespace": "shop"},
        "spec": {
            "podSelector": {"matchLabels": DB},
            "ingress": [
                {"from": [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "web"}}}]}
            ],
        },
    },
)
"""A pod of the user, and who may reach it."""


def request(folder, **options):
    return CheckRequest(config=Config(cluster="lab", settle=6.0, journals=str(folder)), **options)


def enforcing(folder):
    """The lab enforces; somebody's pod is there, and asked, too."""
    with Lab.start() as lab:
        rest = Rest(connect_to(json.loads(lab.kubeconfig())))
        made = lab_cluster(lab, name="lab", profile="enforcing", identity="", nodes=2)
        with closing(made) as cluster:
            for body in SHOP:
                namespace = body["metadata"].get("namespace", "")
                rest.create(collection_path(body["kind"], namespace), body)
            shop = ObjectRef(api_version="apps/v1", kind="Deployment", name="db", namespace="shop")
            cluster.wait_ready([shop], 20.0)
            pods = f"{collection_path('Pod', 'shop')}"
            (before,) = rest.items(pods)
            ASKED.of(cluster)
            report = check_on(
                cluster,
                request(folder, also=(f"shop/{before['metadata']['name']}",), allow_exposure=True),
                Nobody(),
            )
            return report.report, before, rest.items(pods)


def ports_ignored(folder):
    config = Config(cluster="lab:ports-ignored", settle=6.0, journals=str(folder))
    return check(CheckRequest(config=config), Nobody()).report


STORIES = {"enforcing": enforcing, "ports-ignored": ports_ignored}


def test_a_network_that_enforces_is_silent(told):
    report, _, _ = told("enforcing")
    assert report.audit.verdict is Enforcement.ENFORCED
    assert report.audit.deviations == 0
    skipped = [each for each in report.audit.features if each.verdict is Enforcement.SKIPPED]
    assert [each.name for each in skipped] == ["second-address"], "the lab has one address family"
    enforced = {each.name for each in report.audit.features if each.verdict is Enforcement.ENFORCED}
    assert len(enforced) == len(report.audit.features) - 1
    assert enforced >= {"node-port", "bare-pods", "own-service", "startup-window", "outside"}
    assert [node.verdict for node in report.audit.nodes] == [Enforcement.ENFORCED] * 2
    assert report.exit_code == 0


def test_connections_from_before_the_policies_are_told(told):
    report, _, _ = told("enforcing")
    readings = {each.where: each.reading for each in report.audit.established}
    assert readings.keys() == {"on one node", "between nodes"}
    for reading in readings.values():
        assert reading.state is HeldState.GOES_ON
        assert reading.seconds > 0, "data passed after the policies were written"


def test_a_pod_of_the_user_is_asked_and_stays_as_it_was(told):
    report, before, after = told("enforcing")
    (pod,) = report.audit.bystanders
    assert (pod.title, pod.policies) == (f"shop/{before['metadata']['name']}", ("shop/only-web",))
    assert pod.verdict is Enforcement.ENFORCED
    assert {flow.word for flow in pod.flows} == {BystanderWord.AGREES}
    answers = {flow.flow.source.workload: flow.expected for flow in pod.flows}
    assert answers == {"free-0": Answer.DENY, "free-1": Answer.DENY, "web": Answer.ALLOW}
    assert list(after) == [before]


def test_a_fault_is_found_and_named(told):
    report = told("ports-ignored")
    assert report.audit.verdict is Enforcement.PARTIALLY_ENFORCED
    assert [suspect.name for suspect in report.audit.suspects] == ["ports-ignored"]
    verdicts = {feature.name: feature.verdict for feature in report.audit.features}
    assert verdicts["ports"] is not Enforcement.ENFORCED
    assert verdicts["ingress-deny"] is Enforcement.ENFORCED
    assert report.exit_code == 1


def test_an_audit_asks_for_what_the_table_of_permissions_has_and_no_more(told):
    assert told("enforcing")[0].exit_code == 0
    assert uncovered(ASKED.asked, Purpose.CHECK) == []
    assert unused(ASKED.asked, Purpose.CHECK) == set()


def test_two_networks_are_compared(told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for profile, report in (("enforcing", told("enforcing")[0]), ("ports-ignored", told("ports-ignored"))):
        (tmp_path / f"{profile}.json").write_text(render(report), encoding="utf-8")
    assert execute(["compare", *(f"{profile}.json" for profile in STORIES), "-o", "json=c.json"]) == 0
    assert capsys.readouterr().out.startswith("DIFFERENT: 2 clusters differ in ")
    document = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    rows = {row["name"]: row for row in document["rows"]}
    assert rows["ports"]["differs"]
    assert "most likely lab:ports-ignored lets rules admit every port" in rows["ports"]["sentence"]
    assert not rows["ingress-deny"]["differs"]
    for column in document["columns"]:
        assert 0 < column["enforced"]["median"] <= column["enforced"]["longest"] < 6
        assert column["opened"]["count"] >= 2
        assert column["environment"]["kernel"]
        assert column["title"].startswith("lab (")
