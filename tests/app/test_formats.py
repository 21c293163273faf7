"""Outputs: every wrong word is told before a run; every report is written after it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netprobe.app.formats import FORMATS, Output, parse_outputs, write_outputs
from netprobe.errors import InputError
from netprobe.model.run import ClusterDescription, RunResult

RUN = RunResult(
    run_id="r",
    scenario="s",
    title="",
    cluster=ClusterDescription(name="simulated", kind="simulated", title="simulated cluster"),
    netprobe_version="0",
    started="2026-01-01T00:00:00Z",
    seconds=0.0,
    steps=(),
)


def test_words_become_outputs(tmp_path):
    words = [f"json={tmp_path}/r.json", f"junit={tmp_path}/r.xml", "json=-"]
    assert parse_outputs(words) == (
        Output(format="json", path=tmp_path / "r.json"),
        Output(format="junit", path=tmp_path / "r.xml"),
        Output(format="json", path=None),
    )
    assert parse_outputs([]) == ()


def test_all_wrong_words_are_told_at_once(tmp_path):
    words = [
        "report.json",
        "jsn=x",
        "pdf=x",
        "json=",
        f"json={tmp_path}",
        "json=/nowhere/x",
        "junit=-",
        "json=-",
    ]
    with pytest.raises(InputError) as caught:
        parse_outputs(words)
    told = [str(problem) for problem in caught.value.problems]
    assert [line.split(": ")[0] for line in told] == [f"-o {w}" for w in words if w != "junit=-"]
    assert "this names no format" in told[0]
    assert 'did you mean "json"?' in told[1]
    assert "formats are: json, junit" in told[2]
    assert "this names no file" in told[3]
    assert "it is a folder" in told[4]
    assert "there is no folder /nowhere" in told[5]
    assert "same place" in told[6]


def test_one_file_cannot_hold_two_reports(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        parse_outputs(["json=a", f"junit={tmp_path}/a"])
    assert "same place" in str(caught.value.problems[0])


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_loads_and_writes(name, tmp_path):
    path = tmp_path / "report"
    printed: list[str] = []
    outputs = [Output(format=name, path=path), Output(format=name, path=None)]
    write_outputs(outputs, [RUN], printed.append)
    assert printed == [path.read_text(encoding="utf-8")]
    assert "simulated" in printed[0] or '"s"' in printed[0]


def test_a_report_that_fails_does_not_keep_the_others(tmp_path):
    outputs = [
        Output(format="json", path=Path("/dev/full")),
        Output(format="json", path=tmp_path / "r.json"),
    ]
    with pytest.raises(InputError) as caught:
        write_outputs(outputs, [RUN] * 50, lambda text: None)
    assert "No space left" in str(caught.value.problems[0])
    assert len(json.loads((tmp_path / "r.json").read_text())["runs"]) == 50
