"""A matrix in a pull request."""

from __future__ import annotations

from netprobe.model.matrix import Matrix
from netprobe.report.matrix.to_markdown import render, table_lines


def test_the_page_is_the_golden_one(shop, golden):
    golden("matrix-shop.md", render(shop))


def test_each_row_has_as_many_cells_as_the_head(shop):
    rows = [line for line in render(shop).splitlines() if line.startswith("|")]
    assert {line.count("|") for line in rows} == {len(shop.columns) + 2}


def test_a_large_table_is_a_list(town):
    page = render(town)
    assert "|" not in page
    assert "* everybody →\n  * east: w05:80, " in page


def test_a_bar_does_not_end_a_cell():
    assert list(table_lines(["a|b"], [])) == ["| a\\|b |", "| --- |"]


def test_no_pods_are_said_to_be_none():
    assert render(Matrix(groups=(), columns=())) == "There are no pods, so there are no flows.\n"
