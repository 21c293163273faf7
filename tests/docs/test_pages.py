"""Every command that the pages show is one that netprobe takes, and every option that they name exists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.command_lines import CHECKOUT, commands_in, complaint_about, unknown_in

PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").rglob("*.md"))]
_BLOCK = re.compile(r"^ *```(\w*)[^\n]*\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_MENTION = re.compile(r"`(netprobe [^`]*)`")


def shown(text: str) -> Iterator[list[str]]:
    """The commands of a page's transcripts and scripts."""
    for language, block in _BLOCK.findall(text):
        if language == "console":
            yield from commands_in("\n".join(re.findall(r"^\s*\$ (.*)", block, re.MULTILINE)))
        elif language in ("bash", "sh"):
            yield from commands_in(block)


def mentioned(text: str) -> Iterator[list[str]]:
    """The commands in a page's sentences and tables."""
    for words in _MENTION.findall(_BLOCK.sub("", text)):
        yield from commands_in(words.replace("\n", " "))


def name(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_netprobe_takes_what_the_page_shows(path):
    commands = list(shown(path.read_text(encoding="utf-8")))
    assert [(each, why) for each in commands if (why := complaint_about(each))] == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_what_the_page_mentions_exists(path):
    commands = list(mentioned(path.read_text(encoding="utf-8")))
    assert [(each, words) for each in commands if (words := unknown_in(each))] == []
