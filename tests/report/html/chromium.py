"""Debian's chromium behind Playwright, for tests, figures and pictures: it reaches nothing but files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
NOWHERE = ("--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser of this machine, and end it; raises when there is none."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert program, (
        f"no browser: one of {', '.join(NAMES)} must be on PATH (.ci/setup test installs chromium)"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(NOWHERE))
        try:
            yield browser
        finally:
            browser.close()
