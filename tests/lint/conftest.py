"""Inventories from YAML, and what the lint finds in them."""

from __future__ import annotations

import textwrap

import pytest

from netprobe.lint.lint import LintOptions, lint
from netprobe.manifests.inventory import read_inventory
from netprobe.manifests.yaml_source import read_documents


def inventory_of(*texts):
    """Read an inventory from YAML texts, all in the file a.yaml."""
    problems = []
    text = "\n---\n".join(textwrap.dedent(each).strip("\n") for each in texts) + "\n"
    inventory = read_inventory(read_documents(text, "a.yaml"), problems)
    assert problems == []
    return inventory


@pytest.fixture
def find():
    """Run one rule (or all) over YAML texts."""

    def find(*texts, only=()):
        only = frozenset([only] if isinstance(only, str) else only)
        return lint(inventory_of(*texts), LintOptions(only=only))

    return find
