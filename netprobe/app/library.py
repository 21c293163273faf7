"""Scenarios without a cluster: which there are, what is in them, what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from netprobe.app.scenarios import problems_of
from netprobe.errors import InputError
from netprobe.model.place import Problem
from netprobe.model.scenario import Feature, Scenario
from netprobe.scenario.flows import flows_of_step
from netprobe.scenario.library import built_in, find_scenario, library_roots
from netprobe.scenario.load import FILE, load_scenario


def library() -> tuple[Scenario, ...]:
    """The scenarios that come with netprobe, by name; raises InputError for a broken one."""
    return tuple(load_scenario(folder) for folder in built_in(library_roots()))


def find(word: str) -> tuple[Scenario, Path]:
    """A scenario by name or path, and its folder; raises InputError."""
    path = find_scenario(word, library_roots())
    return load_scenario(path), path if path.is_dir() else path.parent


def number_of_flows(scenario: Scenario) -> tuple[int, ...]:
    """How many flows each step has."""
    return tuple(len(flows_of_step(scenario, step)) for step in scenario.steps)


def by_feature(scenarios: Iterable[Scenario]) -> Mapping[Feature, tuple[str, ...]]:
    """For each feature, the names of the scenarios that have it."""
    scenarios = tuple(scenarios)
    return {word: tuple(each.name for each in scenarios if word in each.features) for word in Feature}


def validate(words: Sequence[str]) -> int:
    """Check every scenario that ``words`` name, or that lies in a folder they name; returns how many.

    Raises InputError with the problems of all of them.
    """
    problems: list[Problem] = []
    checked: set[Path] = set()
    for word in words:
        try:
            paths = _scenarios_at(find_scenario(word, library_roots()))
        except InputError as error:
            problems += problems_of(word, error)
            continue
        for path in paths:
            folder = (path if path.is_dir() else path.parent).resolve()
            if folder not in checked:
                checked.add(folder)
                problems += _check(path)
    if problems:
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
        raise InputError(count, problems=problems)
    return len(checked)


def _scenarios_at(path: Path) -> tuple[Path, ...]:
    """The path itself when it is a scenario, else the scenarios in the folders below it."""
    if not path.is_dir() or (path / FILE).exists():
        return (path,)
    found = tuple(sorted(file.parent for file in path.rglob(FILE)))
    if not found:
        raise InputError(f"neither {path} nor a folder below it holds a {FILE}")
    return found


def _check(path: Path) -> Sequence[Problem]:
    try:
        load_scenario(path)
    except InputError as error:
        return problems_of(str(path), error)
    return ()
