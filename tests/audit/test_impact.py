from __future__ import annotations

import pytest

from netprobe.audit.board.cases import FEATURES
from netprobe.audit.impact import impact_of
from netprobe.audit.usage import UNTIED, USES
from netprobe.audit.windows import NAME as WINDOW
from netprobe.model.audit import Enforcement, Impact, NodeResult
from netprobe.model.ip_blocks import IpBlocksMeanPods

EXCEPT = """
- name: blocks
  namespace: mail
  spec:
    podSelector: {}
    policyTypes: [Ingress, Egress]
    ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.1.0/24]}}]}]
    egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]
"""
OUTSIDE = """
- name: metadata
  namespace: mail
  spec:
    podSelector: {}
    policyTypes: [Egress]
    egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]}]
"""


def told(impact: Impact) -> dict[str, tuple[list[str], list[str], int, int]]:
    return {
        each.name: (
            [pod.workload for pod in each.opened],
            [pod.workload for pod in each.shut],
            each.leaks,
            each.blocks,
        )
        for each in impact.affected
    }


def test_where_nothing_is_enforced_every_policy_leaves_its_pods_open(cluster, audit):
    impact = impact_of(cluster(), audit(Enforcement.NOT_ENFORCED))
    assert told(impact) == {
        "shut": (["db"], [], 0, 0),
        "web-only": (["api"], [], 0, 0),
        "nobody": ([], [], 0, 0),
    }
    assert impact.present == 3, "policies of netprobe's own runs are none of the cluster's"


@pytest.mark.parametrize("verdict", [Enforcement.ENFORCED, Enforcement.INCONCLUSIVE])
def test_without_a_proven_deviation_nothing_is_said(cluster, audit, verdict):
    assert impact_of(cluster(), audit(verdict)) is None


def test_a_leaking_defect_opens_the_pods_of_policies_that_it_misreads(cluster, audit):
    impact = impact_of(cluster(), audit(suspect="ports-ignored"))
    assert told(impact) == {"web-only": (["api"], [], 2, 0)}, "port 9090, and any other one"
    assert impact.beyond == ()


def test_a_blocking_defect_cuts_the_pods_off(cluster, audit):
    impact = impact_of(cluster(), audit(suspect="named-ports-ignored"))
    assert told(impact) == {"web-only": ([], ["api"], 0, 1)}


def test_a_defect_that_isolates_too_much_is_told_by_the_policy_that_it_misreads(cluster, audit):
    impact = impact_of(cluster(), audit(suspect="ingress-isolates-egress"))
    assert told(impact)["shut"] == ([], ["db"], 0, 6)


def test_addresses_that_mean_pods_count_as_the_network_reads_them(cluster, audit):

    impact = impact_of(cluster(EXCEPT), audit(suspect="except-ignored"), IpBlocksMeanPods.YES)
    assert told(impact) == {"blocks": (["smtp"], [], 6, 0)}


def test_what_is_misread_without_effect_between_pods_is_named(cluster, audit):
    impact = impact_of(cluster(OUTSIDE), audit(suspect="except-ignored"), IpBlocksMeanPods.YES)
    assert told(impact) == {}
    assert impact.beyond == ("mail/metadata",)


def test_on_a_dead_node_the_pods_there_are_open(cluster, audit):
    nodes = (
        NodeResult(node="node1", verdict=Enforcement.ENFORCED),
        NodeResult(node="node2", verdict=Enforcement.NOT_ENFORCED),
    )
    impact = impact_of(cluster(), audit(suspect="dead-node (node2)", nodes=nodes))
    assert told(impact) == {"web-only": (["api"], [], 0, 0)}
    assert impact.because == "since nothing is enforced on node2"


def test_a_defect_of_single_flows_concerns_every_policy(cluster, audit):
    impact = impact_of(cluster(), audit(suspect="service-open"))
    assert set(told(impact)) == {"shut", "web-only", "nobody"}
    assert impact.because.endswith("lets flows by a Service's address through")


def test_of_an_unknown_deviation_the_policies_that_use_what_fails_are_named(cluster, audit, feature):
    impact = impact_of(cluster(EXCEPT), audit(features=(feature("named-ports"), feature("except"))))
    assert told(impact) == {"web-only": (["api"], [], 0, 0), "blocks": (["smtp"], [], 0, 0)}
    assert impact.because == "since they use named ports, except"


def test_what_depends_on_changes_names_no_policy(cluster, audit, feature):
    impact = impact_of(cluster(), audit(features=(feature("pod-labels"),)))
    assert impact.affected == ()
    assert impact.notes == (
        "pod labels: which policies it means depends on what changed in the cluster, so none is named",
    )


def test_every_feature_of_the_board_is_tied_to_policies_or_known_not_to_be():
    assert {feature.name for feature in FEATURES} | {WINDOW} == set(USES) | UNTIED
    assert not set(USES) & UNTIED
