"""The audit on real packets: a network that enforces, one with a fault of policies, one with a dead node."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from netprobe.app.check import CheckRequest, check
from netprobe.config.settings import Config
from netprobe.model.audit import Enforcement
from netprobe.runner.progress import Nobody

pytestmark = [pytest.mark.lab, pytest.mark.slow]

PROFILES = ("enforcing", "ports-ignored", "dead-node")


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """All at once, each on a lab of its own, since an audit mostly waits for silence."""
    journals = tmp_path_factory.mktemp("journals")

    def audit(profile):
        config = Config(cluster=f"lab:{profile}", settle=6.0, journals=str(journals / profile))
        return check(CheckRequest(config=config), Nobody())

    with ThreadPoolExecutor(len(PROFILES)) as pool:
        return dict(zip(PROFILES, pool.map(audit, PROFILES), strict=True))


def test_a_network_that_enforces_is_silent(reports):
    report = reports["enforcing"].report
    assert report.audit.verdict is Enforcement.ENFORCED
    assert report.audit.deviations == 0
    assert {feature.verdict for feature in report.audit.features} == {Enforcement.ENFORCED}
    assert [node.verdict for node in report.audit.nodes] == [Enforcement.ENFORCED] * 2
    assert report.exit_code == 0


def test_a_fault_is_found_and_named(reports):
    report = reports["ports-ignored"].report
    assert report.audit.verdict is Enforcement.PARTIALLY_ENFORCED
    assert [suspect.name for suspect in report.audit.suspects] == ["ports-ignored"]
    verdicts = {feature.name: feature.verdict for feature in report.audit.features}
    assert verdicts["ports"] is not Enforcement.ENFORCED
    assert verdicts["ingress-deny"] is Enforcement.ENFORCED
    assert report.exit_code == 1


def test_a_node_that_enforces_nothing_is_named(reports):
    report = reports["dead-node"].report
    assert [suspect.name for suspect in report.audit.suspects] == ["dead-node (node2)"]
    assert {node.node: node.verdict for node in report.audit.nodes} == {
        "node1": Enforcement.ENFORCED,
        "node2": Enforcement.NOT_ENFORCED,
    }
