"""The audit on real packets: a network that enforces, and one with a fault."""

from __future__ import annotations

from contextlib import closing
from functools import partial

import pytest

from netprobe.app.check import CheckRequest, check_on
from netprobe.app.clusters import open_cluster
from netprobe.config.settings import Config
from netprobe.model.audit import Enforcement
from netprobe.model.permission import Purpose
from netprobe.runner.progress import Nobody
from tests.acceptance.asking import Recorder, uncovered, unused

pytestmark = [pytest.mark.lab, pytest.mark.slow]


ASKED = Recorder()
"""What the audit of the enforcing lab asked the API server for."""


def audit(profile, folder):
    config = Config(cluster=f"lab:{profile}", settle=6.0, journals=str(folder))
    with closing(open_cluster(config.cluster)) as cluster:
        if profile == "enforcing":
            ASKED.of(cluster)
        return check_on(cluster, CheckRequest(config=config), Nobody()).report


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


def test_an_audit_asks_for_what_the_table_of_permissions_has_and_no_more(told):
    assert told("enforcing").exit_code == 0
    assert uncovered(ASKED.asked, Purpose.CHECK) == []
    assert unused(ASKED.asked, Purpose.CHECK) == set()
