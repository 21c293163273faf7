"""Which reports share a column, and what it is called."""

from __future__ import annotations

import pytest

from netprobe.comparison.gathering import Saved, gather
from netprobe.errors import InputError
from tests.comparison.measures import audit_of, cluster_of, feature, run_of

LAB, FLANNEL = cluster_of(), cluster_of("lab:flannel", "lab, emulating Flannel")


def live(server="https://10.0.0.1:6443"):
    return cluster_of(
        "context:kind-kind", "cluster kind-kind", "live", **({"server": server} if server else {})
    )


def saved(file, *reports, label=""):
    return Saved(file=file, reports=reports, label=label)


def audit(cluster):
    return audit_of(cluster, [feature("dns")])


def shape(columns):
    return {
        each.label: (each.audit is not None, [run.scenario for run in each.runs], each.source)
        for each in columns
    }


def test_an_audit_and_runs_of_one_cluster_share_a_column():
    columns = gather(
        [
            saved("check.json", audit(LAB)),
            saved("flannel.json", audit(FLANNEL), run_of(FLANNEL, [])),
            saved("run.json", run_of(LAB, []), run_of(LAB, [], scenario="ports")),
        ]
    )
    assert shape(columns) == {
        "lab": (True, ["three-tier", "ports"], "check.json, run.json"),
        "lab:flannel": (True, ["three-tier"], "flannel.json"),
    }


def test_before_and_after_are_two_columns():
    columns = gather([saved("old/before.json", audit(LAB)), saved("after.json", audit(LAB))])
    assert [each.label for each in columns] == ["lab (before)", "lab (after)"]
    columns = gather([saved("a/x.json", audit(LAB)), saved("b/x.json", audit(LAB))])
    assert [each.label for each in columns] == ["lab (x)", "lab (x) 2"]


def test_a_name_that_many_clusters_have_is_no_proof_that_they_are_one():
    other = run_of(live("https://10.0.0.2:6443"), [])
    assert len(gather([saved("a.json", audit(live())), saved("b.json", other)])) == 2
    assert len(gather([saved("a.json", audit(live())), saved("b.json", run_of(live(), []))])) == 1
    unknown = run_of(live(""), [])
    assert len(gather([saved("a.json", audit(live())), saved("b.json", unknown)])) == 2


def test_a_label_says_what_belongs_together():
    columns = gather(
        [
            saved("a.json", audit(live()), label="calico"),
            saved("b.json", run_of(live("https://10.0.0.2:6443"), []), label="calico"),
            saved("c.json", audit(live())),
        ]
    )
    assert [each.label for each in columns] == ["calico", "context:kind-kind"]
    assert columns[0].runs


@pytest.mark.parametrize(
    ("second", "told"),
    [
        (audit(LAB), 'b.json: this is a second audit for the column "x"'),
        (
            run_of(FLANNEL, []),
            'b.json: the column "x" is of lab (enforcing), and this is of lab, emulating Flannel',
        ),
    ],
)
def test_a_label_cannot_hold_what_contradicts_itself(second, told):
    with pytest.raises(InputError) as caught:
        gather([saved("a.json", audit(LAB), label="x"), saved("b.json", second, label="x")])
    assert [str(each) for each in caught.value.problems] == [told]
