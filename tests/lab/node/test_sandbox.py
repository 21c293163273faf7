"""What becomes of sandboxes that nobody has answered for, with a zygote that is only a socket."""

from __future__ import annotations

import asyncio

import pytest

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import messages
from netprobe.lab.node.sandbox import Sandboxes
from netprobe.lab.node.spec import SandboxSpec
from netprobe.lab.node.zygote import Zygote


def test_closing_ends_what_is_under_way_and_tells_whoever_waits():
    async def story():
        ours, theirs = messages.pair()
        with theirs:
            sandboxes = Sandboxes(Zygote(pid=0, socket=ours))
            making = asyncio.create_task(sandboxes.create(SandboxSpec(hostname="p")))
            await asyncio.sleep(0)
            received = messages.receive(theirs)
            assert received is not None
            message, fds = received
            messages.close_all(fds)
            assert message["create"] == 1
            ((_, control, _),) = sandboxes._asked.values()
            await sandboxes.close()
            assert control.fileno() == -1
            assert ours.fileno() == -1
            with pytest.raises(EnvironmentFailure, match="zygote has ended"):
                await making

    asyncio.run(story())
