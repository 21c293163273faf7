"""What a forked process keeps of the file descriptors that it inherited."""

from __future__ import annotations

import os
from collections.abc import Sequence

from netprobe.lab.kernel import syscalls


def keep_only(fds: Sequence[int]) -> tuple[int, ...]:
    """Keep stderr and ``fds``, which become 3, 4, …; stdin and stdout become /dev/null. Returns the new ones.

    A sandbox must hold nothing of the lab: not the API's listening socket, not another pod's log.
    """
    above = max((*fds, 2 + len(fds))) + 1
    copies = [os.dup2(fd, above + index) for index, fd in enumerate(fds)]
    kept = tuple(os.dup2(fd, 3 + index, inheritable=False) for index, fd in enumerate(copies))
    syscalls.close_from(3 + len(kept))
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    return kept
