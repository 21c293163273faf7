"""``netprobe scenarios features``."""

from __future__ import annotations

import os
import sys

import click

from netprobe.app.library import by_feature, library
from netprobe.cli.output import CONTEXT
from netprobe.cli.page import page_for
from netprobe.cli.table import table_lines
from netprobe.model.scenario import FEATURES


@click.command(context_settings=CONTEXT)
def features() -> int:
    """List what scenarios can be about, and which that come with netprobe are."""
    page = page_for(sys.stdout, "never", os.environ)
    having = by_feature(library())
    rows = [
        (word.value, f"{sentence}\n[{', '.join(having[word]) or 'no scenario yet'}]")
        for word, sentence in FEATURES.items()
    ]
    for line in table_lines(("FEATURE", "WHAT IT IS ABOUT [scenarios]"), rows, page.width):
        page.line(line)
    return 0
