"""The whole library on real packets, as a user runs it."""

from __future__ import annotations

import json

import pytest
from junitparser import JUnitXml

from netprobe.cli.main import execute
from netprobe.scenario.library import built_in, library_roots

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(180)]


def test_run_all_passes_on_the_enforcing_lab(tmp_path, monkeypatch, capsys):
    """About 40 s: six scenarios at a time, the longest (five steps) decides."""
    monkeypatch.chdir(tmp_path)
    code = execute(["run", "--all", "--cluster", "lab", "-o", "json=out.json", "-o", "junit=out.xml"])
    out = capsys.readouterr().out
    assert code == 0, out
    names = [folder.name for folder in built_in(library_roots())]
    runs = json.loads((tmp_path / "out.json").read_text())["runs"]
    assert [run["scenario"] for run in runs] == names
    for run in runs:
        assert set(run["counts"]) == {"flows", "PASS"}, run["scenario"]
        assert all(s["flipped"] is not False for step in run["steps"] for s in step["sentinels"])
    assert [line.split()[:2] for line in out.splitlines()[:-2]] == [["PASS", name] for name in names]
    suites = JUnitXml.fromfile("out.xml")
    assert [(suite.name, suite.failures, suite.errors) for suite in suites] == [
        (name, 0, 0) for name in names
    ]
