"""Watchers: plain lines in logs, a bar on terminals, nothing when quiet."""

from __future__ import annotations

import io

from netprobe.cli.progress import Bar, Lines, Silent, watcher_for


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def play(watcher) -> None:
    watcher.stage("deploying [production]")
    for done in range(41):
        watcher.progress(done, 40)
    watcher.headline("NetworkPolicy is not enforced on node1")
    watcher.warning("the clock jumped")
    watcher.stage("measuring")
    watcher.progress(0, 0)
    watcher.pause()


def test_logs_get_a_line_for_each_stage_and_quarter():
    lines: list[str] = []
    play(watcher_for(io.StringIO(), lines.append, quiet=False))
    assert lines == [
        "netprobe: deploying [production]",
        "netprobe: 10 of 40 flows settled",
        "netprobe: 20 of 40 flows settled",
        "netprobe: 30 of 40 flows settled",
        "netprobe: 40 of 40 flows settled",
        "netprobe: NetworkPolicy is not enforced on node1",
        "netprobe: warning: the clock jumped",
        "netprobe: measuring",
    ]


def test_a_terminal_gets_a_bar_and_headlines_above_it():
    stream = Terminal()
    watcher = watcher_for(stream, lambda line: None, quiet=False)
    assert isinstance(watcher, Bar)
    play(watcher)
    text = stream.getvalue()
    assert "deploying [production]" in text
    assert "NetworkPolicy is not enforced on node1" in text
    assert "warning: the clock jumped" in text
    watcher.pause()


def test_quiet_says_only_warnings():
    lines: list[str] = []
    stream = Terminal()
    watcher = watcher_for(stream, lines.append, quiet=True)
    assert isinstance(watcher, Silent)
    play(watcher)
    assert (lines, stream.getvalue()) == (["netprobe: warning: the clock jumped"], "")


def test_no_terminal_means_lines():
    assert isinstance(watcher_for(io.StringIO(), lambda line: None, quiet=False), Lines)
