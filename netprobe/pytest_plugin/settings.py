"""The settings of a pytest session: option over ini file over environment over ``[tool.netprobe]``."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from netprobe.app.pytest_runs import check_config
from netprobe.config.load import load_config
from netprobe.config.settings import Config
from netprobe.errors import InputError, NetprobeError
from netprobe.model.place import Place, Problem


def read_settings(config: pytest.Config) -> Config:
    """Return the settings; raises UsageError with every problem when they are wrong."""
    overrides = {
        "cluster": _given(config, "netprobe_cluster"),
        "settle": _given(config, "netprobe_settle"),
        "output": _given(config, "netprobe_report"),
    }
    try:
        settings = load_config(overrides, os.environ, config.rootpath)
        check_config(settings)
    except InputError as error:
        raise pytest.UsageError(explain(error)) from None
    return settings


def explain(error: NetprobeError) -> str:
    """Return the message, the problems and the remedy as lines."""
    problems = error.problems if isinstance(error, InputError) else ()
    lines = [f"netprobe: {error.message}", *(f"  {_in_our_words(problem)}" for problem in problems)]
    lines += [f"→ {error.remedy}"] if error.remedy else []
    return "\n".join(lines)


def _given(config: pytest.Config, name: str) -> object:
    """The option, else the ini setting, else None (which leaves it to the weaker sources)."""
    option = config.getoption(name, None)
    return option if option is not None else (config.getini(name) or None)


def _in_our_words(problem: Problem) -> Problem:
    """Name the options of pytest where the command line's are named."""
    names = {
        "--cluster": "--netprobe-cluster",
        "--settle": "--netprobe-settle",
        "--output": "--netprobe-report",
    }
    file = problem.place.file
    if file in names:
        return replace(problem, place=Place(file=names[file]))
    if file.startswith("-o "):
        return replace(problem, place=Place(file=f"--netprobe-report {file[3:]}"))
    return problem
