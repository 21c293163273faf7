"""Matrices on a terminal."""

from __future__ import annotations

import re

import pytest

from netprobe.model.matrix import Matrix
from netprobe.report.matrix.to_table import render

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("width", [60, 100])
def test_the_page_is_the_golden_one(shop, width, golden):
    page = render(shop, width=width, color=False)
    golden(f"matrix-shop-{width}.txt", page)
    assert max(map(len, page.splitlines())) <= width


def test_a_large_table_is_told_in_sentences_that_name_who_is_left_out(town, golden):
    page = render(town, width=80, color=False)
    golden("matrix-town-80.txt", page)
    assert max(map(len, page.splitlines())) <= 80


def test_a_large_table_is_shown_when_everything_is_asked_for(town):
    page = render(town, width=160, color=False, verbose=True)
    assert "from ↓ to →" in page
    assert "  w29" in page.splitlines()[-3]
    assert render(town, width=160, color=False).count("\n") < page.count("\n")


@pytest.mark.parametrize("name", ["shop", "town"])
def test_colour_changes_nothing_but_colour(name, request):
    matrix = request.getfixturevalue(name)
    painted, plain = (render(matrix, width=100, color=color) for color in (True, False))
    assert "\x1b[" in painted
    assert [line.rstrip() for line in ANSI.sub("", painted).splitlines()] == plain.splitlines()


def test_no_pods_are_said_to_be_none():
    page = render(Matrix(groups=(), columns=()), width=80, color=False)
    assert page == "there are no pods, so there are no flows\n"
