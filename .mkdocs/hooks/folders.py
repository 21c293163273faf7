"""Links to folders of docs lose their target: a code host lists a folder, a site has no page for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[2] / "docs"
LINK = re.compile(r"\[([^\]]*)\]\(([a-z0-9-]+)/\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Take the link away where it leads to a folder that exists; any other is left for mkdocs to refuse."""
    return LINK.sub(lambda link: link[1] if (DOCS / link[2]).is_dir() else link[0], markdown)
