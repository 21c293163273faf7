"""docs/check.md has the table of features that the board has."""

from __future__ import annotations

from pathlib import Path

from netprobe.audit.board.cases import FEATURES
from netprobe.report.audit.catalogue import render_features

PAGE = Path(__file__).parents[3] / "docs" / "check.md"


def test_the_page_has_the_table_of_features():
    """Renew it with what ``netprobe check --features`` prints."""
    assert render_features(FEATURES) in PAGE.read_text(encoding="utf-8")
