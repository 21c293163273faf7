"""The page of an audit in a browser."""

from __future__ import annotations

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
