from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import messages

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(st.lists(st.dictionaries(st.text(max_size=5), VALUES, max_size=4), min_size=1, max_size=4))
def test_messages_arrive_whole_and_in_order(sent):
    ours, theirs = messages.pair()
    with ours, theirs:
        for message in sent:
            messages.say(ours, message)
        assert [messages.receive(theirs) for _ in sent] == [(message, ()) for message in sent]


def test_file_descriptors_come_along_and_are_not_inherited_by_programs():
    ours, theirs = messages.pair()
    reader, writer = os.pipe()
    with ours, theirs:
        messages.say(ours, {"a": 1}, (writer,))
        os.close(writer)
        _, (copy,) = messages.receive(theirs)
        assert not os.get_inheritable(copy)
        os.write(copy, b"through")
        messages.close_all((copy,))
        assert os.read(reader, 100) == b"through"
        assert os.read(reader, 100) == b""
        os.close(reader)


def test_the_end_is_none_and_a_closed_end_cannot_be_written_to():
    ours, theirs = messages.pair()
    ours.close()
    with theirs:
        assert messages.receive(theirs) is None
        with pytest.raises(OSError, match="Broken pipe"):
            messages.say(theirs, {})


def test_what_fits_no_packet_is_refused_in_words():
    with pytest.raises(EnvironmentFailure, match="too long for the lab"):
        messages.encode({"argv": ["x" * messages.MAX_BYTES]})
