from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.probing import wire

TEXT = st.text(st.characters(exclude_characters="\n\t", codec="utf-8"), max_size=30)
LAST = st.text(st.characters(exclude_characters="\n", codec="utf-8"), max_size=30)


@st.composite
def records(draw):
    tag = draw(st.sampled_from(sorted(wire.FIELDS)))
    fields = [draw(TEXT) for _ in range(wire.FIELDS[tag] - 1)] + [draw(LAST)]
    return wire.Record(tag=tag, fields=tuple(fields))


def output_of(batch, written):
    lines = [wire.begin_mark(batch), *(wire.write_record(each.tag, *each.fields) for each in written)]
    return "\n".join([*lines, wire.end_mark(batch), ""])


@given(st.lists(records(), max_size=8))
def test_what_is_written_is_read(written):
    assert list(wire.read_records("b1", output_of("b1", written))) == written


@given(st.lists(records(), max_size=5), st.data())
def test_a_cut_output_yields_a_prefix_of_whole_records(written, data):
    output = output_of("b1", written)
    cut = output[: data.draw(st.integers(0, len(output)))]
    read = list(wire.read_records("b1", cut))
    assert read == written[: len(read)]


@given(LAST, st.lists(records(), max_size=3), st.lists(records(), max_size=3))
def test_leftovers_before_the_begin_mark_are_not_read(noise, old, new):
    output = noise + "\n" + output_of("b0", old) + output_of("b1", new)
    assert list(wire.read_records("b1", output)) == new


def test_the_output_of_another_batch_is_not_read():
    assert list(wire.read_records("b2", output_of("b1", [wire.Record(tag="S", fields=("0", "1.0"))]))) == []
    assert not wire.has_begun("b2", output_of("b1", []))
    assert wire.has_begun("b1", output_of("b1", []))


@pytest.mark.parametrize("fields", [("0",), ("0", "1", "2"), ("a\nb", "c"), ("a\tb", "c")])
def test_what_would_break_a_line_is_refused(fields):
    with pytest.raises(ValueError):
        wire.write_record("S", *fields)


@pytest.mark.parametrize(
    "line", ["", "S", "S\t0", "S\t0\t1.0", "S\t0\t.", "Q\t0\t1\t.", "S 0 1 .", "ST\t0\t1\t."]
)
def test_other_lines_are_passed_over(line):
    assert list(wire.read_records("b", f"{wire.begin_mark('b')}\n{line}\n")) == []
