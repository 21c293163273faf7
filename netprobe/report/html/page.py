"""A page in one file: styles, scripts and data inside, and a policy that lets nothing else in."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence

from netprobe.report.html.environment import Markup, asset, fill

STYLES = ("page.css",)
"""What every page is dressed in."""

SCRIPTS = ("page.js",)
"""What every page can do: change between light and dark, copy links."""


def render_page(
    template: str,
    context: Mapping[str, object],
    *,
    title: str,
    styles: Sequence[str] = (),
    scripts: Sequence[str] = (),
) -> str:
    """Return the page that ``template`` (it extends ``page.html.jinja``) makes of ``context``.

    ``title`` is that of the window. ``styles`` and ``scripts`` name files of ``assets/`` which this page
    needs beside those of every page. The page asks nobody for anything: its Content-Security-Policy
    names the hashes of what it holds.
    """
    style = "\n".join(asset(name) for name in (*STYLES, *styles))
    script = "\n".join(asset(name) for name in (*SCRIPTS, *scripts))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    shell = {
        "window_title": title,
        "security_policy": policy,
        "style": Markup(style),
        "script": Markup(script),
    }
    return str(fill(template, {**context, **shell}))


def embedded(data: object) -> Markup:
    """Return ``data`` as JSON for a ``<script type="application/json">``, which nothing in it can end."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
