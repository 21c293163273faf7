"""Where settings come from: the command line, the environment, the nearest pyproject.toml."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from netprobe.config.settings import KEYS, Config, Fault, check
from netprobe.errors import InputError
from netprobe.model.place import Place, Problem

PREFIX = "NETPROBE_"
_OTHER_VARIABLES = frozenset({"NETPROBE_DEBUG"})
_TABLE = re.compile(r"^\s*\[\s*tool\s*\.\s*netprobe\s*\]")
_ANY_TABLE = re.compile(r"^\s*\[")


def load_config(overrides: Mapping[str, object], environment: Mapping[str, str], folder: Path) -> Config:
    """Return the settings: ``overrides`` (command line) > environment > ``[tool.netprobe]`` > defaults.

    ``overrides`` are by the settings' names, None where the option was not given. The file is the
    first pyproject.toml in ``folder`` or above it. Raises InputError with all problems of all
    sources, also of values that a stronger source overrides.
    """
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    values.update(_from_file(folder, problems))
    values.update(_from_environment(environment, problems))
    given = {key: value for key, value in overrides.items() if value is not None}
    found, faults = check(given, strict=False)
    problems.extend(_problem(fault, Place(file=f"--{fault.key}")) for fault in faults)
    values.update(found)
    if problems:
        raise InputError("the settings are wrong", problems=problems)
    if "output" in values:
        values["output"] = tuple(values["output"])
    return replace(Config(), **values)


def _from_file(folder: Path, problems: list[Problem]) -> Mapping[str, object]:
    path = next((p for p in _candidates(folder) if p.is_file()), None)
    if path is None:
        return {}
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text).get("tool", {}).get("netprobe", {})
    except tomllib.TOMLDecodeError as error:
        problems.append(_syntax_problem(path, str(error)))
        return {}
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(place=Place(file=_shown(path)), message=f"cannot be read: {error}"))
        return {}
    except AttributeError:
        problems.append(Problem(place=Place(file=_shown(path)), message="[tool] must be a table"))
        return {}
    if not isinstance(table, dict):
        problems.append(Problem(place=Place(file=_shown(path)), message="[tool.netprobe] must be a table"))
        return {}
    found, faults = check(table, strict=True)
    placed = (_problem(fault, _place_of(fault.key, path, text)) for fault in faults)
    problems.extend(sorted(placed, key=lambda problem: problem.place))
    return found


def _candidates(folder: Path) -> list[Path]:
    start = folder.resolve()
    return [parent / "pyproject.toml" for parent in (start, *start.parents)]


def _from_environment(environment: Mapping[str, str], problems: list[Problem]) -> Mapping[str, object]:
    """Return the settings that variables give; a wrong name is a problem only when it is nearly right.

    For a Service called netprobe, Kubernetes sets ``NETPROBE_PORT`` and such in the pods beside it.
    """
    names = {f"{PREFIX}{key.replace('-', '_').upper()}": key for key in KEYS}
    given: dict[str, object] = {}
    for variable in sorted(v for v in environment if v.startswith(PREFIX) and v not in _OTHER_VARIABLES):
        if variable in names:
            key, text = names[variable], environment[variable]
            given[key] = [word for word in text.split(",") if word] if key == "output" else text
            continue
        close = difflib.get_close_matches(variable, names, n=1, cutoff=0.88)
        if close:
            place, hint = Place(file=f"environment variable {variable}"), f"did you mean {close[0]}?"
            problems.append(Problem(place=place, message="there is no such setting", hint=hint))
    found, faults = check(given, strict=False)
    for fault in faults:
        variable = next(name for name, key in names.items() if key == fault.key)
        problems.append(_problem(fault, Place(file=f"environment variable {variable}")))
    return found


def _problem(fault: Fault, place: Place) -> Problem:
    return Problem(place=place, message=fault.message, hint=fault.hint)


def _place_of(key: str, path: Path, text: str) -> Place:
    """Find the line of ``key`` in the section, since TOML values carry no positions."""
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if _ANY_TABLE.match(line):
            inside = bool(_TABLE.match(line))
        found = re.match(rf"""\s*(["']?){re.escape(key)}\1\s*=""", line)
        if inside and found:
            return Place(file=_shown(path), line=number, column=len(line) - len(line.lstrip()) + 1)
    return Place(file=_shown(path))


def _syntax_problem(path: Path, message: str) -> Problem:
    found = re.search(r"\s*\(at line (\d+), column (\d+)\)$", message)
    if found is None:
        return Problem(place=Place(file=_shown(path)), message=message)
    place = Place(file=_shown(path), line=int(found[1]), column=int(found[2]))
    return Problem(place=place, message=message[: found.start()])


def _shown(path: Path) -> str:
    """Return the path relative to where the user stands when it is below, else whole."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)
