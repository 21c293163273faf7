"""The loop that every controller runs in: store events become keys, and each key is reconciled."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import aclosing
from typing import Protocol

from netprobe.lab.store.objects import Event, Key, Store

FIRST_RETRY = 0.1
LAST_RETRY = 5.0

_log = logging.getLogger(__name__)


class Reconciler(Protocol):
    """One controller. ``resources`` are those whose events it wants to see."""

    @property
    def resources(self) -> tuple[str, ...]:
        """The resources whose events matter."""

    def keys(self, event: Event) -> Iterable[Key]:
        """The objects to look at again after ``event``."""

    def reconcile(self, key: Key) -> None:
        """Bring one object to its desired state; must do nothing when it is there already.

        Runs without awaiting, so it sees and leaves the store in one piece.
        """


class Loop:
    """Drives one reconciler: keys that wait are merged, a failing key is tried again, the rest goes on."""

    def __init__(self, store: Store, reconciler: Reconciler) -> None:
        self._store = store
        self._reconciler = reconciler
        self._waiting: dict[Key, None] = {}
        self._failures: dict[Key, int] = {}
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Look at everything that exists, then follow the store until cancelled."""
        since = self._store.version
        for resource in self._reconciler.resources:
            for obj in self._store.list(resource):
                self._enqueue(Event("ADDED", resource, obj, since))
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow(since))
            group.create_task(self._work())

    async def _follow(self, since: int) -> None:
        async with aclosing(self._store.watch(since)) as events:
            async for event in events:
                if event.resource in self._reconciler.resources:
                    self._enqueue(event)

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting:
                key = next(iter(self._waiting))
                del self._waiting[key]
                self._attempt(key)
                await asyncio.sleep(0)

    def _attempt(self, key: Key) -> None:
        try:
            self._reconciler.reconcile(key)
        except Exception:  # noqa: BLE001 - whatever it is, it is logged and tried again
            failures = self._failures[key] = self._failures.get(key, 0) + 1
            delay = min(LAST_RETRY, FIRST_RETRY * 2 ** (failures - 1))
            _log.exception("%s %s failed; next try in %.1f s", type(self._reconciler).__name__, key, delay)
            asyncio.get_running_loop().call_later(delay, self._add, key)
        else:
            self._failures.pop(key, None)

    def _enqueue(self, event: Event) -> None:
        for key in self._reconciler.keys(event):
            self._add(key)

    def _add(self, key: Key) -> None:
        self._waiting[key] = None
        self._wake.set()
