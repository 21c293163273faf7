"""``netprobe judge``: journals of all sorts, good and bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from netprobe.cli.main import execute


@pytest.fixture
def journal(scenario, capsys) -> Path:
    """The journal of a run that passed."""
    assert execute(["run", scenario(), "--journal", "good.jsonl", "-q"]) == 0
    capsys.readouterr()
    return Path("good.jsonl")


def test_the_report_comes_again(journal, capsys):
    assert execute(["judge", "good.jsonl"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("PASS: ")


def test_a_killed_run_is_judged_as_far_as_it_got(journal, capsys):
    lines = journal.read_text().splitlines(keepends=True)
    Path("cut.jsonl").write_text("".join(lines[:-2]) + lines[-2][:40])
    assert execute(["judge", "cut.jsonl"]) == 3
    assert "INTERRUPTED: the run was killed" in capsys.readouterr().out


def test_several_journals_are_one_report(journal, capsys):
    assert execute(["judge", "good.jsonl", "good.jsonl", "-o", "junit=all.xml"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split()[:2] for row in rows[:2]] == [["PASS", "deny"]] * 2
    assert rows[-1] == "PASS: all 2 runs pass (exit code 0)"
    assert Path("all.xml").read_text().count("<testsuite ") == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read"),
        ("", "not a journal"),
        ("nonsense\n", "bad.jsonl:1: "),
        ('{"netprobe_journal": 99}\n', "bad.jsonl:1: "),
        ("\x00\xff\n", "bad.jsonl:1: "),
    ],
)
def test_what_is_no_journal_is_wrong_input(content, words, desk, capsys):
    if content is not None:
        Path("bad.jsonl").write_text(content)
    assert execute(["judge", "bad.jsonl"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert "Traceback" not in captured.err


def test_a_broken_line_is_told_with_its_number(journal, capsys):
    lines = journal.read_text().splitlines(keepends=True)
    lines[2] = "{}\n"
    Path("broken.jsonl").write_text("".join(lines))
    assert execute(["judge", "broken.jsonl"]) == 2
    assert "broken.jsonl:3: " in capsys.readouterr().err
