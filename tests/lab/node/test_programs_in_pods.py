"""exec and logs: streams, ends, terminals."""

from __future__ import annotations

import asyncio

import pytest

from netprobe.errors import EnvironmentFailure

pytestmark = pytest.mark.lab


async def start(lab, *argv, **how):
    return await lab.machines.exec(lab.pod("a")["metadata"]["uid"], "main", argv, **how)


async def streams_and_ends(lab):
    lab.create_pod("a", "node1")
    await lab.ready("a")
    process = await start(lab, "sh", "-c", "echo out; echo err >&2; exit 3")
    assert await process.read_stdout() == b"out\n"
    assert await process.read_stderr() == b"err\n"
    assert await process.wait() == 3
    assert await process.read_stdout() == b""
    process.kill()
    process = await start(lab, "sh", "-c", "kill -9 $$")
    assert await process.wait() == 137
    process.kill()
    with pytest.raises(FileNotFoundError):
        await start(lab, "nosuchprogram")
    with pytest.raises(EnvironmentFailure, match='exec: "/etc/passwd": permission denied'):
        await start(lab, "/etc/passwd")
    with pytest.raises(EnvironmentFailure, match="too long"):
        await start(lab, "echo", "x" * 300_000)
    process = await start(lab, "sh", "-c", 'echo "$POD $HOSTNAME $HOME"')
    assert (await process.read_stdout()).startswith(b"a a ")
    process.kill()


async def carries_much_input(lab):
    lab.create_pod("a", "node1")
    await lab.ready("a")
    sent = bytes(range(256)) * 8192
    process = await start(lab, "cat", stdin=True)

    async def send():
        await process.write_stdin(sent)
        await process.close_stdin()

    async def receive():
        got = b""
        while chunk := await process.read_stdout():
            got += chunk
        return got

    _, got = await asyncio.gather(send(), receive())
    assert got == sent
    assert await process.wait() == 0
    await process.write_stdin(b"nobody reads this")
    process.kill()
    process = await start(lab, "cat")
    assert await process.read_stdout() == b"", "without stdin a program reads the end at once"
    process.kill()


async def is_killed_with_its_children(lab):
    lab.create_pod("a", "node1")
    await lab.ready("a")
    process = await start(lab, "sh", "-c", "sleep 1000 & echo begun; wait", stdin=True)
    assert await process.read_stdout() == b"begun\n"
    reading = asyncio.create_task(process.read_stdout())
    await asyncio.sleep(0)
    process.kill()
    assert await process.wait() == 137
    assert await reading == b""
    assert (await lab.sh("a", "cat /proc/[0-9]*/comm | grep -c sleep"))[1] == "0\n"


async def has_a_terminal(lab):
    lab.create_pod("a", "node1")
    await lab.ready("a")
    process = await start(
        lab, "sh", "-c", "read line; stty size; test -t 0 && test -t 2 && echo $line", tty=True
    )
    process.resize(7, 99)
    await process.write_stdin(b"hello\n")
    output = b""
    while chunk := await process.read_stdout():
        output += chunk
    assert output.replace(b"\r", b"") == b"hello\n7 99\nhello\n"
    assert await process.wait() == 0
    process.kill()
    process = await start(lab, "sleep", "1000", stdin=True, tty=True)
    await process.write_stdin(b"\x03")
    assert await process.wait() == 130, "a Ctrl-C reaches what runs on the terminal"
    process.kill()


async def keeps_the_log(lab):
    lab.create_pod("a", "node1")
    lab.create_pod(
        "talks",
        "node1",
        command=["sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; sleep 1000"],
    )
    await lab.ready("a", "talks")
    uid = lab.pod("a")["metadata"]["uid"]
    assert b"Started HTTP server on port 8080\nStarted UDP server on port 8081\n" in lab.machines.logs(
        uid, "main"
    )
    with pytest.raises(EnvironmentFailure, match='container not found \\("other"\\)'):
        lab.machines.logs(uid, "other")
    with pytest.raises(EnvironmentFailure, match="container not found"):
        await lab.machines.exec(uid, "other", ["true"])
    with pytest.raises(EnvironmentFailure, match="container not found"):
        await lab.machines.exec("no-such-uid", "main", ["true"])
    talks = lab.pod("talks")["metadata"]["uid"]
    async with asyncio.timeout(20):
        while not (log := lab.machines.logs(talks, "main")).endswith(b"line 19999\n"):
            await lab.sh("a", "true")
    assert log.endswith(b"line 19998\nline 19999\n")


@pytest.mark.parametrize(
    "story",
    [streams_and_ends, carries_much_input, is_killed_with_its_children, has_a_terminal, keeps_the_log],
    ids=lambda story: story.__name__,
)
def test_a_program(in_a_lab, story):
    in_a_lab(story)
