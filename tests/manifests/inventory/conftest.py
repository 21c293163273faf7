from __future__ import annotations

import textwrap

import pytest

from netprobe.manifests.inventory import read_inventory
from netprobe.manifests.yaml_source import read_documents


@pytest.fixture
def read():
    """Read indented documents of a file called a.yaml to an inventory, without problems."""

    def read_text(text, **options):
        problems = []
        documents = read_documents(textwrap.dedent(text), "a.yaml")
        inventory = read_inventory(documents, problems, **options)
        assert problems == []
        return inventory

    return read_text


@pytest.fixture
def refused():
    """Read documents that are refused, and return their problems as text."""

    def read_text(text):
        problems = []
        read_inventory(read_documents(textwrap.dedent(text), "a.yaml"), problems)
        return [str(problem) for problem in problems]

    return read_text
