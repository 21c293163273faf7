"""Whether this machine can hold a lab: what is there, and what a trial in namespaces of its own showed."""

from __future__ import annotations

import json
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from netprobe.errors import EnvironmentFailure
from netprobe.lab.cluster.process import small_environment
from netprobe.lab.cluster.records import survey
from netprobe.lab.kernel import shell
from netprobe.lab.kernel.programs import DEBIAN_PACKAGES, SEARCH_PATH

_MODULE = "netprobe.lab.cluster.tryout"
_TRIAL_SECONDS = 20.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitness:
    """What a lab would find here.

    ``programs`` maps each to its path ("": missing), ``packages`` to where it comes from. ``refused`` says
    why there are no namespaces for a lab, with the ``remedy``; ``features`` of the kernel map to why they do
    not work, "" when they do. ``running`` and ``dead`` are labs that ``netprobe lab up`` started.
    """

    kernel: str
    root: bool
    programs: Mapping[str, str]
    packages: Mapping[str, str] = field(default_factory=lambda: DEBIAN_PACKAGES)
    refused: str = ""
    remedy: str = ""
    features: Mapping[str, str] = field(default_factory=dict)
    running: tuple[str, ...] = ()
    dead: tuple[str, ...] = ()


def examine_machine(folder: Path) -> Fitness:
    """Look at this machine, and at the labs in ``folder``; no lab is started. Raises InputError (folder)."""
    programs = {name: shutil.which(name, path=SEARCH_PATH) or "" for name in DEBIAN_PACKAGES}
    refused, remedy, features = _trial()
    running, dead = survey(folder)
    return Fitness(
        kernel=f"{platform.system()} {platform.release()}",
        root=os.geteuid() == 0,
        programs=programs,
        refused=refused,
        remedy=remedy,
        features=features,
        running=running,
        dead=dead,
    )


def _trial() -> tuple[str, str, Mapping[str, str]]:
    """Why there are no namespaces and what to do, else what works in them."""
    argv = (sys.executable, "-P", "-m", _MODULE)
    try:
        answer = shell.run(argv, timeout=_TRIAL_SECONDS, environment=small_environment())
    except EnvironmentFailure as failure:
        return failure.message, failure.remedy, {}
    try:
        told = json.loads(answer.output)
        return str(told["refused"]), str(told["remedy"]), dict(told["features"])
    except (ValueError, KeyError, TypeError):
        words = " ".join(answer.errors.split())[-300:]
        return f"the trial ended with exit code {answer.code}: {words or 'it said nothing'}", "", {}
