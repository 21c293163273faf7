"""The vectors, as the second engine reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.oracle.agreement.engine import acceptable, allowed
from tests.oracle.reference import naive
from tests.oracle.vectors.generator.cases import CASES
from tests.oracle.vectors.upstream import VECTORS

GENERATED = [step for case in CASES if "multi-peer" not in case.tags for step in case.steps]
UPSTREAM = [step for steps in VECTORS.values() for step in steps]


@pytest.mark.parametrize("steps", [GENERATED, UPSTREAM], ids=["generated", "upstream"])
def test_the_second_engine_agrees_with_the_reference(steps):
    """A pod and itself is left out: a known difference. To the engine, an ipBlock never means a pod."""
    for step in steps:
        theirs = allowed(replace(step.cluster, policies=tuple(map(acceptable, step.cluster.policies))))
        ours = naive.allowed(step.cluster, blocks_mean_pods=False)
        assert _without_loops(theirs) == _without_loops(ours), step.cluster.policies


def _without_loops(points):
    return {point for point in points if point[0] != point[1]}
