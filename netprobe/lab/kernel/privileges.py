"""Give up everything that a pod must not have."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from netprobe.lab.kernel import syscalls

POD_USER = 65532
"""The user and group of every pod's processes (where more than one user exists)."""


def may_switch_users() -> bool:
    """Whether POD_USER exists here: false in a user namespace that maps one user only."""
    for line in Path("/proc/self/uid_map").read_text(encoding="ascii").splitlines():
        first, _, count = map(int, line.split())
        if first <= POD_USER < first + count:
            return True
    return False


def become_powerless() -> None:
    """Become POD_USER (where it exists), without any capability and without a way back."""
    for capability in range(64):
        try:
            syscalls.drop_from_bounding_set(capability)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            break  # the kernel knows no higher capability
    if may_switch_users():
        os.setgroups([])
        os.setresgid(POD_USER, POD_USER, POD_USER)
        os.setresuid(POD_USER, POD_USER, POD_USER)
    syscalls.clear_capabilities()
    syscalls.forbid_new_privileges()
