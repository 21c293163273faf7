from __future__ import annotations

import textwrap

import pytest

from netprobe.manifests.yaml_source import read_documents


@pytest.fixture
def document():
    """Read one indented document of a file called a.yaml."""

    def read(text):
        (found,) = read_documents(textwrap.dedent(text), "a.yaml")
        return found

    return read
