"""What a pod sees as its file system.

The *shared root* is made once, in the process that all pods are forked from: /usr read-only, the few
files of /etc that programs need, /dev with harmless devices, and nothing else of the host. A pod
adds its own /etc, /tmp and /proc on top, in its own mount namespace.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from netprobe.lab.kernel import syscalls

_SYSTEM_FOLDERS = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_OF_ETC = ("ld.so.cache", "alternatives")
_EMPTY = ("tmp", "etc", "proc", "dev", "run", "var", "home", "root")
_SHARED_ETC = ".etc"
_FLAGS = syscalls.MS_NOSUID | syscalls.MS_NODEV
_ACCOUNTS = {
    "passwd": "root:x:0:0:root:/:/bin/sh\npod:x:65532:65532:pod:/tmp:/bin/sh\n",
    "group": "root:x:0:\npod:x:65532:\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}


def enter_shared_root() -> None:
    """Move this process, in a mount namespace of its own, into the root that pods are made from.

    Must run as root of its user namespace; raises OSError. Files of the host (the interpreter too)
    cannot be opened afterwards.
    """
    syscalls.unshare(syscalls.CLONE_NEWNS)
    root = Path("/tmp")  # noqa: S108 - covered by a file system of our own in the next line
    sources = [Path("/", name) for name in _SYSTEM_FOLDERS if Path("/", name).exists()]
    links = {path.name: path.readlink() for path in sources if path.is_symlink()}
    syscalls.mount("shared-root", str(root), "tmpfs", _FLAGS, "mode=0755")
    for name in (*_EMPTY, _SHARED_ETC):
        (root / name).mkdir(mode=0o755)
    for source in sources:
        if source.name in links:
            (root / source.name).symlink_to(links[source.name])
        else:
            (root / source.name).mkdir()
            _bind(source, root / source.name)
    _add_devices(root / "dev")
    _add_shared_etc(root / _SHARED_ETC)
    syscalls.make_readonly(str(root))  # rootless, a pod's user owns these files
    syscalls.mount("proc", str(root / "proc"), "proc", _FLAGS | syscalls.MS_NOEXEC)
    os.chdir(root)
    syscalls.pivot_root(".", ".")  # the old root now lies on top of the new one
    syscalls.umount(".", syscalls.MNT_DETACH)
    os.chdir("/")


def make_pod_root(etc: Mapping[str, str]) -> None:
    """Give this process, in its own mount and PID namespace, a pod's /etc (with ``etc``), /tmp and /proc.

    Must run in a child of a process that called ``enter_shared_root``; raises OSError.
    """
    syscalls.mount("proc", "/proc", "proc", _FLAGS | syscalls.MS_NOEXEC)
    syscalls.mount("tmp", "/tmp", "tmpfs", _FLAGS, "mode=1777,size=64m")  # noqa: S108 - the pod's own
    syscalls.mount("etc", "/etc", "tmpfs", _FLAGS, "mode=0755,size=1m")
    for name in _OF_ETC:
        Path("/etc", name).symlink_to(f"/{_SHARED_ETC}/{name}")
    for name, text in {**_ACCOUNTS, **etc}.items():
        Path("/etc", name).parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        Path("/etc", name).write_text(text, encoding="utf-8")
    syscalls.make_readonly("/etc")


def _add_devices(folder: Path) -> None:
    for name in _DEVICES:
        if Path("/dev", name).exists():
            (folder / name).touch()
            _bind(Path("/dev", name), folder / name)
    for name, target in (("fd", "/proc/self/fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")):
        (folder / name).symlink_to(target)


def _add_shared_etc(folder: Path) -> None:
    for name in _OF_ETC:
        source = Path("/etc", name)
        if source.is_dir():
            (folder / name).mkdir()
            _bind(source, folder / name)
        elif source.exists():
            (folder / name).touch()
            _bind(source, folder / name)


def _bind(source: Path, target: Path) -> None:
    syscalls.mount(str(source), str(target), flags=syscalls.MS_BIND | syscalls.MS_REC)
