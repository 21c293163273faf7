"""Metrics over HTTP, on loopback."""

from __future__ import annotations

import threading
import urllib.request

import pytest

from netprobe.errors import InputError
from netprobe.report.metrics.exposition import render, serving
from netprobe.report.metrics.families import Family


@pytest.fixture
def text():
    family = Family("netprobe_x", "About x.", ("node",))
    family.add(0.5, "node1")
    return render([family])


def test_it_is_served_while_the_block_runs(text):
    before = threading.active_count()
    with serving(text, "127.0.0.1", 0) as url:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=5) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain; version=")
            assert answer.read().decode() == text
    assert threading.active_count() == before
    with pytest.raises(OSError, match="refused"):
        opener.open(url, timeout=5)


def test_an_address_that_is_taken(text):
    with serving(text, "127.0.0.1", 0) as url:
        port = int(url.rpartition(":")[2].partition("/")[0])
        with (
            pytest.raises(InputError, match=f"127.0.0.1:{port}: Address already in use"),
            serving(text, "127.0.0.1", port),
        ):
            pass
