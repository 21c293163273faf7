"""What is written down of a standing lab: ``STATE/netprobe/labs/NAME/`` with a record and a kubeconfig.

A record counts as long as the process that owns the lab runs; a number that the system has given to
another process since is told by that process' start, another boot by its id.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from netprobe.errors import InputError
from netprobe.lab.cluster.access import Access

_FILE = "lab.json"
_KUBECONFIG = "kubeconfig"
_LOCK = ".lock"
_GONE = ".gone-"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A lab as it is asked for; ``profile`` and ``identity`` as ``parse_profile`` gives them."""

    name: str
    profile: str
    identity: str
    nodes: int

    @property
    def word(self) -> str:
        """``PROFILE[+CONDITION…][@IDENTITY]``."""
        return f"{self.profile}@{self.identity}" if self.identity else self.profile


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """A standing lab: what was asked for, how to reach it, and which process owns it.

    ``start`` is the owner's start in clock ticks after boot, ``since`` an ISO time in UTC.
    """

    wanted: Wanted
    access: Access
    pid: int
    start: int
    boot: str
    since: str

    def runs(self) -> bool:
        """Whether its owner is still the process that it was."""
        return self.boot == _boot_id() and start_of(self.pid) == self.start


def labs_folder(environment: Mapping[str, str]) -> Path:
    """``$XDG_STATE_HOME/netprobe/labs``, or below ``~/.local/state`` where that is unset or relative."""
    home = Path(environment.get("XDG_STATE_HOME", ""))
    base = home if home.is_absolute() else Path.home() / ".local" / "state"
    return base / "netprobe" / "labs"


def kubeconfig_of(folder: Path, name: str) -> Path:
    """Where the kubeconfig of a standing lab is."""
    return folder / name / _KUBECONFIG


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[int]:
    """Make the folder, and be the only one who starts, ends or sweeps labs in it.

    Gives the lock's descriptor: a process that inherits it shares the lock until it closes it. Raises
    InputError when the folder cannot be used.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unusable(folder, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


def unusable(folder: Path, error: OSError) -> InputError:
    """The folder cannot be used: why, and what to do."""
    return InputError(
        f"the folder {folder} for standing labs cannot be used: {error.strerror}",
        remedy="set XDG_STATE_HOME to a folder that you may write to",
    )


def write_record(folder: Path, wanted: Wanted, access: Access, since: str) -> None:
    """Write down a lab that this process owns; raises InputError."""
    record = Record(
        wanted=wanted,
        access=access,
        pid=os.getpid(),
        start=start_of(os.getpid()),
        boot=_boot_id(),
        since=since,
    )
    place = folder / wanted.name
    try:
        place.mkdir(mode=0o700)
        descriptor = os.open(place / _FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(record), file, indent=2)
    except OSError as error:
        raise unusable(folder, error) from error
    access.write_kubeconfig(place / _KUBECONFIG)


def remove_record(folder: Path, name: str, pid: int) -> None:
    """Take away what was written for a lab, in one move, unless it is another process'; never raises."""
    record = read_record(folder, name)
    if record is not None and record.pid == pid:
        gone = folder / f"{_GONE}{name}-{pid}"
        with contextlib.suppress(OSError):
            (folder / name).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def read_record(folder: Path, name: str) -> Record | None:
    """The record of a lab; None when there is none that can be read."""
    try:
        fields = json.loads((folder / name / _FILE).read_text(encoding="utf-8"))
        wanted, access = Wanted(**fields.pop("wanted")), Access(**fields.pop("access"))
        return Record(wanted=wanted, access=access, **fields)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def sweep(folder: Path) -> tuple[dict[str, Record], tuple[str, ...]]:
    """The labs that run, by name, and the names of dead ones, whose folders are removed here.

    To be called under the lock. Raises InputError when the folder cannot be read.
    """
    running: dict[str, Record] = {}
    dead: list[str] = []
    try:
        for place in sorted(each for each in folder.iterdir() if each.is_dir()):
            record = None if place.name.startswith(_GONE) else read_record(folder, place.name)
            if record is not None and record.runs():
                running[place.name] = record
                continue
            shutil.rmtree(place)
            if not place.name.startswith(_GONE):
                dead.append(place.name)
    except FileNotFoundError:
        pass  # its owner was quicker
    except OSError as error:
        raise unusable(folder, error) from error
    return running, tuple(dead)


def survey(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the labs that run, and of dead ones; nothing is locked, and nothing removed.

    Raises InputError when the folder cannot be read.
    """
    try:
        names = sorted(each.name for each in folder.iterdir() if each.is_dir())
    except FileNotFoundError:
        return (), ()
    except OSError as error:
        raise unusable(folder, error) from error
    records = {name: read_record(folder, name) for name in names}
    running = [name for name, record in records.items() if record is not None and record.runs()]
    return tuple(running), tuple(name for name in names if name not in running)


def start_of(pid: int) -> int:
    """When a process was started, in clock ticks after boot; -1 when it has ended (reaped or not)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return -1
    fields = text.rpartition(")")[2].split()  # the name before it may hold anything
    return -1 if fields[0] in {"Z", "X"} else int(fields[19])


def _boot_id() -> str:
    return _BOOT_ID.read_text(encoding="ascii").strip()
