"""``netprobe run`` as users run it, on a simulated cluster."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from junitparser import JUnitXml

from netprobe.cli.main import execute
from netprobe.cluster.providers.simulated import SimulatedCluster
from netprobe.errors import EnvironmentFailure


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = execute(["run", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def journals() -> list[Path]:
    return sorted(Path(".netprobe").glob("*.jsonl"))


def test_an_enforcing_cluster_passes(scenario, capsys):
    code, out, err = run(capsys, scenario())
    assert code == 0
    assert out.splitlines()[0] == "deny"
    assert out.splitlines()[-1].startswith("PASS: ")
    (journal,) = journals()
    assert f"netprobe: the journal of this run is {journal}" in err.splitlines()
    assert "netprobe: step: deny all" in err.splitlines()


def test_a_cluster_that_does_not_enforce_fails_with_a_headline(scenario, capsys):
    code, out, _ = run(capsys, scenario(), "--cluster", "simulated:none", "--settle", "6")
    assert code == 1
    assert out.splitlines()[0] == "NetworkPolicy is not enforced on node1"
    assert "LEAK" in out
    assert out.splitlines()[-1] == "FAIL: the network lets through what the policies deny (exit code 1)"


def test_a_run_and_its_judgement_are_the_same_bytes(scenario, capsys):
    outputs = ["-o", "json=run.json", "-o", "junit=run.xml"]
    code, out, _ = run(capsys, scenario(), "--cluster", "simulated:none", "--settle", "6", *outputs)
    (journal,) = journals()
    again = execute(["judge", str(journal), "-o", "json=judge.json", "-o", "junit=judge.xml"])
    assert again == code == 1
    assert capsys.readouterr().out == out
    assert Path("judge.json").read_bytes() == Path("run.json").read_bytes()
    assert Path("judge.xml").read_bytes() == Path("run.xml").read_bytes()
    assert {suite.name for suite in JUnitXml.fromfile("run.xml")} == {"deny"}


def test_several_scenarios_share_reports_and_the_worst_code(scenario, capsys):
    words = [scenario("one"), scenario("two", pods="a, b, c")]
    code, out, _ = run(capsys, *words, "-o", "json=all.json")
    assert code == 0
    assert [row.split()[:2] for row in out.splitlines()[:2]] == [["PASS", "one"], ["PASS", "two"]]
    assert out.splitlines()[2:] == [
        "2 runs, 8 flows: 8 PASS",
        "PASS: all 2 runs pass (exit code 0)",
    ]
    document = json.loads(Path("all.json").read_text())
    assert [run["scenario"] for run in document["runs"]] == ["one", "two"]
    assert len({run["run_id"] for run in document["runs"]}) == 2
    assert len(journals()) == 2


def test_a_report_on_standard_output_can_be_piped(scenario, capsys):
    code, out, err = run(capsys, scenario(), "-o", "json=-")
    assert code == 0
    assert json.loads(out)["runs"][0]["verdict"] == "PASS"
    assert "PASS: the network, the policies" in err


def test_reports_on_a_terminal_without_unicode(scenario):
    word = scenario()
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    for arguments in ([], ["-o", "json=-"]):
        done = subprocess.run(
            [sys.executable, "-m", "netprobe", "run", word, *arguments],
            capture_output=True,
            env=environment,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0
        if arguments:
            assert "→" in json.dumps(json.loads(done.stdout.decode()), ensure_ascii=False)
        else:
            assert done.stdout.isascii()


def test_quiet_leaves_the_conclusion(scenario, capsys):
    code, out, err = run(capsys, scenario(), "-q")
    assert code == 0
    assert [line.split(":")[0] for line in out.splitlines()] == ["2 flows", "PASS"]
    assert err == ""


def test_verbose_shows_attempts_of_failures(scenario, capsys):
    _, out, _ = run(capsys, scenario(), "--cluster", "simulated:none", "--settle", "6", "-v")
    assert "CONNECTED" in out
    assert "deny/deny all/x/a[0]->x/b[0]:80/tcp/ip" in out


def test_colour_only_when_asked(scenario, capsys):
    word = scenario()
    assert "\x1b[" not in run(capsys, word)[1]
    assert "\x1b[32m" in run(capsys, word, "--color", "always")[1]


def test_the_journal_goes_where_it_is_told(scenario, capsys):
    word = scenario()
    assert run(capsys, word, "--journal", "mine.jsonl")[0] == 0
    assert json.loads(Path("mine.jsonl").read_text().splitlines()[0])["netprobe_journal"] == 1
    code, _, err = run(capsys, word, "--journal", "mine.jsonl")
    assert code == 2
    assert "exists already" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], ["netprobe: no scenario is named"]),
        (["three-teir"], ['there is no scenario "three-teir"; did you mean "three-tier"?']),
        (["./missing"], ["there is no ./missing"]),
        (["three-tier", "--all"], ["scenarios are named beside --all"]),
        (["three-tier", "--cluster", "laab"], ['there is no kind of cluster "laab"; did you mean "lab"?']),
        (["three-tier", "-o", "jsno=x"], ['-o jsno=x: there is no format "jsno"; did you mean "json"?']),
        (["three-tier", "-o", "json=no/where"], ["there is no folder no"]),
        (["three-tier", "--settle", "0"], ["--settle: settle must be a number of seconds"]),
        (["three-tier", "--color", "blue"], ["--color: color must be auto, always or never"]),
        (["three-tier", "--keep", "--cluster", "lab:none"], ["--keep keeps nothing on the lab"]),
        (["three-tier", "--journal", "no/where"], ["there is no folder no for the journal"]),
    ],
)
def test_wrong_input_is_told_before_anything_runs(arguments, told, desk, capsys):
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("netprobe: ")
    assert "Traceback" not in err
    for words in told:
        assert words in err
    assert journals() == []


def test_every_problem_of_a_scenario_is_told_with_its_place(scenario, capsys):
    code, _, err = run(capsys, scenario(more="titel: x\nfeatures: [ingres]\n"))
    assert code == 2
    assert "  deny/scenario.yaml:5:1: " in err
    assert "  deny/scenario.yaml:6:12: " in err


def test_settings_come_from_the_file_and_its_problems_have_places(scenario, capsys, desk):
    word = scenario()
    (desk / "pyproject.toml").write_text('[tool.netprobe]\noutput = ["json=set.json"]\n')
    assert run(capsys, word)[0] == 0
    assert Path("set.json").exists()
    (desk / "pyproject.toml").write_text("[tool.netprobe]\nsetle = 3\n")
    code, _, err = run(capsys, word)
    assert code == 2
    assert "  pyproject.toml:2:1: there is no setting setle; did you mean settle?" in err


def test_a_run_that_broke_off_is_reported_and_the_next_one_runs(scenario, capsys, monkeypatch):
    words = [scenario("one"), scenario("two")]
    break_first_deployment(monkeypatch)
    code, out, err = run(capsys, *words, "-o", "junit=r.xml", "-o", "json=r.json")
    assert code == 3
    assert "INTERRUPTED: no node has room" in out
    assert out.splitlines()[-1].startswith("INCONCLUSIVE: there is no answer from 1 of 2 runs: one")
    assert [row.split()[:2] for row in out.splitlines()[-4:-2]] == [["PASS", "two"], ["INTERRUPTED", "one"]]
    assert "netprobe: no node has room\n→ add a node\n" in err
    first, second = JUnitXml.fromfile("r.xml")
    assert [case.name for case in first] == ["the run ended early"]
    assert second.errors == 0


def test_an_abandoned_page_does_not_change_the_exit_code(scenario, desk):
    word = scenario()
    command = [sys.executable, "-m", "netprobe", "run", word, "-o", "json=r.json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdout.close()
    process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert json.loads(Path("r.json").read_text())["runs"][0]["verdict"] == "PASS"


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_run_with_its_reports(number, code, scenario):
    word = scenario(pods=", ".join(f"p{i}" for i in range(24)))
    command = [sys.executable, "-m", "netprobe", "run", word, "-o", "json=r.json", "-o", "junit=r.xml"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ}
    )
    told = []
    for line in process.stderr:
        told.append(line)
        if line == "netprobe: step: deny all\n":
            process.send_signal(number)
    out = process.stdout.read()
    process.stdout.close()
    process.stderr.close()
    assert process.wait(timeout=60) == code
    assert re.search("^INTERRUPTED: stopped by", out, re.MULTILINE)
    assert "Traceback" not in "".join(told)
    assert "netprobe: removing the namespaces of this run\n" in told
    (journal,) = journals()
    assert json.loads(journal.read_text().splitlines()[-1])["reason"].startswith("stopped by")
    assert json.loads(Path("r.json").read_text())["runs"][0]["interrupted"].startswith("stopped by")
    assert JUnitXml.fromfile("r.xml").errors >= 1


def break_first_deployment(monkeypatch) -> None:
    original = SimulatedCluster.wait_ready
    calls = []

    def wait_ready(self, refs, deadline):
        calls.append(refs)
        if len(calls) == 1:
            raise EnvironmentFailure("no node has room", remedy="add a node")
        return original(self, refs, deadline)

    monkeypatch.setattr(SimulatedCluster, "wait_ready", wait_ready)
