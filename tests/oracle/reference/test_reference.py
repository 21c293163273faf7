"""The oracle against a naive reading of the API reference, on drawn clusters."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from netprobe.model.decision import Answer
from netprobe.model.ip_blocks import IpBlocksMeanPods
from tests.oracle.cluster import asked
from tests.oracle.drawn import clusters
from tests.oracle.reference import naive


def has_ended(cluster, point):
    ended = {naive.name_of(pod) for pod in cluster.pods if naive.has_ended(pod)}
    return not ended.isdisjoint(point[:2])


def expected(cluster, point, certain, possible):
    if has_ended(cluster, point):
        return Answer.UNDEFINED
    if point in certain:
        return Answer.ALLOW
    return Answer.UNDEFINED if point in possible else Answer.DENY


EXAMPLES = {IpBlocksMeanPods.UNKNOWN: 200, IpBlocksMeanPods.YES: 75, IpBlocksMeanPods.NO: 75}


@pytest.mark.parametrize("option", IpBlocksMeanPods)
def test_the_oracle_says_what_the_api_reference_says(option):
    """Where it is unknown what an ipBlock means for pods, what both readings agree on is certain."""
    certain = option is IpBlocksMeanPods.YES
    possible = option is not IpBlocksMeanPods.NO

    @settings(max_examples=EXAMPLES[option], derandomize=True)
    @given(clusters())
    def on(cluster):
        known = naive.allowed(cluster, blocks_mean_pods=certain)
        may = naive.allowed(cluster, blocks_mean_pods=possible)
        for point, answer in asked(cluster, option).items():
            assert answer is expected(cluster, point, known, may), point

    on()
