"""Scenarios by word: all problems of all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from netprobe.app.scenarios import load_scenarios
from netprobe.errors import InputError

SCENARIO = """\
netprobe: 1
name: {name}
grid: {{namespaces: {{x: {{}}}}, pods: [a, b], ports: [80]}}
steps: [{{name: nothing}}]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A maker of scenario folders, in which the test stands."""
    monkeypatch.chdir(tmp_path)

    def make(name: str, text: str) -> str:
        Path(name).mkdir()
        (Path(name) / "scenario.yaml").write_text(text, encoding="utf-8")
        return f"./{name}"

    return make


def test_a_scenario_that_is_named_twice_is_run_once(folder):
    word = folder("grid", SCENARIO.format(name="grid"))
    scenarios = load_scenarios([word, f"{word}/scenario.yaml", f"{word}/"], everything=False)
    assert [scenario.name for scenario in scenarios] == ["grid"]


def test_the_library_is_found_by_name_and_by_all():
    (one,) = load_scenarios(["three-tier"], everything=False)
    assert one.name == "three-tier"
    assert "three-tier" in [scenario.name for scenario in load_scenarios([], everything=True)]


@pytest.mark.parametrize(
    ("words", "everything", "message"),
    [
        ([], False, "no scenario is named"),
        (["three-tier"], True, "scenarios are named beside --all"),
        (["three-tir"], False, 'there is no scenario "three-tir"; did you mean "three-tier"?'),
        (["./nowhere"], False, "there is no ./nowhere"),
    ],
)
def test_wrong_words(words, everything, message):
    with pytest.raises(InputError) as caught:
        load_scenarios(words, everything=everything)
    assert caught.value.message == message
    assert caught.value.remedy


def test_the_problems_of_all_scenarios_are_told_at_once(folder):
    first = folder("first", SCENARIO.format(name="first") + "stepz: []\n")
    second = folder("second", SCENARIO.format(name="second") + "titel: x\n")
    with pytest.raises(InputError, match="3 scenarios cannot be used") as caught:
        load_scenarios([first, second, "nowhere"], everything=False)
    told = [str(problem) for problem in caught.value.problems]
    assert told[0].startswith("first/scenario.yaml:5:1: ")
    assert told[1].startswith("second/scenario.yaml:5:1: ")
    assert told[2].startswith('nowhere: there is no scenario "nowhere"')


def test_two_scenarios_of_one_name_are_refused(folder):
    words = [folder(name, SCENARIO.format(name="same")) for name in ("one", "two")]
    with pytest.raises(InputError, match='two scenarios are called "same"'):
        load_scenarios(words, everything=False)
