"""Comparisons: what holds for all of them, and what is said of a few."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.audit.board.cases import FEATURES
from netprobe.audit.windows import NAME as WINDOW
from netprobe.comparison.compare import compare
from netprobe.comparison.consequences import BLOCKS, LEAKS
from netprobe.comparison.measured import Measured
from netprobe.comparison.spreads import spread_of
from netprobe.model.comparison import RowKind, Standing
from netprobe.model.finding import Kind, Verdict
from netprobe.model.ip_blocks import IpBlocksMeanPods
from tests.comparison.measures import (
    TITLES,
    audit_of,
    cluster_of,
    feature,
    finding,
    four,
    measured,
    reading,
    run_of,
)

LABELS = ("one", "two", "three")
THREE = st.tuples(*(measured(label) for label in LABELS))


def by_label(comparison):
    """Everything about rows that must not depend on the order of the columns."""
    labels = [column.label for column in comparison.columns]
    return {
        (row.kind, row.name): (row.differs, row.only_in, frozenset(zip(labels, row.cells, strict=True)))
        for row in comparison.rows
    }


@settings(max_examples=40)
@given(THREE, st.permutations(range(3)))
def test_the_order_of_the_columns_does_not_matter(three, order):
    assert by_label(compare(three)) == by_label(compare([three[at] for at in order]))


@settings(max_examples=40)
@given(measured("one"))
def test_a_cluster_does_not_differ_from_itself(one):
    comparison = compare([one, replace(one, label="two")])
    assert comparison.differing == ()
    assert not any(row.only_in or row.sentence for row in comparison.rows)


@settings(max_examples=40)
@given(THREE)
def test_a_cluster_without_an_answer_makes_no_difference_and_hides_none(three):
    lost = Measured(label="lost", missing="it does not answer")
    differing = {row.name for row in compare(three).differing}
    comparison = compare([*three, lost])
    assert {row.name for row in comparison.differing} == differing
    assert not comparison.measured


@settings(max_examples=40)
@given(THREE)
def test_a_row_that_differs_has_a_sentence_about_everybody_who_answers_and_who_is_at_fault(three):
    comparison = compare(three)
    for row in comparison.rows:
        assert bool(row.sentence) is row.differs
        answering = [
            column.label
            for column, cell in zip(comparison.columns, row.cells, strict=True)
            if cell is not None and cell.answers
        ]
        if row.differs:
            assert all(label in row.sentence for label in answering)
            bad = any(cell is not None and cell.standing is Standing.BAD for cell in row.cells)
            assert not bad or "network" in row.sentence or "policies" in row.sentence


@settings(max_examples=40)
@given(THREE)
def test_nothing_that_was_measured_is_lost(three):
    comparison = compare(three)
    rows = {(row.kind, row.name): row for row in comparison.rows}
    for at, each in enumerate(three):
        for found in each.audit.features if each.audit else ():
            cell = rows[RowKind.FEATURE, found.name].cells[at]
            assert (cell.agreed, cell.leaks, cell.blocks) == (found.agreed, found.leaked, found.blocked)
        for run in each.runs:
            cell = rows[RowKind.SCENARIO, run.scenario].cells[at]
            assert (
                cell.agreed + cell.leaks + cell.blocks + cell.mistakes + cell.unanswered + cell.skipped
                == len(run.findings)
            )


@given(st.lists(st.floats(0, 100), min_size=1))
def test_a_spread_consists_of_readings(seconds):
    spread = spread_of([reading(each) for each in seconds], closing=True)
    assert {spread.median, spread.p95, spread.longest} <= set(seconds)
    assert spread.median <= spread.p95 <= spread.longest
    assert sum(each <= spread.p95 for each in seconds) >= 0.95 * len(seconds)
    assert spread_of([reading(1.0)], closing=False) is None
    assert spread_of([reading(1.0, flipped=False), reading(1.0, flipped=None)], closing=True) is None


def row_of(comparison, name):
    (row,) = [row for row in comparison.rows if row.name == name]
    return row


def test_sentences_name_the_network_the_consequence_and_the_suspect():
    comparison = compare(four())
    assert row_of(comparison, "egress-deny").sentence == (
        "The networks of lab:flannel and lab:ingress-only let pass what policies deny, so pods that a policy "
        "shuts for egress reach everything; lab enforces it; most likely lab:ingress-only does not isolate "
        "pods for egress."
    )
    assert row_of(comparison, "ports").sentence.startswith(
        "The network of lab:flannel lets pass what policies deny, so every port of a pod can be reached, "
        "where the rules admit some; the network of lab:ingress-only stops what policies admit, so ports "
        "that a rule admits cannot be reached (in some of the probes); lab enforces it"
    )
    assert row_of(comparison, "network").sentence.startswith(
        "The network of lab:flannel takes policies and enforces none: nothing there is protected by one"
    )
    hairpin = row_of(comparison, "three-tier/deny all/shop/db[0]->shop/db[0]:5432/TCP/service")
    assert hairpin.sentence == (
        "Kubernetes does not define this: open on lab, closed on lab:flannel; no policy can rely on it."
    )


def test_a_mistake_of_the_policy_is_no_difference_between_networks():
    names = [row.name for row in compare(four()).differing]
    assert "three-tier/deny all/shop/web[0]->dns:53/UDP/ip" not in names
    assert "three-tier/deny all/shop/web[0]->shop/db[0]:5432/TCP/ip" in names


def test_what_is_open_anyway_is_no_merit_of_a_network_that_enforces_nothing():
    row = row_of(compare(four()), "policy-delete")
    assert row.cells[1].verdict == "OPEN ANYWAY"
    assert row.cells[1].standing is Standing.NEUTRAL
    assert not row.differs


def test_only_common_rows_are_compared():
    one, other = cluster_of("lab"), cluster_of("lab:none")
    comparison = compare(
        [
            Measured(label="a", audit=audit_of(one, [feature("dns"), feature("ports")])),
            Measured(label="b", audit=audit_of(other, [feature("dns", leaked=1)]), runs=(run_of(other, []),)),
        ]
    )
    only = {row.name: row.only_in for row in comparison.rows if row.only_in}
    assert only == {"ports": "a", "three-tier": "b"}
    assert [row.name for row in comparison.common] == ["network", "dns"]


def test_flows_of_another_version_of_a_scenario_are_told():
    one, other = cluster_of("lab"), cluster_of("lab:none")
    comparison = compare(
        [
            Measured(label="a", runs=(run_of(one, [finding("a->b"), finding("a->c")]),)),
            Measured(label="b", runs=(run_of(other, [finding("a->b")]),)),
        ]
    )
    assert [row.name for row in comparison.rows if row.only_in] == ["three-tier/deny all/a->c"]
    assert comparison.measured
    assert not comparison.differing


def test_a_step_that_an_interrupted_run_did_not_reach_has_no_answer():
    one, other = cluster_of("lab"), cluster_of("lab:none")
    whole = run_of(one, [finding("a->b", Verdict.PASS)])
    whole = replace(whole, steps=(*whole.steps, replace(whole.steps[0], name="open again")))
    stopped = replace(whole, cluster=other, steps=whole.steps[:1], interrupted="stopped by Ctrl-C (SIGINT)")
    comparison = compare([Measured(label="a", runs=(whole,)), Measured(label="b", runs=(stopped,))])
    cell = row_of(comparison, "three-tier/open again").cells[1]
    assert (cell.standing, cell.reason) == (Standing.UNKNOWN, "stopped by Ctrl-C (SIGINT)")
    assert row_of(comparison, "three-tier/deny all").cells[1].standing is Standing.GOOD
    assert not comparison.measured


def test_a_saved_run_that_was_broken_off_is_not_whole_where_it_fails_either():
    leak = [finding("a->b", Verdict.FAIL, Kind.LEAK)]
    whole = run_of(cluster_of("lab"), leak)
    stopped = run_of(cluster_of("lab:none"), leak, interrupted="stopped by Ctrl-C (SIGINT)")
    comparison = compare([Measured(label="a", runs=(whole,)), Measured(label="b", runs=(stopped,))])
    assert [column.missing for column in comparison.columns] == ["", "three-tier: stopped by Ctrl-C (SIGINT)"]
    assert not comparison.measured


def test_an_audit_that_could_not_begin_leaves_no_answer_in_every_feature():
    one, other = cluster_of("lab"), cluster_of("context:b", kind="live")
    comparison = compare(
        [
            Measured(label="a", audit=audit_of(one, [feature(each) for each in TITLES])),
            Measured(label="b", audit=audit_of(other, [], conclusion="this audit proves nothing: no node")),
        ]
    )
    assert {row.cells[1].standing for row in comparison.rows} == {Standing.UNKNOWN}
    assert row_of(comparison, "dns").cells[1].reason == "this audit proves nothing: no node"


def test_a_reader_is_told_what_the_columns_are():
    cautions = compare(four()).cautions
    assert cautions[0].startswith("emulations: lab, lab:flannel and lab:ingress-only; real packets")
    assert "on lab:ingress-only no flow between nodes could be probed" in cautions
    behind = replace(cluster_of("context:x", "cluster x", kind="live"), version="v1.36.2+netprobe-lab")
    unseen = compare([four()[3], Measured(label="context:x", audit=audit_of(behind, [feature("dns")]))])
    assert unseen.columns[1].title == "cluster x, a lab of netprobe"
    assert unseen.cautions[0].startswith("an emulation: context:x; real packets")
    outside = audit_of(cluster_of(), [feature("dns")], ipblocks_mean_pods=IpBlocksMeanPods.NO)
    inside = audit_of(cluster_of(), [feature("dns")], ipblocks_mean_pods=IpBlocksMeanPods.YES)
    told = compare([Measured(label="a", audit=outside), Measured(label="b", audit=inside)]).cautions
    assert told[1].startswith(
        "an ipBlock that holds a pod's address means the pod on b and not on a; Kubernetes"
    )
    newer = audit_of(cluster_of("context:b", kind="live"), [feature("dns")], netprobe_version="0.2.0")
    mixed = compare([four()[0], Measured(label="b", audit=newer)])
    assert "the columns were measured with different versions of netprobe: 0.1.0, 0.2.0" in mixed.cautions


@pytest.mark.parametrize("table", [LEAKS, BLOCKS])
def test_consequences_are_of_features_that_there_are(table):
    assert set(table) <= {*(each.name for each in FEATURES), WINDOW}
