from __future__ import annotations

import pytest

from netprobe.model.finding import Comparison, Finding, Seen, Verdict
from netprobe.model.flow import Flow, PodRef
from netprobe.model.run import ClusterDescription, RunResult, StepResult
from netprobe.pytest_plugin.questions import Question, answer


@pytest.fixture
def testing(project, scenario_text):
    """Run a test file of these lines (the body of one test) beside the scenario ``small``."""
    project.scenario("small", scenario_text)

    def run(*lines, cluster="simulated"):
        body = "\n".join(f"    {line}" for line in lines)
        (project.path / "test_own.py").write_text(f"def test_own(netprobe):\n{body}\n")
        return project.run("test_own.py", cluster=cluster)

    return run


def test_a_run_and_its_edges_can_be_asserted_on(testing):
    testing(
        "run = netprobe.run('small/')",
        "assert run.passed and run and run.verdict == 'PASS' and not run.failures",
        "assert len(run.findings) == 2",
        "assert netprobe.run('small/scenario.yaml').result is run.result, 'once per session'",
        "assert netprobe.reachable('red/a', 'red/b', 80)",
        "assert not netprobe.reachable('red/b[0]', 'red/a', 80, step='deny a')",
    ).assert_outcomes(passed=1)


def test_a_failed_assertion_lists_what_is_wrong(testing):
    result = testing("assert netprobe.run('small/').passed", cluster="simulated:none")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E * where False = <small: FAIL, 1 of 2 flows: LEAK red/b[[]0]->red/a[[]0]:80/tcp/ip>.passed",
            "*netprobe: small*",
            "LEAK  small/deny a/red/b*",
            "  policy red/deny-a, small/deny-a.yaml:2",
        ]
    )


def test_reachable_is_what_was_observed_not_what_was_allowed(testing):
    result = testing(
        "netprobe.run('small/')",
        "assert not netprobe.reachable('red/b', 'red/a', 80)",
        cluster="simulated:none",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E * assert not <reachable: red/b → red/a:80 connected; deny-a isolates*"])


@pytest.mark.parametrize(
    ("call", "told"),
    [
        ("'red/c', 'red/a', 80", 'no flow of this step has the source "red/c"; did you mean red/'),
        ("'red/a', 'redd/b', 80", 'no flow of this step has the destination "redd/b"; did you mean red/b'),
        ("'red/a', 'red/b', 81", "is no flow of this step; there are: red/a[0]->red/b[0]:80/tcp/ip"),
        ("'red/a', 'red/b', 80, step='deny'", 'small has no step "deny"; did you mean deny a?'),
    ],
)
def test_a_question_about_nothing_is_told_with_what_is_near(testing, call, told):
    result = testing("netprobe.run('small/')", f"netprobe.reachable({call})")
    result.assert_outcomes(failed=1)
    assert told in result.stdout.str()


def test_a_question_before_any_run_says_what_to_do(testing):
    result = testing("netprobe.reachable('red/a', 'red/b', 80)")
    result.assert_outcomes(failed=1)
    assert 'call netprobe.run("SCENARIO") first' in result.stdout.str()


def test_a_scenario_that_there_is_not_is_told_without_traceback(testing):
    result = testing("netprobe.run('three-teir')")
    result.assert_outcomes(failed=1)
    assert 'there is no scenario "three-teir"; did you mean "three-tier"' in result.stdout.str()


def test_without_evidence_there_is_no_answer(testing, project):
    (project.path / "conftest.py").write_text(
        "import pytest\n"
        "@pytest.fixture(autouse=True)\n"
        "def dead(netprobe_cluster):\n"
        "    from netprobe.cluster.providers.simulation.faults import Faults\n"
        "    netprobe_cluster.faults = Faults(dead=frozenset({'a'}))\n"
    )
    result = testing("netprobe.run('small/')", "assert not netprobe.reachable('red/b', 'red/a', 80)")
    result.assert_outcomes(failed=1)
    assert "there is no evidence about red/b[0]->red/a[0]:80/tcp/ip" in result.stdout.str()


def test_replicas_that_disagree_are_named():
    def finding(index, seen):
        end = PodRef(namespace="red", workload="a", index=index)
        flow = Flow(source=PodRef(namespace="red", workload="b"), destination=end, port=80)
        good = Comparison(verdict=Verdict.PASS)
        return Finding(id=flow.key, flow=flow, verdict=Verdict.PASS, network=good, policy=good, seen=seen)

    findings = (finding(0, Seen.OPEN), finding(1, Seen.CLOSED))
    result = RunResult(
        run_id="r",
        scenario="s",
        title="",
        cluster=ClusterDescription(name="c", kind="lab", title="c"),
        netprobe_version="0",
        started="",
        seconds=0.0,
        steps=(StepResult(name="one", findings=findings),),
    )
    with pytest.raises(pytest.fail.Exception, match=r"do not agree\n  open: .*a\[0\].*\n  closed: .*a\[1\]"):
        answer(Question("red/b", "red/a", 80, "tcp", "ip", None), result)
    assert answer(Question("red/b", "red/a[0]", 80, "tcp", "ip", None), result)


def test_the_cluster_is_a_fixture_of_the_session(testing, project):
    (project.path / "test_cluster.py").write_text(
        "def test_it(netprobe_cluster):\n    assert netprobe_cluster.description.name == 'simulated'\n"
    )
    project.run("test_cluster.py").assert_outcomes(passed=1)
