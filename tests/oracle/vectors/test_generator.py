"""The cases of Cyclonus' generator, as truth tables."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.oracle.vectors.generator.case import PRIMARY
from tests.oracle.vectors.generator.cases import CASES

NOT_BY_DEFAULT = {"multi-peer", "upstream-e2e", "example", "end-port", "namespaces-by-default-label"}
BY_DEFAULT = [case for case in CASES if not case.tags & NOT_BY_DEFAULT]
COUNTS = {
    "action": (7, 6), "create-policy": (2, 2), "delete-policy": (2, 1), "update-policy": (1, 1),
    "create-pod": (1, 1), "delete-pod": (1, 1), "set-pod-labels": (1, 1), "create-namespace": (1, 1),
    "delete-namespace": (1, 1), "set-namespace-labels": (1, 1),
    "target": (6, 6), "target-namespace": (3, 3), "target-pod-selector": (3, 3),
    "direction": (206, 100), "ingress": (105, 51), "egress": (103, 51),
    "rule": (124, 30), "deny-all": (13, 10), "allow-all": (7, 6), "any-peer": (2, 2),
    "any-port-protocol": (2, 2), "multi-peer": (90, 0), "multi-port/protocol": (14, 14),
    "peer-pods": (110, 20), "all-pods": (84, 14), "pods-by-label": (54, 6), "all-namespaces": (58, 10),
    "namespaces-by-label": (54, 6), "policy-namespace": (38, 4), "namespaces-by-default-label": (2, 0),
    "peer-ipblock": (38, 4), "ip-block-no-except": (20, 2), "ip-block-with-except": (20, 2),
    "port": (69, 56), "any-port": (14, 14), "numbered-port": (40, 28), "named-port": (25, 24),
    "end-port": (12, 0), "protocol": (54, 42), "tcp": (20, 16), "udp": (20, 16), "sctp": (14, 10),
    "miscellaneous": (36, 22), "pathological": (6, 6), "conflict": (17, 16), "example": (1, 0),
    "upstream-e2e": (13, 0),
}  # fmt: skip
"""How many cases have a tag, of all and of those of a default run."""


def test_there_are_as_many_as_the_generator_makes():
    assert Counter(case.builder for case in CASES) == {
        "Peers": 112, "PortProtocol": 70, "Conflict": 16, "UpstreamE2E": 13, "Action": 6, "Target": 6,
        "Rules": 4, "Namespace": 2, "Example": 1,
    }  # fmt: skip
    assert (len(CASES), len({case.id for case in CASES})) == (230, 230)
    assert (len(BY_DEFAULT), sum(len(case.steps) for case in BY_DEFAULT)) == (112, 122)


def test_as_many_of_them_have_a_tag():
    assert set(COUNTS) == set(PRIMARY).union(*PRIMARY.values())
    of_all = Counter(tag for case in CASES for tag in case.tags)
    by_default = Counter(tag for case in BY_DEFAULT for tag in case.tags)
    assert {tag: (of_all[tag], by_default[tag]) for tag in COUNTS} == COUNTS


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_traffic(case, holds):
    for step in case.steps:
        holds(step)
