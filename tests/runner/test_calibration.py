"""Whether ipBlocks mean pods: measured by runs where it matters, with evidence or not at all."""

from __future__ import annotations

import json

import pytest

from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.model.finding import Kind, Verdict
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.record.journal import parse_journal
from netprobe.runner.results import rejudge

YES, NO, UNKNOWN = IpBlocksMeanPods.YES, IpBlocksMeanPods.NO, IpBlocksMeanPods.UNKNOWN

STEP = """
  - name: by address
    apply: [by-address.yaml]
    intent: {default: allow}
"""


def block(cidr: str) -> str:
    return f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: by-address, namespace: red}}
spec:
  podSelector: {{matchLabels: {{pod: a}}}}
  policyTypes: [Ingress]
  ingress: [{{from: [{{ipBlock: {{cidr: {cidr}}}}}]}}]
"""


@pytest.fixture
def files(texts):
    return {**texts(STEP), "by-address.yaml": block("10.0.0.0/8")}


def to_a(result) -> set:
    return {f.kind or f.verdict for f in result.findings if "->red/a" in f.id}


def test_a_network_that_holds_blocks_against_pods_is_judged_so(bench, files):
    result = bench.run(files)
    calibration = bench.recording.calibration
    assert (calibration.ip_blocks_mean_pods, calibration.measured, calibration.reason) == (YES, True, "")
    assert [o.baseline for o in calibration.observations] == ["CONNECTED", "CONNECTED"]
    assert to_a(result) == {Verdict.PASS}
    assert result.notes == ("ipBlocks are held against pod addresses here: measured",)
    assert result.figures["calibration_seconds"] == pytest.approx(calibration.seconds, abs=0.01)
    assert calibration.seconds < 1.5


def test_a_network_that_does_not_is_judged_so_after_the_whole_settling_time(bench, files):
    bench.prepare(faults=Faults(ip_blocks_mean_pods=NO))
    result = bench.run(files)
    calibration = bench.recording.calibration
    assert calibration.ip_blocks_mean_pods is NO
    assert calibration.seconds >= 12
    assert to_a(result) == {Kind.POLICY_MISTAKE}, "the author meant the pods, and the network is right"
    assert {finding.network.verdict for finding in result.findings} == {Verdict.PASS}
    assert result.notes == ("ipBlocks are not held against pod addresses here: measured",)


def test_a_block_that_takes_effect_late_is_no_reason_to_say_no(bench, files):
    bench.prepare(faults=Faults(policy_delay=5.0))
    assert bench.run(files).notes == ("ipBlocks are held against pod addresses here: measured",)


def test_where_policies_are_not_enforced_it_stays_open_and_the_time_is_not_spent_twice(bench, files):
    bench.prepare(faults=Faults(enforces=False))
    result = bench.run(files)
    calibration = bench.recording.calibration
    assert calibration.ip_blocks_mean_pods is UNKNOWN
    assert "was not in force after 12 s" in calibration.reason
    assert to_a(result) == {Verdict.UNDEFINED}
    assert result.notes == (
        f"whether ipBlocks are held against pod addresses here is left open: {calibration.reason}",
    )
    assert result.headlines == ("NetworkPolicy is not enforced on node1",)
    assert bench.diary.headlines == list(result.headlines)
    assert result.steps[0].seconds < 10


@pytest.mark.parametrize(
    ("fault", "when", "reason"),
    [
        (Faults(dead=frozenset({"calibration-0"})), 0, "was not open before any policy"),
        (Faults(dead=frozenset({"calibration-0"})), 1, "does not answer itself"),
        (Faults(blocks=frozenset({("control-0", "control-0")}), dead=frozenset({"control-0"})), 1, "control"),
    ],
)
def test_without_evidence_it_stays_open_and_the_reason_is_told(bench, files, fault, when, reason):
    cluster = bench.prepare()

    def spoil(_number):
        if len(cluster.objects.list("NetworkPolicy")) >= when:
            cluster.faults = fault

    cluster.on_exchange = spoil
    bench.run(files)
    calibration = bench.recording.calibration
    assert calibration.ip_blocks_mean_pods is UNKNOWN
    assert reason in calibration.reason


def test_a_block_outside_of_the_cluster_costs_nothing(bench, files):
    files["by-address.yaml"] = block("192.0.2.0/24")
    result = bench.run(files)
    assert bench.recording.calibration is None
    assert result.notes == ()
    assert "calibration_seconds" not in result.figures
    assert not [ref for ref in bench.cluster.applied if "calibration" in ref.name]


@pytest.mark.parametrize(("answer", "expected"), [(YES, Verdict.PASS), (UNKNOWN, Verdict.UNDEFINED)])
def test_a_setting_is_believed_and_recorded(bench, files, answer, expected):
    result = bench.run(files, ip_blocks_mean_pods=answer)
    assert to_a(result) == {expected}
    assert bench.recording.calibration.measured is False
    assert "the setting ipblock-selects-pods says so" in result.notes[0]
    assert not [ref for ref in bench.cluster.applied if "calibration" in ref.name]


def test_a_wrong_setting_blames_the_network(bench, files):
    assert to_a(bench.run(files, ip_blocks_mean_pods=NO)) == {Kind.LEAK}


def test_a_journal_from_before_calibrations_leaves_it_open(bench, files):
    bench.run(files)
    lines = (bench.folder / "journal.jsonl").read_text().splitlines(keepends=True)
    kept = [line for line in lines if json.loads(line)["record"] != "calibration"]
    assert len(kept) == len(lines) - 1
    assert to_a(rejudge(parse_journal("".join(kept), "old"))) == {Verdict.UNDEFINED}
