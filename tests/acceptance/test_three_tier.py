"""The main job: the guide's 3-tier application, on a lab that enforces and on labs that do not."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

from netprobe.cluster.providers.existing import ExistingProvider
from netprobe.cluster.providers.lab import LabProvider
from netprobe.model.finding import Kind, Seen, Verdict
from netprobe.runner.progress import Nobody
from netprobe.scenario.load import load_scenario
from tests.acceptance.measuring import measure

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def the_scenario():
    return load_scenario(Path(__file__).parents[2] / "scenarios" / "three-tier")


class Killer(Nobody):
    """Kills the api's server when the first step begins."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.killed = []

    def stage(self, text):
        if not text.startswith("step: ") or self.killed:
            return
        namespaces = [n["metadata"]["name"] for n in self.cluster.read(()).namespaces]
        (namespace,) = [name for name in namespaces if name.endswith("-production")]
        for pod in self.cluster.read([namespace]).pods:
            name = pod["metadata"]["name"]
            if name.startswith("api-"):
                session = self.cluster.open_session(namespace, name)
                # The server is the first child of the pod's first process.
                self.killed.append(session.exchange("kill -9 2 && echo killed; echo END\n", "END", 5))
                session.close()


def nothing_enforced(folder):
    with closing(LabProvider().open("kubenet")) as cluster:
        return measure(the_scenario(), cluster, folder)


def a_server_dies(folder):
    with closing(LabProvider().open("")) as cluster:
        killer = Killer(cluster)
        return killer, measure(the_scenario(), cluster, folder, killer)


STORIES = {"kubenet": nothing_enforced, "a server dies": a_server_dies}


def seen_of(result, step, key):
    (found,) = [f for f in result.steps[step].findings if f.flow.key == key]
    return found.verdict, found.seen


def test_an_enforcing_cluster_passes_by_way_of_its_kubeconfig(enforcing_lab, monkeypatch, tmp_path):
    """The lab as any other cluster: found through KUBECONFIG, held to the limits of a live one."""
    config = tmp_path / "kubeconfig"
    enforcing_lab.write_kubeconfig(config)
    monkeypatch.setenv("KUBECONFIG", str(config))
    with closing(ExistingProvider().open("")) as cluster:
        result = measure(the_scenario(), cluster, tmp_path)
    assert result.cluster.kind == "live"
    assert Counter(f.verdict for f in result.findings) == {Verdict.PASS: 100}
    assert not result.headlines
    assert all(reading.flipped for step in result.steps for reading in step.sentinels)
    assert result.figures["sessions"] == 7, "one exec per pod: five of the scenario, two controls"
    by_ip, by_name = (f"8080/tcp/{way}" for way in ("ip", "name:api"))
    edge = "production/frontend[0]->production/api[0]:"
    assert seen_of(result, 0, edge + by_ip) == (Verdict.PASS, Seen.OPEN)
    assert seen_of(result, 0, edge + by_name) == (Verdict.PASS, Seen.NAME_FAILED)
    assert seen_of(result, 1, edge + by_name) == (Verdict.PASS, Seen.OPEN)
    dotted = "production/frontend[0]->production/database[0]:5432/tcp/ip"
    assert [seen_of(result, step, dotted) for step in (0, 1)] == [(Verdict.PASS, Seen.CLOSED)] * 2


def test_a_cluster_that_enforces_nothing_is_found_out(told):
    """As kubenet; the command line meets Flannel."""
    result = told("kubenet")
    assert result.headlines == tuple(f"NetworkPolicy is not enforced on node{n}" for n in (1, 2))
    assert result.cluster.title == "lab, emulating kubenet"
    assert Counter(f.verdict for f in result.findings) == {Verdict.PASS: 30, Verdict.FAIL: 70}
    assert {f.kind for f in result.findings if f.verdict is Verdict.FAIL} == {Kind.LEAK}
    leaks = [f for f in result.findings if f.kind is Kind.LEAK]
    assert all(f.observation.attempts[-1].outcome.is_open for f in leaks)


def test_a_server_that_dies_is_no_proof_of_anything(told):
    killer, result = told("a server dies")
    assert killer.killed == ["killed\n"]
    touched = [f for f in result.steps[0].findings if "production/api[0]" in f.flow.key]
    others = [f for f in result.steps[0].findings if "production/api[0]" not in f.flow.key]
    assert len(touched) == 18
    assert {f.verdict for f in touched} == {Verdict.INCONCLUSIVE}
    assert {f.verdict for f in others} == {Verdict.PASS}
    assert result.verdict is Verdict.INCONCLUSIVE
