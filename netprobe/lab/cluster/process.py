"""The lab's process as its owner holds it: spawned with its descriptors, heard once, ended for good."""

from __future__ import annotations

import os
import select
import socket
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import netprobe
from netprobe.errors import EnvironmentFailure
from netprobe.lab.cluster.settings import Descriptors, Settings, hear, write_settings
from netprobe.lab.kernel import shell
from netprobe.lab.kernel.programs import SEARCH_PATH

_MODULE = "netprobe.lab.cluster.main"
_STOP_SECONDS = 5.0
_LAST_LINES = 6


class LabProcess:
    """A process that was started, the pipe that keeps it alive, and what it writes to stderr."""

    def __init__(self, program: shell.StartedProgram, life: int, readiness: int, log: IO[bytes]) -> None:
        self.pid = program.pid
        self._program = program
        self._life = life
        self._readiness = readiness
        self._log = log

    def wait_ready(self, seconds: float) -> None:
        """Wait for the word of the process; raises its own failure, or EnvironmentFailure on silence."""
        deadline = time.monotonic() + seconds
        heard = b""
        while not heard.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._readiness], [], [], left)[0]:
                raise EnvironmentFailure(
                    f"the lab was not ready within {seconds:g} s{self._last_words()}",
                    remedy="try again with a longer deadline; on a busy machine the lab needs more time",
                )
            part = os.read(self._readiness, 65536)
            if not part:
                raise EnvironmentFailure(
                    f"the lab ended before it was ready{self._last_words()}",
                    remedy="its last words say why; the lab needs root or user namespaces, and ip and nft",
                )
            heard += part
        hear(heard)

    def wait(self, others: Sequence[int]) -> bool:
        """Wait until the process has ended or one of ``others`` is readable; whether it has ended."""
        ended = os.pidfd_open(self.pid)
        try:
            return ended in select.select([ended, *others], [], [])[0]
        finally:
            os.close(ended)

    def stop(self) -> None:
        """End the process and all that it started; never raises, may be called twice."""
        self._close_pipes()
        if self._program.poll() is None:
            ended = os.pidfd_open(self.pid)
            if not select.select([ended], [], [], _STOP_SECONDS)[0]:
                self._program.kill()
            os.close(ended)
            self._program.wait()
        self._log.close()

    def _close_pipes(self) -> None:
        life, self._life = self._life, -1
        readiness, self._readiness = self._readiness, -1
        for number in (life, readiness):
            if number >= 0:
                os.close(number)

    def _last_words(self) -> str:
        """The end of what the process wrote to stderr, as the tail of a sentence."""
        self._log.seek(0)
        lines = self._log.read().decode(errors="replace").splitlines()[-_LAST_LINES:]
        return f"; its last words: {' | '.join(line.strip() for line in lines)}" if lines else ""


def spawn(settings: Settings, listener: socket.socket) -> LabProcess:
    """Start the lab's process with the API's socket; raises EnvironmentFailure."""
    readiness, ready = os.pipe()
    alive, life = os.pipe()
    log = tempfile.TemporaryFile(prefix="netprobe-lab-")  # noqa: SIM115 - LabProcess.stop closes it
    given = Descriptors(
        listener=listener.fileno(), life=alive, readiness=ready, settings=write_settings(settings)
    )
    numbers = tuple(map(int, given.as_arguments()))
    try:
        program = shell.start(
            # -P: a module in the user's directory must not stand in for one of ours.
            (sys.executable, "-P", "-m", _MODULE, *given.as_arguments()),
            environment=small_environment(),
            pass_fds=numbers,
            stderr=log,
        )
    except BaseException:
        os.close(life)
        os.close(readiness)
        log.close()
        raise
    finally:
        for number in numbers[1:]:
            os.close(number)
    return LabProcess(program, life, readiness, log)


def small_environment() -> dict[str, str]:
    """Little: nothing of the user's environment reaches the lab, but where netprobe itself is."""
    return {
        "PATH": SEARCH_PATH,
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(Path(netprobe.__file__).parents[1]),
        "PYTHONUNBUFFERED": "1",
    }
