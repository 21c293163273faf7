"""Pages for the scenarios: a page with its files for each folder, to which links to the folder lead.

The pages of docs link to folders of the checkout, as a reader on a code host needs it. A site has only pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from netprobe.model.scenario import Feature, Scenario
from netprobe.scenario.load import load_scenario

CHECKOUT = Path(__file__).resolve().parents[2]
SHELVES = ("scenarios", "tests/scenarios_that_fail")
"""Folders whose folders are scenarios."""
WILDCARD = "library/*"
FOLDER_LINK = re.compile(rf"\]\(\.\./(?:{'|'.join(SHELVES)})/([a-z0-9-]+)/?\)")


def folders(checkout: Path = CHECKOUT) -> tuple[Path, ...]:
    """The folders of all scenarios, in the order of the shelves."""
    return tuple(
        path.parent for shelf in SHELVES for path in sorted((checkout / shelf).glob("*/scenario.yaml"))
    )


def page(folder: Path) -> str:
    """The page of a scenario: what it is about, and the files as they are."""
    scenario = load_scenario(folder)
    return "\n".join([*_head(scenario, folder), *_files(folder)]) + "\n"


def _head(scenario: Scenario, folder: Path) -> Iterator[str]:
    place = folder.relative_to(CHECKOUT)
    yield from (f"# {scenario.name}", "", f"**{scenario.title}**", "")
    if scenario.description:
        yield from (scenario.description.strip(), "")
    yield from ("```console", f"$ netprobe run {_word(folder)}", "```", "")
    steps = "; ".join(step.name for step in scenario.steps)
    yield from (
        f"Steps: {steps}.",
        "",
        f"Features: {_features(scenario.features)}.",
        "",
        f"Folder: `{place}`.",
        "",
    )


def _word(folder: Path) -> str:
    """What a user types: the name of a built-in scenario, the path of another."""
    return folder.name if folder.parent.name == SHELVES[0] else str(folder.relative_to(CHECKOUT))


def _features(features: Iterable[Feature]) -> str:
    return (
        ", ".join(f"[`{each.value}`](../features.md#{each.value})" for each in Feature if each in features)
        or "none"
    )


def _files(folder: Path) -> Iterator[str]:
    names = sorted(path.name for path in folder.glob("*.yaml"))
    for name in ["scenario.yaml", *(each for each in names if each != "scenario.yaml")]:
        text = (folder / name).read_text(encoding="utf-8").rstrip()
        yield from (f"## {name}", "", "```yaml", text, "```", "")


def on_config(config: MkDocsConfig, **_: Any) -> MkDocsConfig:
    """Put the pages where the navigation says ``library/*``."""
    config.nav = _expanded(config.nav)
    return config


def _expanded(nav: Any) -> Any:
    if isinstance(nav, dict):
        return {title: _expanded(below) for title, below in nav.items()}
    if not isinstance(nav, list):
        return nav
    return [each for entry in nav for each in (_pages() if entry == WILDCARD else [_expanded(entry)])]


def _pages() -> list[str]:
    return [f"library/{folder.name}.md" for folder in folders()]


def on_files(files: Files, config: MkDocsConfig, **_: Any) -> Files:
    """Add the pages."""
    for folder in folders():
        files.append(File.generated(config, f"library/{folder.name}.md", content=page(folder)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Lead links to the folder of a scenario to its page."""
    return FOLDER_LINK.sub(r"](library/\1.md)", markdown)
