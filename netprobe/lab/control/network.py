"""The network controller: keeps every node's rules in step with the store."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing

from netprobe.lab.control.lateness import Lateness
from netprobe.lab.control.picture import RELEVANT, PictureReader
from netprobe.lab.datapath.compiling import compile_nodes
from netprobe.lab.datapath.picture import NodeAddress, Picture
from netprobe.lab.datapath.profile import Profile
from netprobe.lab.store.objects import Store

LoadRules = Callable[[str, str], Awaitable[None]]
"""``await load_rules(node, text)`` replaces the node's rules; raises when the kernel refuses them."""

GATHER = 0.005
"""Seconds to wait for more changes after the first, so that an ``apply`` of many objects is one load."""
RETRY = 0.5

_log = logging.getLogger(__name__)


class Network:
    """Compiles the picture and loads what changed; a load that fails is tried again.

    Between the picture and the rules stands the agent's life, which the profile begins: it may ask to
    be looked at again when nothing has changed, and its nodes may be late.
    """

    def __init__(
        self, store: Store, nodes: Sequence[NodeAddress], load_rules: LoadRules, profile: Profile
    ) -> None:
        self._store = store
        self._reader = PictureReader(store, nodes)
        self._load_rules = load_rules
        self._profile = profile
        self._life = profile.live()
        self._lateness = Lateness(profile.lateness)
        self._picture: Picture | None = None
        self._loaded: dict[str, str] = {}
        self._changed = asyncio.Event()
        self._alarm: asyncio.TimerHandle | None = None

    async def run(self) -> None:
        """Load the rules of the present state, then follow the store until cancelled."""
        self._changed.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._follow(self._store.version))
            group.create_task(self._work())

    async def _follow(self, since: int) -> None:
        async with aclosing(self._store.watch(since)) as events:
            async for event in events:
                if event.resource in RELEVANT:
                    self._changed.set()

    async def _work(self) -> None:
        """A busy store gets at most half of the time: a round is followed by as long a rest."""
        clock = asyncio.get_running_loop().time
        rested = clock()
        while True:
            await self._changed.wait()
            await asyncio.sleep(max(GATHER, rested - clock()))
            self._changed.clear()
            begin = clock()
            try:
                await self._bring_up_to_date()
            except Exception:  # noqa: BLE001 - whatever it is, it is logged and tried again
                _log.exception("the network's rules were not loaded; next try in %.1f s", RETRY)
                asyncio.get_running_loop().call_later(RETRY, self._changed.set)
            rested = 2 * clock() - begin

    async def _bring_up_to_date(self) -> None:
        now = asyncio.get_running_loop().time()
        sight = self._life(self._reader.read(), now)
        if sight.picture == self._picture:
            self._look_again(sight.again)
            return
        texts = compile_nodes(sight.picture, self._profile)
        outdated = {node: text for node, text in texts.items() if self._loaded.get(node) != text}
        due = self._lateness.due(outdated, now)
        self._look_again(sight.again, self._lateness.next)
        results = await asyncio.gather(
            *(self._load(node, outdated[node]) for node in due), return_exceptions=True
        )
        failures = [result for result in results if isinstance(result, BaseException)]
        if failures:
            raise BaseExceptionGroup("some nodes refused their rules", failures)
        self._picture = sight.picture if len(due) == len(outdated) else None

    def _look_again(self, *moments: float | None) -> None:
        """Wake up at the first of these moments, if there is any; earlier wishes are void."""
        if self._alarm is not None:
            self._alarm.cancel()
        wanted = [moment for moment in moments if moment is not None]
        if wanted:
            self._alarm = asyncio.get_running_loop().call_at(min(wanted), self._changed.set)

    async def _load(self, node: str, text: str) -> None:
        await self._load_rules(node, text)
        self._loaded[node] = text
