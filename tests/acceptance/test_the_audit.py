"""The audit on real packets: a network that enforces, and one with a fault."""

from __future__ import annotations

from functools import partial

import pytest

from netprobe.app.check import CheckRequest, check
from netprobe.config.settings import Config
from netprobe.model.audit import Enforcement
from netprobe.runner.progress import Nobody

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def audit(profile, folder):
    config = Config(cluster=f"lab:{profile}", settle=6.0, journals=str(folder))
    return check(CheckRequest(config=config), Nobody()).report


STORIES = {profile: partial(audit, profile) for profile in ("enforcing", "ports-ignored")}


def test_a_network_that_enforces_is_silent(told):
    report = told("enforcing")
    assert report.audit.verdict is Enforcement.ENFORCED
    assert report.audit.deviations == 0
    assert {feature.verdict for feature in report.audit.features} == {Enforcement.ENFORCED}
    assert [node.verdict for node in report.audit.nodes] == [Enforcement.ENFORCED] * 2
    assert report.exit_code == 0


def test_a_fault_is_found_and_named(told):
    report = told("ports-ignored")
    assert report.audit.verdict is Enforcement.PARTIALLY_ENFORCED
    assert [suspect.name for suspect in report.audit.suspects] == ["ports-ignored"]
    verdicts = {feature.name: feature.verdict for feature in report.audit.features}
    assert verdicts["ports"] is not Enforcement.ENFORCED
    assert verdicts["ingress-deny"] is Enforcement.ENFORCED
    assert report.exit_code == 1
