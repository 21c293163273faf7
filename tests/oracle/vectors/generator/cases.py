"""All 230 cases, in the order in which Cyclonus makes them."""

from __future__ import annotations

from tests.oracle.vectors.generator.others import action_cases, conflict_cases, rule_cases, target_cases
from tests.oracle.vectors.generator.peers import namespace_cases, peer_cases
from tests.oracle.vectors.generator.ports import port_cases
from tests.oracle.vectors.generator.stories import example_cases, upstream_cases

CASES = (
    *target_cases(),
    *rule_cases(),
    *peer_cases(),
    *port_cases(),
    *example_cases(),
    *action_cases(),
    *conflict_cases(),
    *namespace_cases(),
    *upstream_cases(),
)
