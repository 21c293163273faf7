"""The end of an exchange is seen when it is there, however its frames arrive."""

from __future__ import annotations

from netprobe.cluster.kube.session import PodSession

STDOUT, STDERR = 1, 2


class Client:
    """The official client's WSClient as far as a session uses it; ``frames`` arrive one look at a time.

    As in the original, ``update`` takes in what is there, and so does the look at an empty channel.
    """

    def __init__(self, *frames):
        self._coming = list(frames)
        self._channels = {}

    def write_channel(self, channel, data):
        """Whatever is asked, the frames are the answer."""

    def is_open(self):
        return True

    def update(self, timeout=0):
        assert self._coming or not timeout, "waits for the network, though everything has arrived"
        if self._coming:
            channel, data = self._coming.pop(0)
            self._channels[channel] = self._channels.get(channel, b"") + data

    def read_channel(self, channel):
        if channel not in self._channels:
            self.update()
        return self._channels.pop(channel, b"")


def session_with(client):
    session = PodSession.__new__(PodSession)
    session._where, session._pending, session._errors, session._socket = "ns/pod", bytearray(), b"", client
    return session


def test_an_end_that_comes_while_stderr_is_looked_at_is_not_waited_for():
    session = session_with(Client((STDOUT, b"answer\n"), (STDOUT, b"END\n")))
    assert session.exchange("script", "END", deadline=5.0) == "answer\n"


def test_what_the_shell_says_on_stderr_may_come_at_any_time():
    for frames in (
        [(STDERR, b"oh\n"), (STDOUT, b"END\n")],
        [(STDOUT, b"END\n"), (STDERR, b"oh\n")],
        [(STDOUT, b"E"), (STDERR, b"oh\n"), (STDOUT, b"ND\n")],
    ):
        assert session_with(Client(*frames)).exchange("script", "END", deadline=5.0) == ""
