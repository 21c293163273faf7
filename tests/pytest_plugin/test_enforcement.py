"""``netprobe.check()`` and the marker, on a simulated cluster."""

from __future__ import annotations

import pytest

from netprobe.pytest_plugin import enforcement

STAYS = (enforcement,)
"""pytester forgets what a session in this process has imported; what is here already stays."""

MARKED = """
import pytest

@pytest.mark.netprobe_enforced
def test_whole(): pass

@pytest.mark.netprobe_enforced("named-ports", "egress-deny")
def test_some(): pass

@pytest.mark.netprobe_enforced("all-deleted")
def test_end(): pass

@pytest.mark.netprobe_enforced("named-port")
def test_unknown(): pass

def test_asked(netprobe):
    network = netprobe.check()
    assert network is not netprobe.check() and network.report is netprobe.check().report
    assert network.features["named-ports"].verdict == network.nodes["node1"].verdict == network.verdict
    with pytest.raises(KeyError, match="did you mean"):
        network.features["named-port"]
    assert network.enforced
"""


@pytest.fixture
def marked(project):
    (project.path / "test_own.py").write_text(MARKED)
    return project


def test_where_policies_are_enforced_marked_tests_run(marked):
    result = marked.run("test_own.py")
    result.assert_outcomes(passed=4, errors=1)
    told = 'netprobe_enforced(\'named-port\'): there is no feature "named-port"; did you mean "named-ports"?'
    assert told in result.stdout.str()
    assert len(list((marked.path / ".netprobe").glob("*.jsonl"))) == 1, "one audit for the session"
    result.stdout.fnmatch_lines(["journal of the audit: .netprobe/netprobe-enforcement-audit-*"])


def test_where_they_are_not_marked_tests_are_skipped_with_the_proof(marked):
    result = marked.run("test_own.py", "--netprobe-settle=6", "-rs", cluster="simulated:none")
    result.assert_outcomes(passed=1, skipped=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "E*where False = <simulated cluster: NOT ENFORCED, *; most likely nothing-enforced>.enforced",
            "SKIPPED*test_own.py:*NetworkPolicies are not enforced here: accepted and not enforced on*",
            "SKIPPED*test_own.py:*: not enforced here, ports by name: home/* connected; *",
        ]
    )


def test_an_audit_that_proves_nothing_is_an_error_with_the_reason(marked):
    (marked.path / "conftest.py").write_text(
        "from netprobe.cluster.providers.simulated import SimulatedCluster\n"
        "from netprobe.errors import EnvironmentFailure\n"
        "def wait_ready(self, refs, deadline):\n"
        "    raise EnvironmentFailure('no node has room', remedy='add a node')\n"
        "SimulatedCluster.wait_ready = wait_ready\n"
    )
    result = marked.run_apart("test_own.py", "-rs", "-k", "not unknown")
    result.assert_outcomes(errors=1, skipped=3)
    output = result.stdout.str()
    assert "the cluster could not be audited\nnetprobe: no node has room\n→ add a node" in output
    assert "the audit of the cluster could not be made, see the first failure" in output


def test_the_marker_is_known_and_alone_loads_nothing(project):
    (project.path / "test_own.py").write_text(
        "import pytest, sys\n"
        "@pytest.mark.netprobe_enforced\n"
        "def test_marked(): pass\n"
        "def test_loaded():\n"
        "    assert 'netprobe.app.check' not in sys.modules\n"
    )
    result = project.run_apart("--strict-markers", "-k", "loaded", "test_own.py")
    result.assert_outcomes(passed=1, deselected=1)
