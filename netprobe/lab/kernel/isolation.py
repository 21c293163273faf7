"""Leave the host: an own network without uplink, own processes, own mounts, gone with the owner.

Three processes come of it. The *watcher* is the one that was started; it stays outside the new PID
namespace and waits for the owner's end. The *init* is the first process of the new PID namespace:
it reaps orphans, and when it dies the kernel ends everything else in the namespace. The *lab* is
where ``enter_isolation`` returns. The watcher's death kills the init, so that even a kill -9 of any
of them leaves no process, no mount and no network namespace.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
from pathlib import Path
from typing import NoReturn

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import shell, syscalls

FALLBACK_DEVICES = frozenset(
    {
        "tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "sit0", "ip6tnl0", "ip6gre0",
    }
)  # fmt: skip
"""Tunnel devices that some kernels put into every new network namespace, down and without address."""

_CAP_NET_ADMIN = 12
_CAP_SYS_ADMIN = 21
_NAMESPACES = (
    syscalls.CLONE_NEWNET
    | syscalls.CLONE_NEWNS
    | syscalls.CLONE_NEWPID
    | syscalls.CLONE_NEWIPC
    | syscalls.CLONE_NEWUTS
)
_REMEDY = (
    "run as root (in a container: --privileged), or let users make namespaces: "
    "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 kernel.unprivileged_userns_clone=1 "
    "user.max_user_namespaces=10000 (those your system has)"
)


def enter_isolation(*, life_fd: int | None = None) -> None:
    """Move into fresh namespaces and return in a new process there; call it before any thread starts.

    ``life_fd`` is the reading end of a pipe whose other end only the owner holds: the lab ends when
    it reaches end of file, and also when the process that started this one ends. The calling
    process exits with the lab's exit status. Raises EnvironmentFailure, in the calling process, when
    the system allows no namespaces.
    """
    if threads := len(list(Path("/proc/self/task").iterdir())) - 1:
        raise RuntimeError(f"enter_isolation must be called before threads start ({threads} run)")
    owner_fd = _pidfd_of_owner()
    _unshare()
    _keep_mounts_private()
    alive, keep_alive = os.pipe()
    init = os.fork()
    if init:
        os.close(alive)
        _watch(init, [fd for fd in (life_fd, owner_fd) if fd is not None])
    os.close(keep_alive)
    for fd in (life_fd, owner_fd):
        if fd is not None:
            os.close(fd)
    syscalls.die_with_parent(signal.SIGKILL)
    if select.select([alive], [], [], 0)[0]:
        os._exit(1)  # the watcher died before the line above
    os.close(alive)
    os.setsid()
    lab = os.fork()
    if lab:
        _reap_until_the_end_of(lab)
    _settle_in()


def assert_no_uplink() -> None:
    """Raise EnvironmentFailure unless this network namespace has no link but ``lo``."""
    answer = shell.run(["ip", "-j", "link"])
    if answer.code != 0:
        raise EnvironmentFailure(f"ip link failed: {answer.errors.strip()}")
    links = [
        str(link["ifname"])
        for link in json.loads(answer.output)
        if link["ifname"] != "lo"
        and not (link["ifname"] in FALLBACK_DEVICES and "UP" not in link.get("flags", ()))
    ]
    if links:
        raise EnvironmentFailure(
            f"the lab's network namespace has a link to somewhere ({', '.join(links)}), so no probe is sent",
            remedy="start the lab through netprobe, which makes a network namespace without uplink",
        )


def _pidfd_of_owner() -> int | None:
    try:
        return os.pidfd_open(os.getppid())
    except OSError:
        return None  # the owner is outside of our PID namespace: the life pipe has to do


def _unshare() -> None:
    uid, gid = os.geteuid(), os.getegid()
    before = Path("/proc/self/ns/net").stat().st_ino
    privileged = _has_capabilities(_CAP_SYS_ADMIN, _CAP_NET_ADMIN)
    try:
        syscalls.unshare(_NAMESPACES | (0 if privileged else syscalls.CLONE_NEWUSER))
        if not privileged:
            Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
            Path("/proc/self/uid_map").write_text(f"0 {uid} 1", encoding="ascii")
            Path("/proc/self/gid_map").write_text(f"0 {gid} 1", encoding="ascii")
    except OSError as error:
        raise EnvironmentFailure(
            f"the lab may not make network namespaces on this system ({error.strerror})", remedy=_REMEDY
        ) from error
    if Path("/proc/self/ns/net").stat().st_ino == before:
        raise EnvironmentFailure("the kernel gave the lab no network namespace of its own", remedy=_REMEDY)


def _keep_mounts_private() -> None:
    try:
        syscalls.mount("none", "/", flags=syscalls.MS_REC | syscalls.MS_PRIVATE)
    except OSError as error:
        raise EnvironmentFailure(
            f"the lab may not keep its mounts to itself here ({error.strerror}): / is no mount point",
            remedy="in a chroot, bind-mount its root onto itself before entering it (mount --bind ROOT ROOT)",
        ) from error


def _has_capabilities(*capabilities: int) -> bool:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    effective = next(int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapEff:"))
    return all(effective >> capability & 1 for capability in capabilities)


def _watch(init: int, owners: list[int]) -> NoReturn:
    """Wait for the init or for an owner's end; exit only when everything of the lab is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C at the terminal is the owner's to handle
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: os.kill(init, signal.SIGKILL))
    init_fd = os.pidfd_open(init)
    poll = select.poll()
    for fd in (init_fd, *owners):
        poll.register(fd, select.POLLIN)
    ready = {fd for fd, _ in poll.poll()}
    if init_fd not in ready:
        os.kill(init, signal.SIGKILL)
    _, status = os.waitpid(init, 0)  # the kernel lets the init go only after all of its namespace
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _reap_until_the_end_of(lab: int) -> NoReturn:
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while True:
        pid, status = os.wait()
        if pid == lab:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def _settle_in() -> None:
    """Finish in the lab process: the new PID namespace's /proc, and as many files as allowed."""
    try:
        flags = syscalls.MS_NOSUID | syscalls.MS_NODEV | syscalls.MS_NOEXEC
        syscalls.mount("proc", "/proc", "proc", flags)
    except OSError as error:
        raise EnvironmentFailure(
            f"the lab may not mount its own /proc ({error.strerror})",
            remedy="run as root, in a container with --privileged or --security-opt systempaths=unconfined",
        ) from error
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
