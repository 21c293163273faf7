"""The only door to ``subprocess``: run a program and take its answer, or start one and keep it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from netprobe.errors import EnvironmentFailure

StartedProgram = subprocess.Popen[bytes]
"""A program that runs beside us; ``poll``, ``wait(timeout)``, ``kill`` and ``pid`` as in Python."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a program said: its exit ``code`` (negative: the signal that ended it) and its words."""

    code: int
    output: str
    errors: str


def run(
    argv: Sequence[str],
    *,
    text: str = "",
    timeout: float = 10.0,
    environment: Mapping[str, str] | None = None,
) -> Answer:
    """Run a program to its end with ``text`` as its stdin, at most ``timeout`` seconds.

    ``environment`` None: ours.

    A bad exit code is an Answer; EnvironmentFailure is raised when the program cannot be run at
    all or does not end in time (it is killed then).
    """
    try:
        done = subprocess.run(
            argv,
            input=text,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            env=None if environment is None else dict(environment),
        )
    except subprocess.TimeoutExpired:
        raise EnvironmentFailure(f"{argv[0]} did not end within {timeout:g} s") from None
    except OSError as error:
        raise EnvironmentFailure(f"{argv[0]} cannot be run: {error.strerror}") from error
    return Answer(code=done.returncode, output=done.stdout, errors=done.stderr)


def start(
    argv: Sequence[str],
    *,
    environment: Mapping[str, str],
    pass_fds: Sequence[int] = (),
    stderr: int | IO[bytes] | None = None,
) -> StartedProgram:
    """Start a program in a session of its own, so that a Ctrl-C at the terminal is its owner's to handle.

    Its stdin and stdout are /dev/null; ``stderr`` is a file (None: ours). Raises EnvironmentFailure
    when the program cannot be run.
    """
    try:
        return subprocess.Popen(
            argv,
            env=dict(environment),
            pass_fds=tuple(pass_fds),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )
    except OSError as error:
        raise EnvironmentFailure(f"{argv[0]} cannot be run: {error.strerror}") from error
