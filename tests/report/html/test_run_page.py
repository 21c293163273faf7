"""The page of a run in a browser: evidence, filters, keyboard, dark, paper, no script, hostile names."""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import replace
from urllib.parse import quote, unquote

from playwright.sync_api import expect

from netprobe.model.finding import Verdict
from netprobe.model.flow import PodRef
from netprobe.report.to_html import render
from tests.report.html.large_runs import large_run

MOST_BYTES = 5_000_000
CEILING = 20.0
"""Seconds in which a page of 10,000 flows is open on a machine that does other things, too; 2 is the aim
(tests/bench/pages.py)."""

HOSTILE = "</script><img src=x onerror=alert(1)>'\"`${alert(2)}&amp;"


def test_the_main_part_is_the_golden_one(every_verdict_run, golden):
    page = render([every_verdict_run])
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main is not None
    golden("every_verdict_run.main.html", main.group() + "\n")
    assert render([every_verdict_run]) == page


def test_a_click_on_a_cell_shows_the_evidence_and_the_way_back(leaking_run, open_page):
    page = open_page(render([leaking_run]))
    expect(page).to_have_title("three-tier on lab, emulating Flannel · netprobe")
    page.locator(".heat").first.scroll_into_view_if_needed()
    cell = page.locator("td.cell-leak").first
    cell.hover()
    expect(page.locator("#tip")).to_contain_text("LEAK: ")
    cell.click()
    dialog = page.locator("#evidence")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("LEAK, the network does not enforce it")
    expect(dialog.locator(".wrong")).to_contain_text("✗ open")
    expect(dialog.locator("table.attempts tbody tr")).to_have_count(1)
    expect(dialog).to_contain_text("answered by")
    expect(dialog).to_contain_text("isolated by production/")
    expect(page).to_have_url(re.compile("three-tier%2Fpublished%2F"))
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page).not_to_have_url(re.compile("#"))
    expect(cell).to_be_focused()


def test_the_keyboard_reaches_everything(leaking_run, open_page):
    page = open_page(render([leaking_run]))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.locator(".heat").first.scroll_into_view_if_needed()
    grid = page.locator("table.heat-map").first
    expect(grid.locator('td[tabindex="0"]')).to_have_count(1)
    grid.locator('td[tabindex="0"]').focus()
    before = page.evaluate("document.activeElement.flow.id")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    after = page.evaluate("document.activeElement.flow.id")
    assert before != after
    expect(grid.locator('td[tabindex="0"]')).to_have_count(1)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    expect(page.locator("#evidence")).to_be_visible()
    expect(page.locator("#evidence button").first).to_be_focused()
    page.keyboard.press("Enter")  # it is the button that closes
    expect(page.locator("#evidence")).to_be_hidden()
    assert page.evaluate("document.activeElement.flow.id") == after


def test_filters_and_search_find_flows(every_verdict_run, leaking_run, open_page):
    page = open_page(render([every_verdict_run, replace(leaking_run, scenario="leaking")]))
    count = page.locator("#count")
    total = len(every_verdict_run.findings) + len(leaking_run.findings)
    expect(count).to_have_text(f"{total} of {total} flows")
    page.locator("#filter-verdict").select_option("BLOCKED")
    expect(page.locator("#rows tr")).to_have_count(1)
    page.locator("#filter-verdict").select_option("odd")
    odd = [f for r in (every_verdict_run, leaking_run) for f in r.findings if f.verdict is not Verdict.PASS]
    expect(count).to_have_text(f"{len(odd)} of {total} flows")
    page.get_by_role("button", name="Clear").click()
    expect(count).to_have_text(f"{total} of {total} flows")
    page.locator("#filter-protocol").select_option("UDP")
    expect(page.locator("#rows tr")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    page.locator("#search").fill("bystander database-policy LEAK")
    expect(page.locator("#rows tr")).to_have_count(1)
    page.locator("#rows a").click()
    expect(page.locator("#evidence-title")).to_have_text("production/bystander → production/database:5432")


def test_a_click_in_the_graph_shows_its_flows(leaking_run, open_page):
    page = open_page(render([leaking_run]))
    page.locator(".node[data-node='production/database']").first.click()
    expect(page.locator("#count")).to_contain_text("from or to production/database")
    expect(page.locator("#rows tr")).to_have_count(8)
    page.locator("input.show-leaked").first.uncheck()
    expect(page.locator(".edge-leaked").first).to_be_hidden()
    expect(page.locator(".edge-allowed").first).to_be_visible()


def test_every_permalink_leads_to_its_finding(every_verdict_run, leaking_run, open_page):
    cluster = replace(every_verdict_run.cluster, title="lab (enforcing)")
    runs = [leaking_run, replace(every_verdict_run, run_id="other", cluster=cluster)]  # one scenario, twice
    text = render(runs)
    assert "<title>2 runs on lab, emulating Flannel, lab (enforcing) · netprobe</title>" in text
    assert f"{cluster.title}</h2>" in text
    last = runs[1].findings[-1]
    page = open_page(text, f"#{quote('other:' + last.id, safe='')}")
    expect(page.locator("#evidence .permalink code")).to_have_text(last.id)
    for finding in runs[1].findings:
        page.evaluate("id => { location.hash = encodeURIComponent(id) }", f"other:{finding.id}")
        expect(page.locator("#evidence .permalink code")).to_have_text(finding.id)
    for link in re.findall(r'class="screen-only" href="(#[^"]+)"', text):
        page.evaluate("link => { location.hash = link }", link)
        expect(page.locator("#evidence .permalink code")).to_have_text(unquote(link).partition(":")[2])


def test_dark_is_the_systems_choice_until_the_reader_makes_one(enforcing_run, open_page):
    text = render([enforcing_run])
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = open_page(text, color_scheme="light"), open_page(text, color_scheme="dark")
    colours = [page.evaluate(ground) for page in (light, dark)]
    assert colours[0] != colours[1]
    expect(dark.locator("#theme")).to_have_attribute("aria-pressed", "true")
    dark.locator("#theme").click()
    assert dark.evaluate(ground) == colours[0]
    expect(dark.locator("#theme")).to_have_attribute("aria-pressed", "false")


def test_on_paper_everything_is_unfolded_and_light(leaking_run, open_page):
    page = open_page(render([leaking_run]), color_scheme="dark")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    expect(page.locator("table.heat-map")).to_have_count(1)
    expect(page.locator("#filters")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf()[:5] == b"%PDF-"


def test_on_a_narrow_screen_the_page_fits_and_parts_scroll(leaking_run, open_page):
    page = open_page(render([leaking_run]), viewport={"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == 400
    for part in ("#rows", ".graph .picture"):
        box = page.locator(part).first.bounding_box()
        assert box is not None
        assert box["width"] > 600
    focusable = (
        "[...document.querySelectorAll('.scroll')].every(s => s.querySelector('a') || s.tabIndex === 0)"
    )
    assert page.evaluate(focusable)


def test_without_scripts_summary_failures_and_tables_are_there(leaking_run, open_page):
    page = open_page(render([leaking_run]), java_script_enabled=False)
    expect(page.locator(".banner")).to_contain_text("FAIL")
    expect(page.locator(".headlines")).to_contain_text("NetworkPolicy is not enforced on node1, node2")
    leaks = [f for f in leaking_run.findings if f.verdict is Verdict.FAIL]
    named = page.locator(".causes").inner_text()
    assert sum(int(n) for n in re.findall(r"(\d+) flows?, step", named)) == len(leaks)
    expect(page.locator("pre.plain")).to_contain_text("LEAK")
    expect(page.locator("#flows")).to_be_hidden()
    expect(page.locator("#theme")).to_be_hidden()
    expect(page.locator("svg.picture").first).to_be_visible()


def test_hostile_names_are_texts(every_verdict_run, open_page):
    pod = PodRef(namespace=HOSTILE, workload=HOSTILE)
    findings = [
        replace(f, flow=replace(f.flow, source=pod), explanation=f"{pod} {HOSTILE}", id=f"{HOSTILE}/{n}")
        for n, f in enumerate(every_verdict_run.findings)
    ]
    step = replace(every_verdict_run.steps[0], name=HOSTILE, findings=tuple(findings))
    cluster = replace(every_verdict_run.cluster, title=HOSTILE, facts={HOSTILE: HOSTILE})
    run = replace(
        every_verdict_run, scenario=HOSTILE, title=HOSTILE, steps=(step,), cluster=cluster,
        headlines=(HOSTILE,), notes=(HOSTILE,),
    )  # fmt: skip
    text = render([run])
    assert "<img" not in text
    assert text.count("</script>") == 2
    page = open_page(text, f"#{findings[0].id}")
    page.locator(".heat").first.scroll_into_view_if_needed()
    expect(page.locator("table.heat-map").first).to_contain_text(HOSTILE)
    expect(page.locator("#evidence")).to_contain_text(HOSTILE)
    assert page.locator("img").count() == 0


def test_ten_thousand_flows_are_small_enough_and_open(open_page):
    run = large_run(wrong=0.2, attempts=9)
    assert len(run.findings) > 10_000
    text = render([run])
    assert len(text.encode()) < MOST_BYTES
    started = time.monotonic()
    page = open_page(text)
    expect(page.locator("#rows tr")).to_have_count(100)
    assert time.monotonic() - started < CEILING
    page.locator(".heat").scroll_into_view_if_needed()
    expect(page.locator(".heat-map tbody tr")).to_have_count(101)
    assert page.locator(".heat-map td[class^=cell]:not(.cell-none)").count() == len(run.findings)
    page.locator("#search").fill("team-3/service-1 LEAK")
    expect(page.locator("#rows tr").first).to_contain_text("LEAK")
    page.locator("#rows a").first.click()
    expect(page.locator("#evidence")).to_contain_text("5 attempts are left out here")


def test_a_run_that_ended_early_says_so(interrupted_run, open_page):
    page = open_page(render([interrupted_run]))
    expect(page.locator(".banner")).to_contain_text("INTERRUPTED")
    expect(page.locator(".step").first).to_contain_text("not finished")


def test_a_run_without_findings_is_a_page(interrupted_run, open_page):
    page = open_page(render([replace(interrupted_run, steps=())]))
    expect(page.locator("#count")).to_have_text("0 of 0 flows")


def test_headings_regions_and_tables_are_in_order(every_verdict_run, open_page):
    page = open_page(render([every_verdict_run]))
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.locator("html").get_attribute("lang") == "en"
    for landmark in ("banner", "main", "contentinfo", "navigation", "search"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    assert page.evaluate("[...document.querySelectorAll('table')].every(t => t.caption)")
    assert page.evaluate("[...document.querySelectorAll('th')].every(t => t.scope)")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
