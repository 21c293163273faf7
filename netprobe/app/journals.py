"""Where journals go, and what they are called."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from netprobe.errors import InputError
from netprobe.model.scenario import Scenario

_ELSEWHERE = "give --journal FILE in a folder that you may write to"
_IGNORE = "# made by netprobe: journals are not for version control\n*\n"


def journal_paths(
    scenarios: Sequence[Scenario], run_ids: Sequence[str], *, named: str | None, folder: str
) -> tuple[Path, ...]:
    """Return a path for the journal of each scenario, in a folder that exists then.

    ``named`` is the user's word: a file (for one scenario), or a folder that exists. Without it
    journals are ``netprobe-SCENARIO-RUN.jsonl`` in ``folder``, which is made. Raises InputError
    when that cannot be, before a run is spent on it.
    """
    pairs = zip(scenarios, run_ids, strict=True)
    names = [f"netprobe-{scenario.name}-{run_id}.jsonl" for scenario, run_id in pairs]
    if named is None:
        default = Path(folder).expanduser()
        _make(default)
        return tuple(default / name for name in names)
    path = Path(named).expanduser()
    folder_of_all = path if path.is_dir() else path.parent
    if folder_of_all.is_dir() and not os.access(folder_of_all, os.W_OK | os.X_OK):
        raise InputError(f"the folder {folder_of_all} for the journal is not writable", remedy=_ELSEWHERE)
    if path.is_dir():
        return tuple(path / name for name in names)
    if len(names) > 1:
        raise InputError(
            f"--journal {named} is one file, but {len(names)} scenarios are run",
            remedy="name a folder that exists: each scenario gets a journal in it",
        )
    if path.exists():
        raise InputError(f"the journal {path} exists already", remedy="journals are never overwritten")
    if not path.parent.is_dir():
        raise InputError(f"there is no folder {path.parent} for the journal", remedy="make it first")
    return (path,)


def _make(folder: Path) -> None:
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)  # another process may have made it meanwhile
            (folder / ".gitignore").write_text(_IGNORE, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"the folder {folder} for journals cannot be made: {error.strerror}",
            remedy=_ELSEWHERE,
        ) from error
