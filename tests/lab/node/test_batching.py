from __future__ import annotations

import asyncio

import pytest

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel.shell import Answer
from netprobe.lab.node.batching import LinkBatch


class FakeSandbox:
    """Answers as ``ip -force -batch -`` does: lines that hold the word bad fail."""

    name = "node1"

    def __init__(self):
        self.runs = []

    async def run(self, argv, text):
        self.runs.append(text)
        await asyncio.sleep(0)
        lines = enumerate(text.splitlines(), 1)
        words = "".join(
            f"RTNETLINK: no\nCommand failed -:{number}\n" for number, line in lines if "bad" in line
        )
        return Answer(code=1 if words else 0, output=words, errors=words)


def test_what_is_asked_meanwhile_goes_into_one_run():
    async def story():
        sandbox = FakeSandbox()
        batch = LinkBatch(sandbox)
        await asyncio.gather(*(batch.run([f"a{number}", f"b{number}"]) for number in range(50)))
        return sandbox.runs

    runs = asyncio.run(story())
    assert len(runs) <= 2
    assert "".join(runs).split() == [f"{kind}{number}" for number in range(50) for kind in "ab"]


def test_a_failing_line_fails_only_its_own_task():
    async def story():
        batch = LinkBatch(FakeSandbox())
        tasks = [batch.run(["one", "two"]), batch.run(["three", "bad", "five"]), batch.run(["six"])]
        return await asyncio.gather(*tasks, return_exceptions=True)

    first, second, third = asyncio.run(story())
    assert first is None
    assert isinstance(second, EnvironmentFailure)
    assert "RTNETLINK: no" in second.message
    assert third is None


def test_when_nothing_can_be_run_everybody_is_told():
    class Ended:
        name = "node1"

        async def run(self, argv, text):
            raise EnvironmentFailure("node1 has ended")

    async def story():
        await LinkBatch(Ended()).run(["one"])

    with pytest.raises(EnvironmentFailure, match="node1 has ended"):
        asyncio.run(story())
