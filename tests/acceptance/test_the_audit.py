"""The audit on real packets: a network that enforces, and one with a fault."""

from __future__ import annotations

import pytest

from netprobe.model.audit import Enforcement

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def reports(audits):
    return {profile: future.result(timeout=80).report for profile, future in audits.items()}


def test_a_network_that_enforces_is_silent(reports):
    report = reports["enforcing"]
    assert report.audit.verdict is Enforcement.ENFORCED
    assert report.audit.deviations == 0
    assert {feature.verdict for feature in report.audit.features} == {Enforcement.ENFORCED}
    assert [node.verdict for node in report.audit.nodes] == [Enforcement.ENFORCED] * 2
    assert report.exit_code == 0


def test_a_fault_is_found_and_named(reports):
    report = reports["ports-ignored"]
    assert report.audit.verdict is Enforcement.PARTIALLY_ENFORCED
    assert [suspect.name for suspect in report.audit.suspects] == ["ports-ignored"]
    verdicts = {feature.name: feature.verdict for feature in report.audit.features}
    assert verdicts["ports"] is not Enforcement.ENFORCED
    assert verdicts["ingress-deny"] is Enforcement.ENFORCED
    assert report.exit_code == 1
