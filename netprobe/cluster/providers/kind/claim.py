"""The name of a cluster that is being made: one netprobe of a user at a time.

kind lists a cluster only when its first container is there. When two make one of the same name, the kind that
comes second fails, and deletes all nodes of that name.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path

from netprobe.cluster.providers.kind.making import NameTaken
from netprobe.errors import EnvironmentFailure

_TRIES = 10
"""Locks that may vanish while we take them, since their owners have just let them go."""


class Claim:
    """A lock on the name, which ends with the process at the latest."""

    def __init__(self, cluster: str) -> None:
        self._cluster = cluster
        self._path = Path(tempfile.gettempdir()) / f"netprobe-kind-{os.getuid()}-{cluster}.lock"
        self._held: int | None = None

    def take(self) -> None:
        """Raises NameTaken when another netprobe has it, EnvironmentFailure when no lock can be written."""
        for _ in range(_TRIES):
            try:
                lock = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            except OSError as error:
                raise EnvironmentFailure(
                    f"the lock {self._path} cannot be written: {error.strerror}",
                    remedy="set TMPDIR to a folder that you may write to",
                ) from error
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(lock)
                break
            if os.fstat(lock).st_nlink:
                self._held = lock
                return
            os.close(lock)
        raise NameTaken(
            f"another netprobe is making the kind cluster {self._cluster} right now",
            remedy="wait until it is there and use it with --reuse, or choose another name with name=…",
        )

    def release(self) -> None:
        """Let the name go; a second time does nothing."""
        if self._held is not None:
            lock, self._held = self._held, None
            self._path.unlink(missing_ok=True)
            os.close(lock)
