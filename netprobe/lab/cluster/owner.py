"""The owner of a standing lab: holds its life pipe, writes it down, and ends with it.

``python -m netprobe.lab.cluster.owner`` is the detached one; ``netprobe lab up --foreground`` owns its
lab itself. However the owner ends, the lab ends too.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from types import FrameType

from netprobe.errors import NetprobeError
from netprobe.lab.cluster.lab import Lab
from netprobe.lab.cluster.records import Wanted, remove_record, write_record
from netprobe.lab.cluster.settings import failure_line, ready_line

_START_SECONDS = 60.0


@contextlib.contextmanager
def standing(folder: Path, wanted: Wanted) -> Iterator[Lab]:
    """A lab that is written down while the block runs. Raises InputError or EnvironmentFailure."""
    lab = Lab.start(
        wanted.profile, wanted.identity, wanted.nodes, startup_deadline=_START_SECONDS, name=wanted.name
    )
    try:
        since = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        write_record(folder, wanted, lab.access, since)
        yield lab
    finally:
        lab.stop()
        remove_record(folder, wanted.name, os.getpid())


def arguments_for(folder: Path, wanted: Wanted, ready: int, lock: int) -> tuple[str, ...]:
    """The command line of a detached owner: two descriptors that it inherits, and what to start."""
    return str(ready), str(lock), str(folder), json.dumps(asdict(wanted))


def main(arguments: Sequence[str]) -> int:
    """Leave the process that started us, start the lab, say so, and stay until either ends."""
    ready, lock, folder, fields = arguments
    if os.fork():
        return 0
    os.chdir("/")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _end)
    try:
        with standing(Path(folder), Wanted(**json.loads(fields))) as lab:
            # A starter that has gone away meanwhile breaks the pipe: nobody wants the lab any more.
            os.write(int(ready), ready_line())
            os.close(int(ready))
            os.close(int(lock))
            lab.wait()
    except BrokenPipeError:
        return 1
    except NetprobeError as failure:
        with contextlib.suppress(BrokenPipeError):
            os.write(int(ready), failure_line(failure))
        return failure.exit_code
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    """End once, in order; further signals change nothing."""
    del frame
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
