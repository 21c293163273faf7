"""A journal on disk: JSON Lines, appended and flushed record by record."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from netprobe.errors import InputError
from netprobe.model.place import Place, Problem
from netprobe.record.assemble import Assembly
from netprobe.record.codec import BrokenLine, decode, encode
from netprobe.record.records import Baseline, End, Header, Record, Recording, StepEnd

_SYNCED = (Header, Baseline, StepEnd, End)


class JournalWriter:
    """Appends records to a file and keeps what a reader of the file would get.

    ``path`` None keeps the journal in memory only. Use it as a context manager, or ``close()`` it.
    An interruption (a signal) at any point leaves the file and ``recording`` in agreement: a record
    counts from one moment on, and what was written of another is taken back. Raises InputError when
    the file exists already or cannot be written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._kept: list[tuple[Record, int]] = []
        self._file: FileIO | None = None
        if path is not None:
            try:
                self._file = FileIO(path, "x")
            except FileExistsError:
                raise InputError(
                    f"the journal {path} exists already",
                    remedy="choose another name; journals are never overwritten",
                ) from None
            except OSError as error:
                raise InputError(f"the journal {path} cannot be written: {error.strerror}") from error

    @property
    def recording(self) -> Recording:
        """What reading the file back would give now; raises BrokenLine for records out of order."""
        assembly = Assembly()
        for record, _ in self._kept:
            assembly.take(record)
        return assembly.recording

    def append(self, record: Record) -> None:
        """Write one record; on disk at once, and synced at the ends of steps.

        What is kept is the record as decoded again, so a run and a later judgement of its file see
        the same values. Raises InputError when the disk refuses.
        """
        line = encode(record)
        again = decode(line)
        end = self._end() + len(line.encode()) + 1
        if self._file is not None:
            try:
                self._take_back(self._file)
                _write(self._file, f"{line}\n".encode())
                if isinstance(record, _SYNCED):
                    os.fsync(self._file.fileno())
            except OSError as error:
                raise InputError(
                    f"the journal {self.path} cannot be written: {error.strerror}",
                    remedy="make room on the disk",
                ) from error
        self._kept.append((again, end))

    def _end(self) -> int:
        return self._kept[-1][1] if self._kept else 0

    def _take_back(self, file: FileIO) -> None:
        """Remove what an interrupted ``append`` left behind the last record that counts."""
        if file.tell() != self._end():
            file.seek(self._end())
            file.truncate()

    def close(self) -> None:
        """Close the file; may be called twice."""
        if self._file is not None:
            self._take_back(self._file)
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _write(file: FileIO, data: bytes) -> None:
    while data:
        data = data[file.write(data) or 0 :]


def read_journal(path: Path) -> Recording:
    """Read a journal; a cut last line (a killed run) is left out.

    Raises InputError when the file cannot be read, has another version, or has a broken line.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"the journal {path} cannot be read: {error.strerror}") from error
    return parse_journal(text, str(path))


def parse_journal(text: str, file: str) -> Recording:
    """Like ``read_journal``, from the journal's text; ``file`` is its name for messages."""
    assembly = Assembly()
    lines = text.split("\n")
    # Each record is written with its newline in one go: what follows the last newline was cut.
    for number, line in enumerate(lines[:-1], start=1):
        try:
            assembly.take(decode(line))
        except BrokenLine as error:
            raise _broken(file, number, str(error)) from error
    try:
        return assembly.recording
    except BrokenLine as error:
        raise _broken(file, 1, str(error)) from error


def _broken(file: str, line: int, message: str) -> InputError:
    problem = Problem(place=Place(file=file, line=line), message=message)
    return InputError(
        f"{file} is not a journal that this netprobe can read",
        remedy="a journal is written by: netprobe run --journal FILE",
        problems=(problem,),
    )
