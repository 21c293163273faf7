from __future__ import annotations

import pytest


def test_one_test_for_each_finding_and_the_run_is_shared(project, edges):
    project.scenario()
    result = project.run("-v", "scenarios")
    result.assert_outcomes(passed=2)
    for name in edges:
        assert f"scenarios/small/scenario.yaml::{name} PASSED" in result.stdout.str()
    assert len(list((project.path / ".netprobe").glob("*.jsonl"))) == 1


def test_a_node_id_and_k_pick_one_finding(project, edges):
    project.scenario()
    project.run(f"scenarios/small/scenario.yaml::{edges[1]}").assert_outcomes(passed=1)
    project.run("scenarios", "-k", "80/tcp and not a[0]-").assert_outcomes(passed=1, deselected=1)


def test_ids_are_known_without_a_cluster(project, edges):
    project.scenario()
    result = project.run("--collect-only", "-q", "scenarios", cluster="context:nowhere")
    assert [f"scenarios/small/scenario.yaml::{name}" for name in edges] == result.outlines[:2]


def test_files_of_other_tools_are_not_collected(project):
    project.scenario("scenarios/other", "name: other\nsteps: [{netprobe: 1}]\n")
    project.scenario("scenarios/words", "name: words\ntext: >-\n  netprobe: 1\n")
    assert project.run("scenarios").ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_without_arguments_only_the_scenarios_of_the_ini_file_are_collected(project):
    project.scenario("tests/not-this-one")
    project.scenario("acceptance/one")
    project.scenario("acceptance/two")
    project.pytester.makefile(".ini", pytest="[pytest]\ntestpaths = tests\n")
    (project.path / "tests" / "test_it.py").write_text("def test_it(): pass\n")
    project.run().assert_outcomes(passed=1)
    project.pytester.makefile(
        ".ini", pytest="[pytest]\ntestpaths = tests\nnetprobe_scenarios = acceptance/t*\n"
    )
    result = project.run("-v")
    result.assert_outcomes(passed=3)
    assert "acceptance/two" in result.stdout.str()
    project.run("tests/test_it.py").assert_outcomes(passed=1)
    project.run("tests").assert_outcomes(passed=3)


def test_a_word_of_the_ini_file_that_matches_nothing_is_told(project):
    project.pytester.makefile(".ini", pytest="[pytest]\nnetprobe_scenarios = scenarois\n")
    result = project.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "netprobe_scenarios: scenarois matches nothing" in result.stderr.str()


def test_a_broken_scenario_is_one_failing_test_with_all_its_problems(project, scenario_text):
    broken = scenario_text.replace("title:", "titel:").replace("deny-a.yaml", "deny-b.yaml")
    project.scenario("scenarios/broken", broken)
    project.scenario("scenarios/small")
    result = project.run("scenarios")
    result.assert_outcomes(failed=1, passed=2)
    told = result.stdout.str()
    assert "scenarios/broken/scenario.yaml:4:1: " in told
    assert 'there is no file "deny-b.yaml"' in told
    assert "Traceback" not in told


def test_a_large_scenario_has_one_test_for_each_step_and_source(project, scenario_text):
    many = ", ".join(f"p{number}" for number in range(20))
    project.scenario("scenarios/large", scenario_text.replace("pods: [a, b]", f"pods: [a, {many}]"))
    result = project.run("--collect-only", "-q", "scenarios")
    assert len([line for line in result.outlines if "::" in line]) == 21
    assert "scenarios/large/scenario.yaml::deny a/red/p7[0]" in result.outlines


def test_a_large_scenario_fails_for_the_sources_that_leak(project, scenario_text):
    many = ", ".join(f"p{number}" for number in range(20))
    project.scenario("scenarios/large", scenario_text.replace("pods: [a, b]", f"pods: [a, {many}]"))
    project.run("scenarios", cluster="simulated:none").assert_outcomes(failed=20, passed=1)
