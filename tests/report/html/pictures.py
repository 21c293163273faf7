"""The pictures of docs/images, taken of pages that real runs wrote.

`python -m tests.report.html.pictures RUN.html CHECK.html FOLDER` (docs/reports.md says which runs they were).
It needs Pillow, which nothing else here does (`.venv/bin/python -m pip install pillow`): a picture of a page
has few colours, and with 256 of them a third of the bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.report.html.chromium import chromium

WIDTH, HEIGHT = 1120, 860
NARROW, HIGH = 940, 1300
PICTURES = ("run-light", "run-dark", "run-evidence", "check")
MOST_BYTES = 150_000


def main(run: str, check: str, folder: str) -> None:
    """Take the pictures; one that is too large for the documentation is an error."""
    images = Path(folder)
    with chromium() as browser:
        with opened(browser, run, "light") as page:
            page.screenshot(path=images / "run-light.png")
        with opened(browser, run, "dark", NARROW, HIGH) as page:
            step = page.locator(".step").first
            step.scroll_into_view_if_needed()
            page.locator(".heat-map").first.wait_for()
            page.evaluate("document.querySelector('.top').style.position = 'static'")
            step.screenshot(path=images / "run-dark.png")
        with opened(browser, run, "light") as page:
            page.locator(".heat").first.scroll_into_view_if_needed()
            page.locator("td.cell-leak").first.click()
            page.locator("#evidence").screenshot(path=images / "run-evidence.png")
        with opened(browser, check, "light", WIDTH, HIGH) as page:
            page.screenshot(path=images / "check.png")
    for name in PICTURES:
        image = images / f"{name}.png"
        with Image.open(image) as picture:
            few = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        few.save(image, optimize=True)
        if image.stat().st_size > MOST_BYTES:
            raise SystemExit(f"{image} has {image.stat().st_size} bytes, more than {MOST_BYTES}")


@contextmanager
def opened(
    browser: Browser, file: str, scheme: Literal["light", "dark"], width: int = WIDTH, height: int = HEIGHT
) -> Iterator[Page]:
    """A page in a window of its own."""
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(Path(file).resolve().as_uri())
        yield page
    finally:
        context.close()


if __name__ == "__main__":
    main(*sys.argv[1:4])
