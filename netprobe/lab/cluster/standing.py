"""Labs that outlive the command that started them: up, down, and which ones there are."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from netprobe.errors import EnvironmentFailure, InputError
from netprobe.lab.cluster.lab import MAX_NODES, Lab
from netprobe.lab.cluster.owner import arguments_for, standing
from netprobe.lab.cluster.process import small_environment
from netprobe.lab.cluster.profiles import parse_profile
from netprobe.lab.cluster.records import Record, Wanted, locked, read_record, remove_record, sweep
from netprobe.lab.cluster.settings import hear
from netprobe.lab.kernel import shell
from netprobe.manifests.cursor import did_you_mean
from netprobe.manifests.names import wrong_dns_label

_MODULE = "netprobe.lab.cluster.owner"
_START_SECONDS = 75.0
_END_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Labs that run, and the names of dead ones that were swept on the way."""

    labs: tuple[Record, ...] = ()
    swept: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Raised:
    """A lab that is up; ``fresh`` when this call started it."""

    record: Record
    fresh: bool
    swept: tuple[str, ...]


def wanted_lab(name: str, profile: str, nodes: int) -> Wanted:
    """What is asked for, checked; raises InputError (name, profile or number of nodes)."""
    if wrong := wrong_dns_label(name):
        raise InputError(f"a lab cannot be called so: {wrong}", remedy="name it like a Kubernetes object")
    known, identity = parse_profile(profile)
    if not 1 <= nodes <= MAX_NODES:
        raise InputError(f"a lab has 1 to {MAX_NODES} nodes, not {nodes}")
    return Wanted(name=name, profile=known, identity=identity, nodes=nodes)


def raise_lab(folder: Path, wanted: Wanted, given: Sequence[str]) -> Raised:
    """Start a lab under an owner of its own, or find it running.

    ``given`` names the fields of ``wanted`` that were asked for; the others are defaults, of which a lab
    that runs may differ. Raises InputError when it differs in a given one, and what a start raises.
    """
    with locked(folder) as lock:
        labs, swept = sweep(folder)
        running = labs.get(wanted.name)
        if running is not None:
            _refuse_other_settings(running, wanted, given)
            return Raised(record=running, fresh=False, swept=swept)
        _start_owner(folder, wanted, lock)
        record = read_record(folder, wanted.name)
    if record is None:
        raise EnvironmentFailure(f"the lab {wanted.name} ended as soon as it was ready")
    return Raised(record=record, fresh=True, swept=swept)


@contextlib.contextmanager
def own_lab(folder: Path, wanted: Wanted) -> Iterator[tuple[Lab, Raised]]:
    """A lab that this process owns while the block runs; raises InputError when one of its name runs."""
    with contextlib.ExitStack() as stack:
        with locked(folder):
            labs, swept = sweep(folder)
            if wanted.name in labs:
                raise InputError(
                    f'lab "{wanted.name}" runs already (process {labs[wanted.name].pid})',
                    remedy=f"netprobe lab down {wanted.name}, or give another NAME",
                )
            lab = stack.enter_context(standing(folder, wanted))
            record = read_record(folder, wanted.name)
        assert record is not None
        yield lab, Raised(record=record, fresh=True, swept=swept)


def standing_labs(folder: Path) -> Standing:
    """The labs that run; dead ones are swept. Raises InputError when the folder cannot be used."""
    if not folder.exists():
        return Standing()
    with locked(folder):
        labs, swept = sweep(folder)
    return Standing(labs=tuple(labs.values()), swept=swept)


def find_lab(folder: Path, name: str) -> Record:
    """The lab of that name; raises InputError when none runs, with the names of those that do."""
    labs = {record.wanted.name: record for record in standing_labs(folder).labs}
    if name not in labs:
        raise _unknown(name, tuple(labs))
    return labs[name]


def end_labs(folder: Path, names: Sequence[str], *, everything: bool = False) -> Standing:
    """End labs by name, or all; returns them. Raises InputError for an unknown name, ending none."""
    if not folder.exists() and everything:
        return Standing()
    with locked(folder):
        labs, swept = sweep(folder)
        for name in names:
            if name not in labs and name not in swept:
                raise _unknown(name, tuple(labs))
        ending = [labs[name] for name in (labs if everything else dict.fromkeys(names)) if name in labs]
        for record in ending:
            _end(record)
            remove_record(folder, record.wanted.name, record.pid)
    return Standing(labs=tuple(ending), swept=swept)


def _refuse_other_settings(running: Record, wanted: Wanted, given: Sequence[str]) -> None:
    there = running.wanted
    if any(getattr(there, field) != getattr(wanted, field) for field in given):
        raise InputError(
            f'lab "{wanted.name}" runs already, as {there.word} with nodes: {there.nodes}, '
            f"not {wanted.word} with nodes: {wanted.nodes}",
            remedy=f"netprobe lab down {wanted.name} first, or give the new one another NAME",
        )


def _unknown(name: str, running: Sequence[str]) -> InputError:
    near = did_you_mean(name, running)
    known = f"labs that run: {', '.join(running)}" if running else "none runs; netprobe lab up starts one"
    return InputError(f'no lab "{name}" runs' + (f"; {near}" if near else ""), remedy=known)


def _start_owner(folder: Path, wanted: Wanted, lock: int) -> None:
    """Start an owner and hear its word; raises what it says, or EnvironmentFailure on silence."""
    heard, ready = os.pipe()
    with os.fdopen(heard, "rb", buffering=0) as readiness, tempfile.TemporaryFile() as log:
        try:
            arguments = arguments_for(folder, wanted, ready, lock)
            program = shell.start(
                (sys.executable, "-P", "-m", _MODULE, *arguments),
                environment=small_environment(),
                pass_fds=(ready, lock),
                stderr=log,
            )
        finally:
            os.close(ready)
        program.wait()  # it leaves a child behind, which is the owner
        hear(_line_of(readiness, log))


def _line_of(readiness: IO[bytes], log: IO[bytes]) -> bytes:
    deadline = time.monotonic() + _START_SECONDS
    line = b""
    while not line.endswith(b"\n"):
        if not select.select([readiness], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise EnvironmentFailure(f"the lab was not ready within {_START_SECONDS:g} s")
        part = readiness.read(65536)
        if not part:
            log.seek(0)
            words = " | ".join(log.read().decode(errors="replace").split("\n")[-6:])
            raise EnvironmentFailure(
                f"the owner of the lab ended before it was ready; its last words: {words}"
            )
        line += part
    return line


def _end(record: Record) -> None:
    """End a lab's owner, and wait for its end."""
    try:
        process = os.pidfd_open(record.pid)
    except ProcessLookupError:
        return
    try:
        if not record.runs():
            return  # ended in between; the number may be another process' by now
        for number in (signal.SIGTERM, signal.SIGKILL):
            signal.pidfd_send_signal(process, number)
            if select.select([process], [], [], _END_SECONDS)[0]:
                return
        raise EnvironmentFailure(f"process {record.pid} of the lab {record.wanted.name} does not end")
    except PermissionError:
        raise InputError(
            f"the lab {record.wanted.name} is another user's (process {record.pid})",
            remedy="end it as the user who started it",
        ) from None
    finally:
        os.close(process)
