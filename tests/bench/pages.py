"""Pages of 10,000 flows, measured in this machine's chromium: `python -m tests.bench.pages`.

Prints, for a run with few surprises, one with many and one in which all is wrong: the size of the page, how
long it takes to write, and what a reader waits for. Each page is opened in a context of its own, so nothing
is warm but the browser itself.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from tabulate import tabulate

from netprobe.model.finding import Verdict
from netprobe.report.to_html import render
from tests.report.html.chromium import chromium
from tests.report.html.large_runs import large_run

REPEATS = 5
MOST_SECONDS = 2.0
MOST_BYTES = 5_000_000
PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def main() -> None:
    """Measure, print, and fail where a promise is broken."""
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        rows = [
            [name, *measure(browser, Path(folder, "page.html"), wrong, attempts)]
            for name, wrong, attempts in (
                ("3 % of the denied leak", 0.03, 3),
                ("20 % leak, 9 attempts", 0.2, 9),
                ("all leak, 9 attempts", 1.0, 9),
            )
        ]
    heads = ("run", "flows", "not PASS", "MB", "written", "open", "table", "search", "evidence")
    print(tabulate(rows, headers=heads, disable_numparse=True))
    print(f"seconds, medians of {REPEATS}; promised: open within {MOST_SECONDS:g} s, {MOST_BYTES / 1e6:g} MB")
    if any(float(row[3]) > MOST_BYTES / 1e6 or float(row[5]) > MOST_SECONDS for row in rows):
        raise SystemExit("a promise is broken")


def measure(browser: Browser, file: Path, wrong: float, attempts: int) -> Iterator[str]:
    """The cells of one row."""
    run = large_run(wrong=wrong, attempts=attempts)
    yield f"{len(run.findings):,}"
    yield f"{sum(finding.verdict is not Verdict.PASS for finding in run.findings):,}"
    text, written = "", []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        text = render([run])
        written.append(time.perf_counter() - begin)
    file.write_text(text, encoding="utf-8")
    yield f"{len(text.encode()) / 1e6:.2f}"
    yield f"{statistics.median(written):.2f}"
    for took in zip(*(read(browser, file) for _ in range(REPEATS)), strict=True):
        yield f"{statistics.median(took):.2f}"


def read(browser: Browser, file: Path) -> list[float]:
    """Seconds until it is open and lists flows, the table stands, a search is answered, evidence is shown."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        return [timed(page, act) for act in (lambda p: opened(p, file), scrolled, searched, clicked)]
    finally:
        context.close()


def opened(page: Page, file: Path) -> None:
    page.goto(file.as_uri())
    page.locator("#rows tr").nth(99).wait_for()


def scrolled(page: Page) -> None:
    page.locator(".heat").scroll_into_view_if_needed()
    page.locator(".heat-map td.cell-self").nth(100).wait_for()


def searched(page: Page) -> None:
    page.locator("#search").fill("team-3/service-1 leak")
    expect(page.locator("#count")).not_to_contain_text("10,100 of")


def clicked(page: Page) -> None:
    page.locator("#rows a").first.click()
    expect(page.locator("#evidence")).to_be_visible()


def timed(page: Page, act: Callable[[Page], None]) -> float:
    begin = time.perf_counter()
    act(page)
    page.evaluate(PAINTED)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
