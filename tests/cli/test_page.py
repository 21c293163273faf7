"""The page: widths, colours, and readers that leave."""

from __future__ import annotations

import io

import pytest

from netprobe.cli.page import Page, page_for


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Gone(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.mark.parametrize(
    ("stream", "color", "environment", "painted"),
    [
        (Terminal, "auto", {}, True),
        (Terminal, "auto", {"NO_COLOR": "1"}, False),
        (Terminal, "auto", {"NO_COLOR": ""}, True),
        (Terminal, "auto", {"TERM": "dumb"}, False),
        (Terminal, "never", {}, False),
        (Terminal, "always", {"NO_COLOR": "1"}, True),
        (Terminal, "auto", {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        (Terminal, "auto", {"FORCE_COLOR": "0"}, False),
        (Terminal, "never", {"FORCE_COLOR": "1"}, False),
        (io.StringIO, "auto", {"FORCE_COLOR": "1"}, True),
        (io.StringIO, "auto", {"FORCE_COLOR": ""}, False),
        (io.StringIO, "auto", {"FORCE_COLOR": "3", "NO_COLOR": "1"}, False),
        (io.StringIO, "auto", {}, False),
        (io.StringIO, "always", {}, True),
    ],
)
def test_when_to_paint(stream, color, environment, painted):
    assert page_for(stream(), color, environment).color is painted


def test_files_have_a_fixed_width_unless_columns_is_set(monkeypatch):
    monkeypatch.setenv("COLUMNS", "77")
    assert page_for(io.StringIO(), "auto", {}).width == 100
    assert page_for(io.StringIO(), "auto", {"COLUMNS": "77"}).width == 77


@pytest.mark.parametrize(
    ("columns", "width"), [("60", 60), ("200", 200), ("900", 200), ("0", 100), ("wide", 100)]
)
def test_a_terminal_has_its_own_width_up_to_200_columns(columns, width, monkeypatch):
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("os.get_terminal_size", lambda fileno: (_ for _ in ()).throw(OSError()))
    assert page_for(Terminal(), "auto", {"COLUMNS": columns}).width == width


def test_colour_codes_reach_the_stream():
    stream = io.StringIO()
    page_for(stream, "always", {}).print("\x1b[1mbold\x1b[0m\n")
    assert stream.getvalue() == "\x1b[1mbold\x1b[0m\n"


def test_a_reader_that_has_left_is_no_error():
    page = Page(stream=Gone(), width=80, color=False)
    page.print("first\n")
    assert page.abandoned
    page.print("second\n")


def test_a_terminal_without_unicode_gets_other_signs_and_the_same_columns():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    Page(stream=stream, width=80, color=False).print("a → b ·  X ä\n")
    stream.flush()
    assert stream.buffer.getvalue() == b"a > b .  X \\xe4\n"


def test_names_that_are_no_text_are_printed_all_the_same():
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    Page(stream=stream, width=80, color=False).print("journal-\udcff → x\n")
    stream.flush()
    assert stream.buffer.getvalue() == b"journal-\\udcff > x\n"
