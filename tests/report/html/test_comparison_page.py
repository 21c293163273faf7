"""The page of a comparison in a browser."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import expect

from netprobe.comparison.compare import compare
from netprobe.report.comparison.to_html import render
from tests.comparison.measures import four


@pytest.fixture(scope="module")
def html():
    return render(compare(four()))


def test_evidence_unfolds_by_keyboard(html, open_page):
    page = open_page(html)
    expect(page.locator(".banner")).to_contain_text("DIFFERENT")
    row = page.locator("#feature-egress-deny")
    evidence = row.get_by_text("home/api → home/egress-deny:8080 connected").first
    expect(evidence).to_be_hidden()
    row.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(evidence).to_be_visible()
    assert page.evaluate("[...document.querySelectorAll('th')].every(t => t.scope)")
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_page_scrolls_its_tables_and_not_itself(html, open_page, scheme):
    page = open_page(html, viewport={"width": 380, "height": 700}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 380
    summary = page.locator("#feature-egress-deny summary")
    assert summary.bounding_box()["width"] < 380
    wide = page.locator("#differences .scroll")
    assert wide.evaluate("e => e.scrollWidth > e.clientWidth")


def test_links_to_sections_lead_there(html, open_page):
    page = open_page(html)
    for link in page.locator("nav.sections a").all():
        link.click()
        expect(page.locator(link.get_attribute("href"))).to_be_in_viewport()
    expect(page.locator("#latency svg title")).to_have_text("Seconds until a change of policies takes effect")
