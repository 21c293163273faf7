"""Where scenario files are collected: under the paths of the command line and of ``netprobe_scenarios``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


class Places:
    """The files and folders that the user pointed at, absolute.

    Raises UsageError when a bare ``pytest`` has a word of ``netprobe_scenarios`` that matches nothing.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._named = tuple(self._of_ini())
        self.roots = (*self._of_arguments(), *self._named)

    def holds(self, path: Path) -> bool:
        """Tell whether ``path`` lies where the user pointed."""
        return any(path.resolve().is_relative_to(root) for root in self.roots)

    def add_to_arguments(self) -> None:
        """Let a ``pytest`` without paths of its own visit the folders of ``netprobe_scenarios``, too."""
        if self._from_user():
            return
        visited = [self._absolute(argument) for argument in self._config.args]
        for root in self._named:
            if not any(root.is_relative_to(other) for other in visited):
                self._config.args.append(str(root))

    def _from_user(self) -> bool:
        return self._config.args_source is pytest.Config.ArgsSource.ARGS

    def _of_arguments(self) -> Iterator[Path]:
        if self._from_user():
            yield from (self._absolute(argument) for argument in self._config.args)

    def _absolute(self, argument: str) -> Path:
        return (self._config.invocation_params.dir / argument.partition("::")[0]).resolve()

    def _of_ini(self) -> Iterator[Path]:
        folder = self._config.inipath.parent if self._config.inipath else self._config.rootpath
        for word in self._config.getini("netprobe_scenarios"):
            found = sorted(_matches(folder, word))
            if not found and not self._from_user():
                raise pytest.UsageError(f"netprobe_scenarios: {word} matches nothing below {folder}")
            yield from (path.resolve() for path in found)


def _matches(folder: Path, word: str) -> Iterator[Path]:
    """What a path or a glob below ``folder`` means; an absolute path is itself."""
    if (folder / word).exists():
        yield folder / word
    elif not Path(word).is_absolute():
        yield from folder.glob(word)
