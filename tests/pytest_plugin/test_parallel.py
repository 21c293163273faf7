from __future__ import annotations

import pytest

USES = "def test_one(netprobe):\n    assert netprobe.run('small/')\ndef test_two(netprobe_cluster): pass\n"


def test_with_loadgroup_scenarios_stay_whole_and_share_one_report(project):
    for name in ("scenarios/one", "scenarios/two", "scenarios/three", "small"):
        project.scenario(name)
    (project.path / "test_own.py").write_text(USES)
    result = project.run_apart(
        "-n2", "--dist=loadgroup", "scenarios", "test_own.py", "--netprobe-report=json=out.json"
    )
    result.assert_outcomes(passed=8)
    runs = project.json("out.json")["runs"]
    assert sorted(run["scenario"] for run in runs) == ["one", "small", "three", "two"]
    assert len(list((project.path / ".netprobe").glob("*.jsonl"))) == 4


def test_another_distribution_is_refused_before_any_test(project):
    project.scenario()
    result = project.run_apart("-n2", "--dist=loadfile", "scenarios")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "→ give --dist loadgroup" in result.stderr.str()
    assert "passed" not in result.stdout.str()


def test_tests_that_use_a_fixture_are_refused_likewise_and_others_are_not(project):
    project.scenario("small")
    (project.path / "test_own.py").write_text(USES)
    (project.path / "test_plain.py").write_text("def test_it(): pass\n")
    result = project.run_apart("-n1", "test_own.py")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "→ give --dist loadgroup" in result.stderr.str()
    project.run_apart("-n1", "test_plain.py").assert_outcomes(passed=1)


def test_wrong_settings_are_told_by_the_controller(project):
    project.scenario()
    result = project.run_apart("-n1", "--dist=loadgroup", "scenarios", "--netprobe-settle=soon")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "settle must be a number of seconds" in result.stderr.str()


def test_workers_collect_only_where_the_user_pointed(project):
    project.scenario("tests/not-this-one")
    project.scenario("acceptance/one")
    project.pytester.makefile(".ini", pytest="[pytest]\ntestpaths = tests\nnetprobe_scenarios = acceptance\n")
    project.run_apart("-n1", "--dist=loadgroup").assert_outcomes(passed=2)
