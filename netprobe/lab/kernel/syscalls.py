"""The system calls that Python 3.11 has no function for, one plain verb each.

Every verb raises OSError with the kernel's errno. Nothing here knows what a lab is.
"""

from __future__ import annotations

import ctypes
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_NOSUID = 0x2
MS_NODEV = 0x4
MS_NOEXEC = 0x8
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 0x40000
MNT_DETACH = 0x2

_PR_SET_PDEATHSIG = 1
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_SYS_CLOSE_RANGE = 436  # this and the next: the same number on every architecture
_SYS_MOUNT_SETATTR = 442
_SYS_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41, "riscv64": 41, "s390x": 217, "ppc64le": 203}
_SYS_CAPSET = {"x86_64": 126, "aarch64": 91, "riscv64": 91, "s390x": 185, "ppc64le": 184}
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_MOUNT_ATTR_RDONLY = 0x1
_LINUX_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def unshare(flags: int) -> None:
    """Give this process new namespaces (a new PID namespace takes effect for its children)."""
    _check(_libc.unshare(flags), "unshare")


def setns(fd: int, kind: int = 0) -> None:
    """Move this process into the namespace behind ``fd`` (of ``kind``, 0: whatever it is)."""
    _check(_libc.setns(fd, kind), "setns")


def mount(source: str, target: str, filesystem: str = "", flags: int = 0, options: str = "") -> None:
    """Mount ``source`` at ``target``; ``filesystem`` is "" for bind mounts and changes of propagation."""
    result = _libc.mount(
        source.encode(),
        target.encode(),
        filesystem.encode() or None,
        ctypes.c_ulong(flags),
        options.encode() or None,
    )
    _check(result, f"mount {target}")


def make_readonly(target: str) -> None:
    """Turn the mount at ``target``, and every mount below it, read-only (needs Linux 5.12).

    Unlike a remount it leaves the other flags alone, which an unprivileged user may not clear.
    """
    attributes = (ctypes.c_uint64 * 4)(_MOUNT_ATTR_RDONLY, 0, 0, 0)
    result = _libc.syscall(
        ctypes.c_long(_SYS_MOUNT_SETATTR),
        ctypes.c_int(_AT_FDCWD),
        ctypes.c_char_p(target.encode()),
        ctypes.c_uint(_AT_RECURSIVE),
        attributes,
        ctypes.c_size_t(ctypes.sizeof(attributes)),
    )
    _check(result, f"mount_setattr {target}")


def umount(target: str, flags: int = 0) -> None:
    """Take the mount at ``target`` away; MNT_DETACH lets its last users finish."""
    _check(_libc.umount2(target.encode(), flags), f"umount {target}")


def pivot_root(new_root: str, put_old: str) -> None:
    """Make ``new_root`` (a mount point) the root, and put the old root at ``put_old``."""
    number = _SYS_PIVOT_ROOT[os.uname().machine]
    result = _libc.syscall(
        ctypes.c_long(number), ctypes.c_char_p(new_root.encode()), ctypes.c_char_p(put_old.encode())
    )
    _check(result, "pivot_root")


def sethostname(name: str) -> None:
    """Name this UTS namespace (at most 64 bytes)."""
    encoded = name.encode()
    _check(_libc.sethostname(encoded, ctypes.c_size_t(len(encoded))), "sethostname")


def close_from(first: int) -> None:
    """Close every file descriptor from ``first`` on (needs Linux 5.9)."""
    last = ctypes.c_uint(0xFFFFFFFF)
    _check(
        _libc.syscall(ctypes.c_long(_SYS_CLOSE_RANGE), ctypes.c_uint(first), last, ctypes.c_uint(0)),
        "close_range",
    )


def die_with_parent(signal_number: int) -> None:
    """Ask for ``signal_number`` when the parent's thread ends; lost on a change of credentials."""
    _prctl(_PR_SET_PDEATHSIG, signal_number)


def forbid_new_privileges() -> None:
    """No exec of this process or its children may gain privileges, ever."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def drop_from_bounding_set(capability: int) -> None:
    """Let nothing that this process executes have ``capability``; EINVAL when there is no such one."""
    _prctl(_PR_CAPBSET_DROP, capability)


def clear_capabilities() -> None:
    """Drop every effective, permitted and inheritable capability of this process."""
    header = (ctypes.c_uint32 * 2)(_LINUX_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)()
    number = _SYS_CAPSET[os.uname().machine]
    _check(_libc.syscall(ctypes.c_long(number), header, data), "capset")


def _prctl(option: int, argument: int) -> None:
    zero = ctypes.c_ulong(0)
    result = _libc.prctl(ctypes.c_int(option), ctypes.c_ulong(argument), zero, zero, zero)
    _check(result, f"prctl {option}")


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
