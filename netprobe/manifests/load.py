"""Manifests from files to an inventory, in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TextIO

from netprobe.errors import InputError
from netprobe.manifests.inventory import read_inventory
from netprobe.manifests.sources import RENDER, read_sources
from netprobe.model.inventory import Inventory
from netprobe.model.place import Problem


def load_inventory(
    paths: Sequence[str], *, default_namespace: str = "default", stdin: TextIO | None = None
) -> Inventory:
    """Return the inventory of all manifests behind ``paths``: files, folders, and ``-`` for ``stdin``.

    Raises InputError with every problem of every file.
    """
    problems: list[Problem] = []
    inventory = read_inventory(
        read_sources(paths, stdin, problems), problems, default_namespace=default_namespace
    )
    if problems:
        problems = [_named_as_template(problem) for problem in problems]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"{problems[0]}{more}", problems=problems)
    return inventory


def _named_as_template(problem: Problem) -> Problem:
    """Say of a value with a Helm action in quotes, which is good YAML, where it comes from."""
    return replace(problem, hint=RENDER) if "{{" in problem.message else problem
