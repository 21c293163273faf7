"""What the API needs of the machines that run pods: exec, logs and external hosts, as seams."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from netprobe.lab.store.objects import Object


class Process(Protocol):
    """A program that runs in a container."""

    async def read_stdout(self, size: int, /) -> bytes:
        """Up to ``size`` bytes of its output; b"" at its end."""

    async def read_stderr(self, size: int, /) -> bytes:
        """Up to ``size`` bytes of its error output; b"" at its end."""

    async def write_stdin(self, data: bytes, /) -> None:
        """Give it input; silently lost once it has ended."""

    async def close_stdin(self) -> None:
        """End its input."""

    async def wait(self) -> int:
        """Its exit code; 128 + signal when a signal ended it."""

    def kill(self) -> None:
        """End it at once; never raises."""

    def resize(self, rows: int, columns: int) -> None:
        """Tell its terminal the size; nothing happens without a terminal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ExecRequest:
    """Run ``command`` in a container of ``pod``."""

    pod: Object
    container: str
    command: tuple[str, ...]
    stdin: bool = False
    tty: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Machinery:
    """What runs behind the API.

    ``run`` starts a process; raises FileNotFoundError when the program is not there, and
    EnvironmentFailure or LookupError when the container is not. ``logs`` reads a container's log,
    ``follow_log`` what there is of it and then what is added, until the container has ended.
    ``provide_externals`` makes hosts ``{name, address, ports}`` reachable and says which are.
    """

    run: Callable[[ExecRequest], Awaitable[Process]]
    logs: Callable[[Object, str], Awaitable[bytes]]
    follow_log: Callable[[Object, str], AsyncIterator[bytes]]
    provide_externals: Callable[[Sequence[Mapping[str, Any]]], Awaitable[Mapping[str, Any]]]
