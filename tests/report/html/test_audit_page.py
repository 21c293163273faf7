"""The page of an audit in a browser."""

from __future__ import annotations

import itertools
from dataclasses import replace

from playwright.sync_api import expect

from netprobe.report.audit.to_html import render
from tests.report.audit.conftest import open_network as made

open_network = made


def test_an_audit_opens_without_asking_anybody(open_network, open_page):
    page = open_page(render(open_network))
    expect(page.locator(".banner")).to_contain_text("NOT ENFORCED")
    page.get_by_role("link", name="Nodes").click()
    expect(page.locator("#nodes")).to_be_in_viewport()
    assert page.evaluate("[...document.querySelectorAll('th')].every(t => t.scope)")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    regions = page.evaluate(
        "[...document.querySelectorAll('section[aria-labelledby], [role=region]')]"
        ".map(r => r.ariaLabel ?? document.getElementById(r.getAttribute('aria-labelledby')).textContent)"
    )
    assert len(regions) == len(set(regions)) > 4


def test_a_cni_that_nobody_knows_is_said_without_an_empty_table(open_network):
    recognition = open_network.recognition
    assert recognition is not None
    assert "None of its objects belongs" not in render(open_network)
    found = replace(recognition, identification=replace(recognition.identification, found=()))
    page = render(replace(open_network, recognition=found))
    assert "None of its objects belongs to a CNI that netprobe knows" in page
    assert "enforces policies</th>" not in page
