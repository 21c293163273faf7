from __future__ import annotations

import pytest

from netprobe.model.decision import Answer
from tests.oracle.cluster import asked
from tests.oracle.reference import naive
from tests.oracle.vectors.expected import table


@pytest.fixture
def holds():
    """Check one step: the table by hand against the naive reference, and both against the oracle.

    Hand-made tables count what only an ipBlock admits to pods as open; the oracle leaves that open.
    """

    def check(step):
        by_hand = table(step.cluster, step.lines)
        assert naive.allowed(step.cluster, blocks_mean_pods=True) == by_hand
        certain = naive.allowed(step.cluster, blocks_mean_pods=False)
        answers = asked(step.cluster)
        assert {point for point, answer in answers.items() if answer is Answer.ALLOW} == certain
        assert {point for point, answer in answers.items() if answer is not Answer.DENY} == by_hand
        return answers

    return check
