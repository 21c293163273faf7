"""The whole library on real packets, as a user runs it."""

from __future__ import annotations

import json

import pytest
from junitparser import JUnitXml

from netprobe.model.permission import Purpose
from netprobe.scenario.library import built_in, library_roots
from tests.acceptance import asking
from tests.acceptance.measuring import netprobe

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.timeout(180)]


def run_all(folder):
    """About 45 s: six scenarios at a time, the longest (five steps) decides."""
    reports = ("-o", "json=out.json", "-o", "junit=out.xml")
    return folder, netprobe(
        "run", "--all", "--cluster", "lab", *reports, folder=folder, program=[asking.__file__]
    )


STORIES = {"run_all": run_all}


def test_run_all_passes_on_the_enforcing_lab(told):
    folder, done = told("run_all")
    assert done.returncode == 0, done.stdout + done.stderr
    names = [folder.name for folder in built_in(library_roots())]
    runs = json.loads((folder / "out.json").read_text())["runs"]
    assert [run["scenario"] for run in runs] == names
    for run in runs:
        assert set(run["counts"]) == {"flows", "PASS"}, run["scenario"]
        assert all(s["flipped"] is not False for step in run["steps"] for s in step["sentinels"])
    lines = done.stdout.splitlines()[:-2]
    assert [line.split()[:2] for line in lines] == [["PASS", name] for name in names]
    suites = JUnitXml.fromfile(str(folder / "out.xml"))
    assert [(suite.name, suite.failures, suite.errors) for suite in suites] == [
        (name, 0, 0) for name in names
    ]


def test_the_library_asks_for_what_the_table_of_permissions_has_and_no_more(told):
    folder, _ = told("run_all")
    asked = [tuple(each) for each in json.loads((folder / asking.FILE).read_text())]
    assert asking.uncovered(asked, Purpose.RUN) == []
    assert asking.unused(asked, Purpose.RUN) == set()
