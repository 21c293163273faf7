"""The loop: merging, retrying, carrying on."""

from __future__ import annotations

import asyncio
import logging

from netprobe.lab.control.kinds import key_of
from netprobe.lab.control.reconciling import Loop
from netprobe.lab.store.objects import Store


class Recorder:
    """Remembers what it was asked to reconcile; fails as often as told for one name."""

    resources = ("configmaps",)

    def __init__(self, failures=0):
        self.seen = []
        self.failures = failures
        self.progress = asyncio.Event()

    def keys(self, event):
        return (key_of("configmaps", event.object),)

    def reconcile(self, key):
        self.seen.append(key[2])
        self.progress.set()
        if key[2] == "bad" and self.failures:
            self.failures -= 1
            raise ValueError("for the test")

    async def until(self, condition):
        async with asyncio.timeout(20):
            while not condition():
                self.progress.clear()
                await self.progress.wait()


def config_map(name):
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}}


def run_with(recorder_of, scenario):
    async def run():
        store = Store(lambda: "2026-01-01T00:00:00Z")
        recorder = recorder_of()
        store.create("configmaps", config_map("before"))
        task = asyncio.create_task(Loop(store, recorder).run())
        try:
            await scenario(store, recorder)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    asyncio.run(run())


def test_what_exists_and_what_comes_is_seen_and_repeats_are_merged():
    async def scenario(store, recorder):
        await recorder.until(lambda: recorder.seen == ["before"])
        for name in ("new-0", "new-1"):
            store.create("configmaps", config_map(name))
            store.change("configmaps", "shop", name, lambda obj: obj.update(data={"a": "b"}))
        store.create("secrets", config_map("ignored"))
        await recorder.until(lambda: len(recorder.seen) == 3)
        assert recorder.seen == ["before", "new-0", "new-1"]

    run_with(Recorder, scenario)


def test_a_failing_key_is_told_and_tried_again_while_the_others_go_on(caplog):
    async def scenario(store, recorder):
        store.create("configmaps", config_map("bad"))
        store.create("configmaps", config_map("good"))
        await recorder.until(lambda: recorder.seen.count("bad") == 3)
        assert recorder.seen.index("good") < len(recorder.seen) - 2
        assert recorder.failures == 0

    with caplog.at_level(logging.ERROR):
        run_with(lambda: Recorder(failures=2), scenario)
    assert [record.getMessage().split("; ")[1] for record in caplog.records] == [
        "next try in 0.1 s",
        "next try in 0.2 s",
    ]
