"""Whole runs on a simulated cluster; the fixture judges every journal again and compares the bytes."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from netprobe.cluster.port import Limits
from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.errors import EnvironmentFailure, RunInterrupted
from netprobe.model.finding import Kind, Verdict
from netprobe.model.observation import Outcome, Phase


def verdicts(result) -> Counter:
    return Counter(finding.kind or finding.verdict for finding in result.findings)


def by_edge(result) -> dict[str, object]:
    return {finding.id.split("/", 2)[2]: finding for finding in result.findings}


def namespaces_of_run(cluster) -> list[str]:
    names = [body["metadata"]["name"] for body in cluster.read(()).namespaces]
    return [name for name in names if name.startswith("np-")]


def test_an_enforcing_cluster_passes(bench, texts, deny_step):
    result = bench.run(texts(deny_step))
    assert verdicts(result) == {Verdict.PASS: 12}
    assert result.headlines == ()
    assert result.interrupted == ""
    assert [reading.flipped for reading in result.steps[0].sentinels] == [True, True]
    assert result.steps[0].complete
    assert bench.diary.warnings == []
    assert namespaces_of_run(bench.cluster) == []


def test_one_exec_session_per_source_pod_and_control(bench, texts, deny_step):
    result = bench.run(texts(deny_step + "\n  - name: again\n    restart: [red/b]\n"))
    opened = Counter(bench.cluster.sessions_opened)
    assert set(opened.values()) == {1}
    assert result.figures["sessions"] == len(opened)
    assert "sessions_reopened" not in result.figures
    workloads = Counter(pod.rsplit("-", 1)[0] for pod in opened)
    assert workloads["np-t1-red/b"] == 2, "the old pod and the new one"
    assert workloads["np-t1-red/a"] == 1


def test_a_deny_settles_on_three_attempts_a_second_apart_in_one_round(bench, texts, deny_step):
    result = bench.run(texts(deny_step))
    blocked = by_edge(result)["blue/a[0]->red/a[0]:80/tcp/ip"]
    attempts = blocked.observation.attempts
    assert [attempt.phase for attempt in attempts] == [Phase.COUNTED] * 3
    assert {attempt.round for attempt in attempts} == {2}
    gaps = [b.started - a.started for a, b in itertools.pairwise(attempts)]
    assert all(1.0 <= gap < 1.1 for gap in gaps)
    assert result.steps[0].seconds < 6


def test_a_cluster_that_enforces_nothing_leaks_and_is_named_per_node(bench, texts, deny_step):
    bench.prepare(faults=Faults(enforces=False))
    result = bench.run(texts(deny_step + "\n  - name: still\n"))
    assert verdicts(result) == {Kind.LEAK: 6, Verdict.PASS: 18}
    assert result.headlines == (
        "NetworkPolicy is not enforced on node1",
        "NetworkPolicy is not enforced on node2",
    )
    assert bench.diary.headlines == list(result.headlines)
    first, second = result.steps
    assert first.seconds >= 12
    assert second.seconds < 8, "later steps use a short ceiling"


def test_one_lax_node_is_told_from_the_other(bench, texts, deny_step):
    bench.prepare(faults=Faults(unenforced_nodes=frozenset({"node2"})))
    result = bench.run(texts(deny_step))
    assert result.headlines == ("NetworkPolicy is not enforced on node2",)


def test_a_slow_network_settles_without_a_false_leak(bench, texts, deny_step):
    bench.prepare(faults=Faults(policy_delay=4.0))
    result = bench.run(texts(deny_step))
    assert verdicts(result) == {Verdict.PASS: 12}
    reading = result.steps[0].sentinels[0]
    assert reading.flipped
    assert 3.9 <= reading.seconds <= 6


def test_a_leak_on_one_edge_is_found_and_only_there(bench, texts, deny_step):
    bench.prepare(faults=Faults(leaks=frozenset({("b", "a")})))
    result = bench.run(texts(deny_step))
    leaks = {finding.id for finding in result.findings if finding.kind is Kind.LEAK}
    assert leaks == {
        "test/deny a/red/b[0]->red/a[0]:80/tcp/ip",
        "test/deny a/blue/b[0]->red/a[0]:80/tcp/ip",
    }
    assert result.headlines == ()


def test_a_block_that_comes_with_the_policies_is_blamed_on_the_network(bench, texts, deny_step):
    def block_after_baseline(_number):
        if bench.cluster.objects.list("NetworkPolicy"):
            bench.cluster.faults = Faults(blocks=frozenset({("a", "b")}))

    bench.prepare().on_exchange = block_after_baseline
    result = bench.run(texts(deny_step))
    blocked = {f.id: f for f in result.findings if f.kind is Kind.BLOCKED}
    assert len(blocked) == 4
    one = next(iter(blocked.values())).observation.attempts
    counted = [attempt for attempt in one if attempt.phase is Phase.COUNTED]
    assert len(counted) >= 4
    assert counted[-1].timeout == 4.0


def test_a_flow_closed_before_any_policy_is_not_blamed_on_a_policy(bench, texts, deny_step):
    bench.prepare(faults=Faults(blocks=frozenset({("b", "a")})))
    result = bench.run(texts(deny_step))
    finding = by_edge(result)["blue/b[0]->red/a[0]:80/tcp/ip"]
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert "baseline: DROPPED" in finding.explanation
    assert "not open even before any policy" in bench.diary.warnings[0]


def test_a_dead_server_is_inconclusive_and_never_a_pass(bench, texts, deny_step):
    bench.prepare(faults=Faults(dead=frozenset({"a"})))
    result = bench.run(texts(deny_step))
    to_a = [finding for edge, finding in by_edge(result).items() if "->red/a" in edge]
    assert {finding.verdict for finding in to_a} == {Verdict.INCONCLUSIVE}


def test_a_server_that_dies_after_the_baseline_breaks_its_control(bench, texts, deny_step):
    def die(_number):
        if bench.cluster.objects.list("NetworkPolicy"):
            bench.cluster.faults = Faults(dead=frozenset({"a"}))

    bench.prepare().on_exchange = die
    result = bench.run(texts(deny_step))
    finding = by_edge(result)["blue/b[0]->red/a[0]:80/tcp/ip"]
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert "red/a does not answer itself on port 80" in finding.explanation


def test_another_pod_that_answers_is_no_evidence(bench, texts, deny_step):
    bench.prepare(faults=Faults(impostors=(("b", "np-t1-red/a-00001"),)))
    result = bench.run(texts(deny_step))
    to_b = [finding for edge, finding in by_edge(result).items() if "->blue/b" in edge]
    assert {finding.verdict for finding in to_b} == {Verdict.INCONCLUSIVE}
    assert {a.outcome for a in to_b[0].observation.attempts} == {Outcome.WRONG_PEER}


def test_a_lost_exec_session_is_opened_again_and_spoils_nothing(bench, texts, deny_step):
    bench.prepare(faults=Faults(lost_exchanges=frozenset({3, 9, 10})))
    result = bench.run(texts(deny_step))
    assert verdicts(result) == {Verdict.PASS: 12}
    assert result.figures["sessions_reopened"] == 3


def test_execs_that_break_for_good_are_errors_not_denials(bench, texts, deny_step):
    cluster = bench.prepare()

    def break_all(_number):
        if cluster.objects.list("NetworkPolicy"):
            cluster.faults = Faults(lost_exchanges=frozenset(range(1, 10_000)))

    cluster.on_exchange = break_all
    result = bench.run(texts(deny_step))
    denied = by_edge(result)["blue/b[0]->red/a[0]:80/tcp/ip"]
    assert denied.verdict is Verdict.INCONCLUSIVE
    assert "the exec session broke" in denied.explanation
    assert result.headlines == ()


def test_an_overloaded_source_is_asked_again_with_fewer_flows(bench, texts):
    grid = "grid: {namespaces: [red], pods: 12, ports: [80]}"
    deny = texts("\n  - name: open\n    intent: {default: allow}\n", workloads=grid)
    bench.prepare(faults=Faults(overload_flows=8))
    result = bench.run(deny, settle=20)
    assert result.figures["void_batches"] >= 12
    assert verdicts(result) == {Verdict.PASS: 132}
    voided = [a for o in bench.recording.baseline.observations for a in o.attempts if "void" in a.detail]
    assert voided
    assert {attempt.outcome for attempt in voided} == {Outcome.ERROR}


def test_an_overload_that_never_ends_is_told_and_passes_no_denial(bench, texts, deny_step):
    cluster = bench.prepare()

    def overload(_number):
        if cluster.objects.list("NetworkPolicy"):
            cluster.faults = Faults(overload_flows=0)

    cluster.on_exchange = overload
    result = bench.run(texts(deny_step))
    denied = by_edge(result)["blue/b[0]->red/a[0]:80/tcp/ip"]
    assert denied.verdict is Verdict.INCONCLUSIVE
    assert Verdict.PASS not in verdicts(result)
    assert result.headlines == ()


def test_connections_are_paced(bench, texts, deny_step):
    bench.prepare(limits=Limits(connections_per_second=10))
    result = bench.run(texts(deny_step))
    assert verdicts(result) == {Verdict.PASS: 12}
    assert result.seconds > result.figures["probes"] / 10 - 6


def test_flows_beyond_the_limit_go_in_waves(bench, texts, deny_step):
    bench.prepare(limits=Limits(flows_in_flight=2))
    result = bench.run(texts(deny_step), settle=40)
    assert verdicts(result) == {Verdict.PASS: 12}


@pytest.mark.parametrize("number", [1, 2, 6, 8, 10, 13])
@pytest.mark.parametrize(
    "stop", [KeyboardInterrupt(), RunInterrupted("interrupted by SIGTERM", signal_number=15)]
)
def test_an_interruption_keeps_what_was_measured_and_cleans_up(bench, texts, deny_step, number, stop):
    def interrupt(now):
        if now == number:
            raise stop

    bench.prepare().on_exchange = interrupt
    result = bench.run(texts(deny_step))
    assert "interrupted" in result.interrupted
    assert namespaces_of_run(bench.cluster) == []
    assert bench.recording.end.reason == result.interrupted
    for finding in result.findings:
        assert finding.verdict in (Verdict.PASS, Verdict.INCONCLUSIVE)
    for step in result.steps:
        assert not step.complete


def test_an_interruption_in_the_second_step_keeps_the_first(bench, texts, deny_step):
    cluster = bench.prepare()

    def interrupt(_number):
        if cluster.objects.get("NetworkPolicy", "np-t1-red", "deny-a"):
            raise KeyboardInterrupt

    cluster.on_exchange = interrupt
    second = "\n  - name: more\n    apply: [no-egress-b.yaml]\n"
    open_first = "\n  - name: nothing\n"
    result = bench.run(texts(open_first + deny_step + second))
    assert [step.complete for step in result.steps] == [True, False]
    assert verdicts(result)[Verdict.PASS] == 12
    unmeasured = result.steps[1].findings
    assert {finding.verdict for finding in unmeasured} == {Verdict.INCONCLUSIVE}
    assert "ended before this flow had settled" in unmeasured[0].explanation


def test_a_second_interruption_names_the_namespaces_left(bench, texts, deny_step, monkeypatch):
    cluster = bench.prepare()

    def interrupt(*_):
        raise KeyboardInterrupt

    cluster.on_exchange = lambda number: interrupt() if number == 12 else None
    monkeypatch.setattr(cluster, "wait_gone", interrupt)
    result = bench.run(texts(deny_step))
    assert result.interrupted
    assert "np-t1-red, np-t1-blue, np-t1-control" in bench.diary.warnings[-1]
    assert "kubectl delete namespace" in bench.diary.warnings[-1]


def test_an_environment_failure_ends_the_run_with_the_partial_result(bench, texts, deny_step, monkeypatch):
    cluster = bench.prepare()
    read = cluster.read

    def fail(namespaces):
        if cluster.objects.list("NetworkPolicy"):
            raise EnvironmentFailure("the API server went away", remedy="look after it")
        return read(namespaces)

    monkeypatch.setattr(cluster, "read", fail)
    result = bench.run(texts("\n  - name: nothing\n" + deny_step))
    assert bench.failure is not None
    assert (bench.failure.message, bench.failure.remedy) == ("the API server went away", "look after it")
    assert bench.failure.exit_code == 3
    assert result.interrupted == "the API server went away"
    monkeypatch.undo()
    assert namespaces_of_run(cluster) == []


def test_a_namespace_that_is_there_already_is_not_touched(bench, texts, deny_step):
    cluster = bench.prepare()
    cluster.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "red"}}])
    bench.run(texts(deny_step), exact=True)
    assert "namespace red is there already" in bench.failure.message
    assert [ref.name for ref in cluster.deleted] == []


def test_keep_leaves_the_namespaces(bench, texts, deny_step):
    bench.run(texts(deny_step), keep=True)
    assert namespaces_of_run(bench.cluster) == ["np-t1-blue", "np-t1-control", "np-t1-red"]
    for body in bench.cluster.read(()).namespaces:
        if body["metadata"]["name"].startswith("np-"):
            assert body["metadata"]["labels"]["netprobe.io/run"] == "t1"
            assert body["metadata"]["annotations"]["netprobe.io/expires"] == "1735704000"


def test_only_namespaces_of_this_run_are_written_to(bench, texts, deny_step):
    bench.run(texts(deny_step))
    for ref in (*bench.cluster.applied, *bench.cluster.deleted):
        assert (ref.namespace or ref.name).startswith("np-t1-")


def test_missing_requirements_skip_every_finding_without_deploying(bench, texts, deny_step):
    cluster = bench.prepare(nodes=("only",))
    result = bench.run(texts(deny_step, head="requires: [two-nodes]\n"))
    assert verdicts(result) == {Verdict.SKIP: 12}
    assert "requires two nodes, the cluster has 1" in result.findings[0].explanation
    assert cluster.applied == []


def test_what_only_the_pods_show_skips_too_and_is_cleaned_up(bench, texts, deny_step):
    result = bench.run(texts(deny_step, head="requires: [dual-stack]\n"))
    assert verdicts(result) == {Verdict.SKIP: 12}
    assert namespaces_of_run(bench.cluster) == []
