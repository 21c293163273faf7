"""What a forked process keeps of the file descriptors that it inherited."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def keep_only(fds: Sequence[int]) -> tuple[int, ...]:
    """Keep stderr and ``fds``, which become 3, 4, …; stdin and stdout become /dev/null. Returns the new ones.

    A sandbox must hold nothing of the lab: not the API's listening socket, not another pod's log.
    """
    start = 3 + len(fds)
    spare = 1 + max((start, *(int(name.name) for name in Path("/proc/self/fd").iterdir())))
    copies = [os.dup2(fd, spare + index) for index, fd in enumerate(fds)]
    kept = tuple(os.dup2(fd, 3 + index, inheritable=False) for index, fd in enumerate(copies))
    for fd in [int(name.name) for name in Path("/proc/self/fd").iterdir()]:
        if fd >= start:
            _close(fd)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    return kept


def _close(fd: int) -> None:
    try:
        os.close(fd)
    except OSError:
        return  # the descriptor that listed the directory is gone by now
