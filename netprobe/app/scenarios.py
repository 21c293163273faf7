"""Scenarios by the words of the command line, loaded all at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from netprobe.errors import InputError
from netprobe.model.place import Place, Problem
from netprobe.model.scenario import Scenario
from netprobe.scenario.library import built_in, find_scenario, library_roots
from netprobe.scenario.load import load_scenario


def load_scenarios(words: Sequence[str], *, everything: bool) -> tuple[Scenario, ...]:
    """Return the scenarios that ``words`` name, or with ``everything`` those that come with netprobe.

    A scenario that is named twice is run once. Raises InputError with the problems of all
    scenarios at once, or when two different ones share a name (reports would mix them up).
    """
    if everything and words:
        raise InputError("scenarios are named beside --all", remedy="give names, or --all, not both")
    if not everything and not words:
        names = ", ".join(folder.name for folder in built_in(library_roots()))
        raise InputError("no scenario is named", remedy=f"name one of: {names}; or a path; or give --all")
    errors: list[tuple[str, InputError]] = []
    scenarios: dict[Path, Scenario] = {}
    for word in (str(folder) for folder in built_in(library_roots())) if everything else words:
        try:
            path = find_scenario(word, library_roots())
            folder = (path if path.is_dir() else path.parent).resolve()
            if folder not in scenarios:
                scenarios[folder] = load_scenario(path)
        except InputError as error:
            errors.append((word, error))
    _raise(errors)
    _refuse_equal_names(scenarios)
    return tuple(scenarios.values())


def _raise(errors: Sequence[tuple[str, InputError]]) -> None:
    """Raise what was found: one error as it is, several as the list of all their problems."""
    if len(errors) == 1:
        raise errors[0][1]
    if errors:
        problems = [problem for word, error in errors for problem in problems_of(word, error)]
        raise InputError(f"{len(errors)} scenarios cannot be used", problems=problems)


def problems_of(word: str, error: InputError) -> Sequence[Problem]:
    """The problems of a scenario, or the failure to find it as one."""
    return error.problems or (Problem(place=Place(file=word), message=error.message, hint=error.remedy),)


def _refuse_equal_names(scenarios: dict[Path, Scenario]) -> None:
    folders: dict[str, Path] = {}
    for folder, scenario in scenarios.items():
        other = folders.setdefault(scenario.name, folder)
        if other != folder:
            raise InputError(
                f'two scenarios are called "{scenario.name}": {other} and {folder}',
                remedy="run them one at a time, or rename one",
            )
