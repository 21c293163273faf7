from __future__ import annotations

import signal

import pytest
from junitparser import JUnitXml

from netprobe.cluster.providers.simulated import SimulatedCluster, SimulatedProvider
from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.errors import EnvironmentFailure


@pytest.fixture
def cluster_is(monkeypatch):
    """Let ``simulated`` be this cluster."""

    def change(cluster):
        monkeypatch.setattr(SimulatedProvider, "open", lambda *_: cluster)
        return cluster

    return change


def test_a_failure_shows_yaml_opinions_and_attempts_and_no_traceback(project, edges):
    project.scenario()
    result = project.run("scenarios", "--junit-xml=out.xml", cluster="simulated:none")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            f"LEAK  small/{edges[1]}",
            "  red/b → red/a:80 connected; deny-a isolates red/a*LEAK, the network does not enforce it",
            "  intent, scenarios/small/scenario.yaml:14",
            '      14 |     deny: [[]"[*] -> red/a"[]]',
            "  policy red/deny-a, scenarios/small/deny-a.yaml:2",
            "       4 | metadata: {name: deny-a, namespace: red}",
            "    party    expected  observed",
            "    intent             deny",
            "    policy   deny      deny",
            "    network  deny      open      <- wrong",
            "  attempts",
            "    round *: CONNECTED in *answered by red/a-*",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert ".py:" not in result.stdout.str()
    (suite,) = JUnitXml.fromfile(str(project.path / "out.xml"))
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (2, 1, 0, 0)
    result.stdout.fnmatch_lines(["*- netprobe -*", "NetworkPolicy is not enforced on node1"])


def test_a_mistake_of_the_policies_blames_them(project, scenario_text):
    project.scenario(text=scenario_text.replace("default: allow", "default: deny"))
    result = project.run("scenarios")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["POLICY_MISTAKE  small/*", "    policy   deny      allow     <- wrong"])


def test_inconclusive_is_an_error_never_a_failure(project, cluster_is, edges):
    cluster_is(SimulatedCluster(faults=Faults(dead=frozenset({"a"}))))
    project.scenario()
    result = project.run("-v", "scenarios", "--junit-xml=out.xml")
    result.assert_outcomes(passed=1, errors=1)
    assert f"{edges[1]} ERROR" in result.stdout.str()
    assert f"INCONCLUSIVE  small/{edges[1]}" in result.stdout.str()
    (suite,) = JUnitXml.fromfile(str(project.path / "out.xml"))
    assert (suite.failures, suite.errors) == (0, 1)


def test_what_a_cluster_lacks_is_skipped_with_the_reason(project, cluster_is, scenario_text):
    cluster_is(SimulatedCluster(nodes=("node1",)))
    project.scenario(text=scenario_text.replace("title:", "requires: [two-nodes]\ntitle:"))
    result = project.run("-rs", "scenarios")
    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["SKIPPED * scenarios/small/scenario.yaml:11: SKIP: *requires two nodes*"])


BLOCK = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: block, namespace: red}
spec:
  podSelector: {matchLabels: {pod: a}}
  policyTypes: [Egress]
  egress: [{to: [{ipBlock: {cidr: 10.96.0.0/12}}]}]
"""


def test_what_the_reference_leaves_open_is_skipped_with_what_was_seen(project, scenario_text):
    """Whether an ipBlock means the Service's address or the one behind it is not laid down."""
    text = scenario_text.replace("deny-a.yaml", "block.yaml").replace("steps:", "via: [service]\nsteps:")
    text = text.partition("  intent:")[0] + "  intent: {default: policy}\n"
    project.scenario(text=text, block=BLOCK)
    result = project.run("-rs", "scenarios")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(
        ["SKIPPED * UNDEFINED: red/a * got no answer; undefined at the source: block*"]
    )


def test_a_cluster_that_cannot_be_opened_fails_once(project, monkeypatch):
    def refuse(*_):
        raise EnvironmentFailure("nobody answers at 127.0.0.1:1", remedy="start the cluster")

    monkeypatch.setattr(SimulatedProvider, "open", refuse)
    project.scenario()
    (project.path / "test_own.py").write_text("def test_it(netprobe): pass\ndef test_other(): pass\n")
    result = project.run("-rs", "scenarios", "test_own.py")
    result.assert_outcomes(errors=1, skipped=2, passed=1)
    told = result.stdout.str()
    assert told.count("netprobe: nobody answers at 127.0.0.1:1") == 1
    assert "→ start the cluster" in told
    assert "the cluster simulated could not be opened, see the first failure" in told


def test_a_run_that_broke_off_fails_once_and_keeps_what_was_measured(project, cluster_is, scenario_text):
    cluster = cluster_is(SimulatedCluster())
    applied = cluster.apply

    def apply(objects):
        if any(body["metadata"]["name"] == "deny-b" for body in objects):
            raise EnvironmentFailure("the API server went away", remedy="look at its log")
        applied(objects)

    cluster.apply = apply
    text = scenario_text + "- name: deny b\n  apply: [deny-b.yaml]\n  intent: {default: policy}\n"
    deny_b = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: deny-b, namespace: red}\n"
    )
    project.scenario(text=text, deny_b=deny_b + "spec: {podSelector: {matchLabels: {pod: b}}}\n")
    result = project.run("-rs", "scenarios")
    result.assert_outcomes(errors=1, passed=1, skipped=2)
    told = result.stdout.str()
    assert told.count("netprobe: the API server went away") == 1
    assert "the run broke off before this flow was measured, see the first failure" in told
    assert cluster.closed


def press_ctrl_c():
    raise KeyboardInterrupt


def send_sigterm():
    assert signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL, "it would end this process"
    signal.raise_signal(signal.SIGTERM)


@pytest.mark.parametrize("end", [press_ctrl_c, send_sigterm])
def test_who_stops_a_run_leaves_no_namespace_and_no_open_cluster(project, cluster_is, end):
    cluster = cluster_is(SimulatedCluster())
    before = signal.getsignal(signal.SIGTERM)

    def stop(number):
        if number == 5:
            end()

    cluster.on_exchange = stop
    project.scenario()
    result = project.run("scenarios", "--netprobe-report", "json=out.json")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    assert cluster.closed
    assert signal.getsignal(signal.SIGTERM) is before
    kinds = [ref.kind for ref in cluster.deleted]
    assert kinds.count("Namespace") == [ref.kind for ref in cluster.applied].count("Namespace") > 0
    assert project.json("out.json")["runs"][0]["interrupted"] == "interrupted by the user"
