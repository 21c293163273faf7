"""``netprobe compare`` as users run it, on simulated clusters and with saved runs."""

from __future__ import annotations

import json
import shutil
import signal
from functools import cache
from pathlib import Path

import pytest

from netprobe.audit.planning import make_plan
from netprobe.cli.main import execute
from netprobe.cluster.providers.simulated import SimulatedCluster, SimulatedProvider
from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.errors import EnvironmentFailure

GOLDEN = Path(__file__).parents[1] / "report" / "golden"
BOTH = ("--cluster", "simulated", "--cluster", "simulated:none")


@pytest.fixture
def compare(desk, capsys):
    def run(*arguments: str) -> tuple[int, str, str]:
        code = execute(["compare", "--settle", "6", *arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return run


@pytest.fixture
def saved(desk):
    """An audit and a run, as files beside the test."""
    shutil.copy(GOLDEN / "audit-one_fault.json", "check.json")
    shutil.copy(GOLDEN / "every_verdict_run.json", "run.json")
    text = Path("check.json").read_text()
    Path("other.json").write_text(text.replace('"context:staging"', '"context:production"'))
    return desk


def test_clusters_are_audited_and_run_on_and_told_in_every_format(compare, scenario, monkeypatch):
    monkeypatch.setattr("netprobe.app.check.make_plan", cache(make_plan))
    outputs = ["json=c.json", "markdown=c.md", "csv=c.csv", "html=c.html"]
    code, out, err = compare(*BOTH, scenario(), *(word for each in outputs for word in ("-o", each)))
    assert code == 0, err
    assert out.startswith("DIFFERENT: 2 clusters differ in ")
    assert " features and 1 of 1 scenario\n" in out
    assert "scenario deny: On simulated:none the network lets pass what policies deny" in " ".join(
        out.split()
    )
    document = json.loads(Path("c.json").read_text())
    assert document["measured"] is True
    assert [column["label"] for column in document["columns"]] == ["simulated", "simulated:none"]
    rows = {row["name"]: row["cells"] for row in document["rows"]}
    assert rows["ingress-deny"]["simulated"]["verdict"] == "ENFORCED"
    assert rows["ingress-deny"]["simulated:none"]["verdict"] == "NOT ENFORCED"
    assert rows["deny"]["simulated:none"]["leaks"] == 2
    assert "netprobe: simulated:none: step: deny all" in err.splitlines()
    for name in ("c.md", "c.csv", "c.html"):
        assert "simulated:none" in Path(name).read_text()
    assert compare(*BOTH, "./deny", "--no-check", "--fail-on", "fail")[0] == 1


def test_scenarios_alone(compare, scenario):
    code, out, _ = compare(*BOTH, "--no-check", scenario(), "--fail-on", "difference")
    assert code == 1
    assert out.startswith("DIFFERENT: 2 clusters differ in 1 of 1 scenario\n")
    assert "x/a[0]->x/b[0]:80/tcp/ip" in out


def test_a_cluster_that_does_not_answer_is_a_column_with_its_reason(compare, scenario, monkeypatch):
    def open_or_not(self, argument):
        if argument == "none":
            raise EnvironmentFailure("the cluster does not answer: connection refused", remedy="wake it")
        return SimulatedCluster()

    monkeypatch.setattr(SimulatedProvider, "open", open_or_not)
    words = ("--cluster", "simulated:none", "--cluster", "simulated")
    code, out, err = compare(*words, "--no-check", scenario(), "-o", "json=c.json")
    assert code == 3
    assert out.startswith(
        "INCONCLUSIVE: no two clusters gave an answer to the same question; not everything was measured on"
    )
    assert "no answer: the cluster does not answer: connection refused" in out
    brief = compare(*words, "--no-check", "./deny", "-q")[1].splitlines()
    assert brief[2:] == ["  simulated:none: no answer: the cluster does not answer: connection refused"]
    assert (
        "netprobe: warning: simulated:none: the cluster does not answer: connection refused → wake it" in err
    )
    rows = {row["name"]: row["cells"] for row in json.loads(Path("c.json").read_text())["rows"]}
    assert rows["deny"]["simulated"]["verdict"] == "PASS"
    assert rows["deny"]["simulated:none"]["reason"] == "the cluster does not answer: connection refused"


def test_a_fault_of_netprobe_on_one_cluster_costs_nothing_of_the_others(compare, scenario, monkeypatch):
    def open_or_break(self, argument):
        if argument == "none":
            raise KeyError("metadata")
        return SimulatedCluster()

    monkeypatch.setattr(SimulatedProvider, "open", open_or_break)
    clusters = ("--cluster", "simulated:none", "--cluster", "simulated")
    code, out, _ = compare(*clusters, "--no-check", scenario(), "-o", "json=c.json")
    assert code == 3
    assert "no answer: internal error, not your fault: KeyError: 'metadata'" in out
    rows = {row["name"]: row["cells"] for row in json.loads(Path("c.json").read_text())["rows"]}
    assert rows["deny"]["simulated"]["verdict"] == "PASS"
    assert rows["deny"]["simulated:none"]["verdict"] == "INCONCLUSIVE"


def test_what_was_measured_before_an_interruption_is_kept(compare, scenario, monkeypatch):
    opened = []

    def open_one(self, argument):
        opened.append(SimulatedCluster(faults=Faults(enforces=argument != "none")))
        if len(opened) == 2:
            opened[-1].on_exchange = lambda number: number == 9 and signal.raise_signal(signal.SIGINT)
        return opened[-1]

    monkeypatch.setattr(SimulatedProvider, "open", open_one)
    words = ("simulated", "simulated:none", "simulated:third")
    clusters = [word for each in words for word in ("--cluster", each)]
    code, out, _ = compare("--no-check", scenario(), *clusters, "-o", "json=c.json")
    assert code == 130
    assert len(opened) == 2
    assert all(cluster.closed for cluster in opened)
    assert "not everything was measured on simulated:none and simulated:third" in " ".join(out.split())
    columns = {column["label"]: column for column in json.loads(Path("c.json").read_text())["columns"]}
    assert columns["simulated"]["missing"] == ""
    assert columns["simulated:none"]["missing"] == "stopped by Ctrl-C (SIGINT)"
    assert columns["simulated:third"]["missing"].startswith("not measured: the comparison was stopped")


def test_a_journal_compares_as_the_report_of_its_run(compare, scenario, capsys):
    execute(["run", scenario(), "--settle", "6", "-o", "json=run.json"])
    execute(["run", "./deny", "--settle", "6", "--cluster", "simulated:none", "--journal", "none.jsonl"])
    capsys.readouterr()
    code, out, _ = compare("one=run.json", "other=none.jsonl", "-o", "json=c.json")
    assert code == 0
    assert "DIFFERENT: 2 clusters differ in 1 of 1 scenario" in out
    saved_rows = json.loads(Path("c.json").read_text())["rows"]
    compare(*BOTH, "--no-check", "./deny", "-o", "json=fresh.json")
    fresh = json.loads(Path("fresh.json").read_text())["rows"]
    assert [list(row["cells"].values()) for row in fresh] == [
        list(row["cells"].values()) for row in saved_rows
    ]


def test_a_cluster_and_a_saved_run(compare, scenario):
    execute(["run", scenario(), "--settle", "6", "-o", "json=before.json"])
    code, out, _ = compare("--cluster", "simulated:none", "--no-check", "before=before.json", "./deny")
    assert code == 0
    assert "the networks" not in out
    assert "On simulated:none the network lets pass what policies deny" in " ".join(out.split())


def test_saved_audits_of_two_clusters_that_are_alike(compare, saved):
    Path("other.json").write_text(Path("other.json").read_text(), encoding="utf-8-sig")  # of PowerShell
    code, out, _ = compare("check.json", "other.json")
    assert code == 0
    assert out.startswith("ALIKE: 2 clusters do not differ in 13 features (3 failing)\n")
    assert compare("check.json", "other.json", "--fail-on", "fail")[0] == 1
    assert compare("check.json", "other.json", "--fail-on", "difference")[0] == 0


def test_quiet_leaves_the_conclusion(compare, saved):
    assert compare("check.json", "other.json", "-q") == (
        0,
        "ALIKE: 2 clusters do not differ in 13 features (3 failing)\n",
        "",
    )


def test_an_audit_and_a_run_of_different_clusters_have_nothing_in_common(compare, saved):
    code, out, _ = compare("check.json", "run.json")
    assert code == 3
    assert out.startswith("INCONCLUSIVE: these have nothing in common that was measured\n")
    assert "only in context:staging: the whole network, default deny of ingress" in out
    assert "only in lab:flannel: scenario three-tier" in out


def test_a_report_on_standard_output_can_be_piped(compare, saved):
    code, out, err = compare("check.json", "other.json", "-o", "json=-")
    assert code == 0
    assert json.loads(out)["conclusion"]["word"] == "ALIKE"
    assert "ALIKE: 2 clusters" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "a comparison needs two clusters or saved runs, and nothing is named"),
        (["--cluster", "lab"], "a comparison needs two clusters or saved runs, and there is only one: lab"),
        (["check.json"], "there is only one: context:staging"),
        (["check.json", "check.json"], "check.json: this file is named twice"),
        (["check.json", "missing.json"], "missing.json: there is no such file"),
        (["check.json", "."], ".: it cannot be read: Is a directory"),
        (["check.json", "binary"], "binary: this is no report of netprobe: it is not text in UTF-8"),
        (["check.json", "long.json"], "long.json: this is no report: it has a number that is too long"),
        (["check.json", "surrogate.json"], "surrogate.json: invalid JSON"),
        (["check.json", "half.json"], "the file ends in the middle of a report"),
        (
            ["check.json", "audit.jsonl"],
            "this is the journal of an audit, which does not hold its conclusions",
        ),
        (["check.json", "broken.jsonl"], "broken.jsonl:1: this line is not JSON"),
        (["check.json", "x=other.json", "x=run.json"], 'run.json: the column "x" is of cluster staging'),
        (
            ["three-tier", "check.json"],
            "three-tier: there is no such file\n→ check the name; scenarios need --cluster",
        ),
        ([*BOTH, "--cluster", "simulated"], "--cluster simulated: this cluster is named twice"),
        (
            ["--cluster", "lab", "--cluster", "lab:enforcing"],
            "lab:enforcing: this is the same cluster as lab",
        ),
        (
            ["--cluster", "lab", "--cluster", "running-lab:missing"],
            '--cluster running-lab:missing: no lab "missing" runs',
        ),
        (["--cluster", "lab", "--cluster", "lab:flanel"], "did you mean 'flannel'?"),
        (["--cluster", "lab", "--cluster", "laab"], 'there is no kind of cluster "laab"'),
        (["--cluster", "lab", "--cluster", "context:nowhere"], "--cluster context:nowhere: There is no"),
        ([*BOTH, "no-such-scenario"], "no-such-scenario"),
        ([*BOTH, "--no-check"], "there is nothing to measure"),
        ([*BOTH, "-o", "junit=x"], '-o junit=x: there is no format "junit"'),
        ([*BOTH, "-o", "html=no/where"], "there is no folder no"),
    ],
)
def test_wrong_input_is_told_before_anything_runs(compare, saved, monkeypatch, arguments, told):
    monkeypatch.setenv("KUBECONFIG", "none.yaml")
    monkeypatch.setenv("XDG_STATE_HOME", str(Path.cwd()))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setattr(SimulatedProvider, "open", lambda *_: pytest.fail("a cluster was opened"))
    Path("binary").write_bytes(b"\xff\xfe\x00")
    Path("long.json").write_text(f'{{"netprobe_audit": {"1" * 5000}}}')
    Path("surrogate.json").write_text('{"netprobe_audit": 1, "conclusion": "\\ud800"}')
    Path("half.json").write_text(Path("check.json").read_text()[:900])
    header = (
        '{"netprobe_journal":1,"record":"header","run_id":"a","netprobe_version":"0","started":"","cluster":'
    )
    cluster = '{"name":"lab","kind":"lab","title":"lab"}'
    Path("audit.jsonl").write_text(f'{header}{cluster},"scenario":"enforcement-audit"}}\n')
    Path("broken.jsonl").write_text('{"netprobe_journal":1,\n')
    code, out, err = compare(*arguments)
    assert code == 2
    assert out == ""
    assert told in err
    assert not Path(".netprobe").exists()


def test_no_cluster_is_opened_where_no_journal_can_be_written(compare, monkeypatch):
    monkeypatch.setattr(SimulatedProvider, "open", lambda *_: pytest.fail("a cluster was opened"))
    Path(".netprobe").touch()
    code, _, err = compare(*BOTH)
    assert code == 2
    assert "the folder .netprobe for journals cannot be made" in err
    assert "→ set NETPROBE_JOURNALS to a folder" in err


def test_a_running_lab_by_its_name_and_without_is_the_same(compare, monkeypatch):
    monkeypatch.setattr("netprobe.cluster.providers.running_lab.find_lab", lambda folder, name: name)
    code, _, err = compare("--cluster", "running-lab", "--cluster", "running-lab:lab")
    assert code == 2
    assert "--cluster running-lab:lab: this is the same cluster as running-lab" in err
