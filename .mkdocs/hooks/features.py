"""The features of scenarios, each with the scenarios that come with netprobe and have it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from netprobe.model.scenario import FEATURES, Feature
from netprobe.scenario.load import load_scenario

MARK = "<!-- features -->"
LIBRARY = Path(__file__).resolve().parents[2] / "scenarios"


def sections(library: Path = LIBRARY) -> str:
    """A section for each feature."""
    return "\n".join(_sections(library))


def _sections(library: Path) -> Iterator[str]:
    scenarios = [load_scenario(path.parent) for path in sorted(library.glob("*/scenario.yaml"))]
    for feature in Feature:
        having = [f"[{each.name}](library/{each.name}.md)" for each in scenarios if feature in each.features]
        yield from (f"## `{feature.value}` {{#{feature.value}}}", "", FEATURES[feature], "")
        yield from (
            f"Scenarios: {', '.join(having)}." if having else "No scenario of the library has it.",
            "",
        )


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the sections where the page wants them."""
    return markdown.replace(MARK, sections()) if MARK in markdown else markdown
