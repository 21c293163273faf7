"""``netprobe clean`` without a cluster; with one: test_lab."""

from __future__ import annotations

import pytest

from netprobe.cli.main import execute


@pytest.fixture(autouse=True)
def state(desk, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(desk / "state"))
    return desk / "state" / "netprobe" / "labs"


def test_a_lab_of_a_run_leaves_nothing(capsys):
    assert execute(["clean", "--cluster", "lab"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "leaves nothing behind" in captured.err


def test_a_dead_labs_folder_goes(state, capsys):
    (state / "dead").mkdir(parents=True)
    assert execute(["clean", "--cluster", "lab"]) == 0
    assert "swept what was left of the lab dead" in capsys.readouterr().err
    assert not (state / "dead").exists()


def test_a_cluster_without_leftovers(capsys):
    assert execute(["clean"]) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "netprobe: nothing to remove"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--run", "x", "--expired"], "exclude one another"),
        (["--run", "x"], 'no namespace of a run "x" is there'),
        (["--cluster", "labb"], 'did you mean "lab"?'),
        (["--cluster", "running-lab:none-such"], 'no lab "none-such" runs'),
    ],
)
def test_wrong_input(arguments, words, capsys):
    assert execute(["clean", *arguments]) == 2
    assert words in capsys.readouterr().err
