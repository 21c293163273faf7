"""Names and places of journals."""

from __future__ import annotations

from pathlib import Path

import pytest

from netprobe.app.journals import journal_paths
from netprobe.errors import InputError
from netprobe.model.scenario import Scenario

ONE = [Scenario(name="one")]
TWO = [Scenario(name="one"), Scenario(name="two")]


def test_by_default_they_go_to_a_folder_that_git_ignores(tmp_path):
    folder = tmp_path / "deep" / ".netprobe"
    paths = journal_paths(TWO, ["aa", "bb"], named=None, folder=str(folder))
    assert paths == (folder / "netprobe-one-aa.jsonl", folder / "netprobe-two-bb.jsonl")
    assert (folder / ".gitignore").read_text().endswith("*\n")


def test_a_folder_that_is_there_keeps_its_own_gitignore(tmp_path):
    journal_paths(ONE, ["aa"], named=None, folder=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_name_may_be_a_file_or_a_folder(tmp_path):
    assert journal_paths(ONE, ["aa"], named=str(tmp_path / "j"), folder="x") == (tmp_path / "j",)
    assert journal_paths(ONE, ["aa"], named=str(tmp_path), folder="x") == (
        tmp_path / "netprobe-one-aa.jsonl",
    )
    assert not Path("x").exists()


@pytest.mark.parametrize(
    ("scenarios", "named", "message"),
    [
        (TWO, "j.jsonl", "is one file, but 2 scenarios are run"),
        (ONE, "old.jsonl", "exists already"),
        (ONE, "missing/j.jsonl", "there is no folder missing for the journal"),
    ],
)
def test_what_cannot_be_is_told(scenarios, named, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.jsonl").touch()
    with pytest.raises(InputError, match=message) as caught:
        journal_paths(scenarios, ["aa", "bb"][: len(scenarios)], named=named, folder="x")
    assert caught.value.remedy


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be made"):
        journal_paths(ONE, ["aa"], named=None, folder=str(tmp_path / "file" / "folder"))
