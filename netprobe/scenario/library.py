"""The scenarios that come with netprobe, found by name; everything else is a path."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.scenario.load import FILE

_PACKAGE = Path(__file__).resolve().parents[1]


def library_roots() -> tuple[Path, ...]:
    """The directories of built-in scenarios: ``library`` in a wheel, ``scenarios`` of a checkout."""
    roots = [_PACKAGE / "library"]
    checkout = _PACKAGE.parent
    # Beside an installed package, a directory called scenarios would be somebody else's.
    if (checkout / "pyproject.toml").is_file():
        roots.append(checkout / "scenarios")
    return tuple(root for root in roots if root.is_dir())


def built_in(roots: Sequence[Path]) -> tuple[Path, ...]:
    """The folders of all built-in scenarios, by name; an earlier root hides the same name in later ones."""
    folders: dict[str, Path] = {}
    for root in roots:
        for file in root.glob(f"*/{FILE}"):
            folders.setdefault(file.parent.name, file.parent)
    return tuple(folders[name] for name in sorted(folders))


def find_scenario(word: str, roots: Sequence[Path]) -> Path:
    """The folder (or scenario.yaml) that a word on the command line means.

    A word without a slash is the name of a built-in scenario, else a path. Raises InputError when
    it is neither, with the nearest name.
    """
    folders = {folder.name: folder for folder in built_in(roots)}
    path = Path(word).expanduser()
    if word in folders:
        return folders[word]
    if path.exists():
        return path
    if "/" in word:
        raise InputError(f"there is no {word}", remedy="give the folder of a scenario, or its scenario.yaml")
    known = ", ".join(folders) or "none"
    near = did_you_mean(word, folders)
    raise InputError(
        f'there is no scenario "{word}"' + (f"; {near}" if near else ""),
        remedy=f"built-in scenarios are: {known}; or give the path of a folder with a {FILE}",
    )
