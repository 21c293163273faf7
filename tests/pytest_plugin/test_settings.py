from __future__ import annotations

import pytest


def test_option_over_ini_over_environment_over_pyproject(project, monkeypatch):
    project.scenario()

    def cluster(*arguments):
        project.run("scenarios", "--netprobe-report=json=out.json", *arguments, cluster=None)
        return project.json("out.json")["runs"][0]["cluster"]["name"]

    # Three clusters that cannot be opened would be told by name; one word at a time is the simulated one.
    (project.path / "pyproject.toml").write_text('[tool.netprobe]\ncluster = "simulated"\n')
    assert cluster() == "simulated"
    (project.path / "pyproject.toml").write_text('[tool.netprobe]\ncluster = "lab:nosuch"\n')
    monkeypatch.setenv("NETPROBE_CLUSTER", "simulated")
    assert cluster() == "simulated"
    monkeypatch.setenv("NETPROBE_CLUSTER", "lab:nosuch")
    project.pytester.makefile(".ini", pytest="[pytest]\nnetprobe_cluster = simulated\n")
    assert cluster() == "simulated"
    project.pytester.makefile(".ini", pytest="[pytest]\nnetprobe_cluster = lab:nosuch\n")
    assert cluster("--netprobe-cluster=simulated") == "simulated"


def test_reports_hold_all_runs(project):
    project.scenario("scenarios/one")
    project.scenario("scenarios/two")
    project.pytester.makefile(
        ".ini", pytest="[pytest]\nnetprobe_report =\n  json=out.json\n  junit=out.xml\n"
    )
    project.run("scenarios").assert_outcomes(passed=4)
    assert {run["scenario"] for run in project.json("out.json")["runs"]} == {"one", "two"}
    assert "<testsuite " in (project.path / "out.xml").read_text()


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("--netprobe-settle=soon", "--netprobe-settle: settle must be a number of seconds"),
        ("--netprobe-report=jsn=x", '--netprobe-report jsn=x: there is no format "jsn"; did you mean "json"'),
        ("--netprobe-report=json=no/such/x", "--netprobe-report json=no/such/x: "),
        ("--netprobe-cluster=labb", 'there is no kind of cluster "labb"'),
    ],
)
def test_wrong_settings_are_told_before_anything_runs(project, argument, told):
    project.scenario()
    result = project.run("scenarios", argument, cluster=None)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert told in result.stderr.str()
    assert not (project.path / ".netprobe").exists()


def test_a_report_that_cannot_be_written_at_the_end_is_told(project):
    project.scenario()
    (project.path / "out").mkdir()
    (project.path / "test_own.py").write_text(
        "import pathlib\ndef test_it():\n    pathlib.Path('out').rmdir()\n    pathlib.Path('out').touch()\n"
    )
    result = project.run("scenarios", "test_own.py", "--netprobe-report=json=out/x.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert "not every report could be written" in result.stdout.str()
