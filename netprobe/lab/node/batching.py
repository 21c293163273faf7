"""Many small ``ip`` commands of concurrent tasks as few runs of ``ip -batch -``."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence

from netprobe.errors import EnvironmentFailure
from netprobe.lab.node.sandbox import Sandbox

_FAILED_LINE = re.compile(r"^Command failed -:(\d+)$", re.MULTILINE)
_Waiting = tuple[tuple[str, ...], "asyncio.Future[None]"]


class LinkBatch:
    """Runs ``ip`` commands in one sandbox: what is asked while a run is under way goes into the next."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._waiting: list[_Waiting] = []
        self._running: asyncio.Task[None] | None = None

    async def run(self, commands: Sequence[str]) -> None:
        """Run ``commands`` in order; raises EnvironmentFailure with the words of ``ip``."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((tuple(commands), done))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run_all())
        await done

    async def _run_all(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting, []
            text = "".join(f"{command}\n" for commands, _ in taken for command in commands)
            try:
                answer = await self._sandbox.run(["ip", "-force", "-batch", "-"], text)
            except (EnvironmentFailure, FileNotFoundError) as error:
                _settle(taken, frozenset(), EnvironmentFailure(f"ip cannot be run: {error}"), everything=True)
                continue
            failed = frozenset(int(number) for number in _FAILED_LINE.findall(answer.output))
            whole = answer.code != 0 and not failed
            words = f"ip failed on {self._sandbox.name}: {answer.output.strip()}"
            _settle(taken, failed, EnvironmentFailure(words), everything=whole)


def _settle(
    taken: Sequence[_Waiting],
    failed_lines: frozenset[int],
    failure: EnvironmentFailure,
    *,
    everything: bool,
) -> None:
    """Tell each waiting task whether one of its own lines failed (lines count from 1)."""
    first = 1
    for commands, done in taken:
        mine = range(first, first + len(commands))
        first = mine.stop
        if done.done():
            continue
        if everything or any(line in failed_lines for line in mine):
            done.set_exception(failure)
        else:
            done.set_result(None)
