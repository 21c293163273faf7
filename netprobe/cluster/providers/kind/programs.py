"""The only door to kind, docker, kubectl, helm and cilium: run one, with a deadline, and take its answer.

A program runs in a process group of its own: a Ctrl-C at the terminal reaches netprobe alone, which then
ends the program and cleans up.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from netprobe.errors import EnvironmentFailure, InputError

_MOST_LINES = 12
_WIDEST = 300
_GRACE_SECONDS = 5.0
"""How long a program may take to end after SIGTERM."""

INSTALL: Mapping[str, str] = {
    "kind": "install it: https://kind.sigs.k8s.io/docs/user/quick-start/#installation",
    "docker": "install Docker: https://docs.docker.com/engine/install/",
    "kubectl": "install it: https://kubernetes.io/docs/tasks/tools/",
    "helm": "install it: https://helm.sh/docs/intro/install/ (for Cilium, its CLI will do)",
    "cilium": "install it: https://docs.cilium.io/en/stable/gettingstarted/k8s-install-default/",
}
"""Where each program comes from, as a remedy."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a program said: its exit ``code`` (negative: the signal that ended it) and its words."""

    code: int
    output: str
    errors: str


class ProgramFailed(EnvironmentFailure):
    """A program ended with a bad exit code (or not in time); ``words`` is all that it said."""

    def __init__(self, message: str, *, words: str, remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.words = words


def _environment() -> dict[str, str]:
    """Ours, but kind shall make its nodes with Docker: that is where they are looked for."""
    return {name: value for name, value in os.environ.items() if name != "KIND_EXPERIMENTAL_PROVIDER"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Programs:
    """External programs in one environment: ``variables`` are theirs, PATH among them."""

    variables: Mapping[str, str] = field(default_factory=_environment)

    def has(self, name: str) -> bool:
        """Whether there is such a program."""
        return self._path(name) is not None

    def with_variables(self, **more: str) -> Programs:
        """The same programs with further variables."""
        return Programs(variables={**self.variables, **more})

    def ask(self, *argv: str, deadline: float, text: str = "") -> Answer:
        """Run a program to its end with ``text`` as its stdin; any exit code is an answer.

        ``deadline`` in seconds. Raises InputError when there is no such program, ProgramFailed when it
        does not end in time. Whatever ends the waiting (an interruption, too) ends the program.
        """
        process = self._start(argv)
        try:
            output, errors = process.communicate(text, timeout=deadline)
        except subprocess.TimeoutExpired:
            output, errors = _end(process)
            said = _shortened(f"{output}\n{errors}")
            raise ProgramFailed(
                f"`{shown(argv)}` did not end within {deadline:g} s{said}", words=f"{output}\n{errors}"
            ) from None
        except BaseException:
            _end(process)
            raise
        return Answer(code=process.returncode, output=output, errors=errors)

    def run(self, *argv: str, deadline: float, text: str = "") -> str:
        """Run a program to its end and return its stdout; raises ProgramFailed for a bad exit code, too."""
        answer = self.ask(*argv, deadline=deadline, text=text)
        if answer.code != 0:
            words = f"{answer.output}\n{answer.errors}"
            raise ProgramFailed(
                f"`{shown(argv)}` failed (exit code {answer.code}){_shortened(words)}", words=words
            )
        return answer.output

    def _start(self, argv: Sequence[str]) -> subprocess.Popen[str]:
        path = self._path(argv[0])
        if path is None:
            raise missing(argv[0])
        try:
            return subprocess.Popen(
                [path, *argv[1:]],
                env=dict(self.variables),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        except OSError as error:
            raise EnvironmentFailure(f"{path} cannot be run: {error.strerror or error}") from error

    def _path(self, name: str) -> str | None:
        return shutil.which(name, path=self.variables.get("PATH", os.defpath))


def missing(name: str) -> InputError:
    """What to tell of a program that is not there."""
    return InputError(f"the program {name} is not on PATH", remedy=INSTALL.get(name, f"install {name}"))


def shown(argv: Sequence[str]) -> str:
    """The command line as one would type it, shortened."""
    return _cut(shlex.join(argv))


def _shortened(words: str) -> str:
    """The last lines of what a program said, as the end of a message; "" when it said nothing."""
    lines = [_cut(line.strip()) for line in words.splitlines() if line.strip()]
    if not lines:
        return ""
    left_out = [f"({len(lines) - _MOST_LINES} lines before these)"] if len(lines) > _MOST_LINES else []
    return ":\n    " + "\n    ".join(left_out + lines[-_MOST_LINES:])


def _cut(line: str) -> str:
    return line if len(line) <= _WIDEST else f"{line[:_WIDEST]}…"


def _end(process: subprocess.Popen[str]) -> tuple[str, str]:
    """End the program and its children; returns what it had said."""
    try:
        _signal(process, signal.SIGTERM)
        return process.communicate(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGKILL)
        return process.communicate()
    finally:  # also when we are interrupted a second time
        if process.poll() is None:
            _signal(process, signal.SIGKILL)


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
