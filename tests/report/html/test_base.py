"""The shell of every page: what is inside it, what it lets the browser do, and what it escapes."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from netprobe.model.audit import Enforcement
from netprobe.model.finding import Verdict
from netprobe.report.html.components import Table, cell, head, marked, number
from netprobe.report.html.environment import asset, fill
from netprobe.report.html.marks import mark_of_conclusion, mark_of_enforcement, mark_of_verdict
from netprobe.report.html.page import embedded, render_page
from netprobe.report.html.svg import element, path, picture

HOSTILE = "</script><img src=x onerror=alert(1)>\"'&\u2028"


def hash_of(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_permits_exactly_what_the_page_holds():
    page = render_page("page.html.jinja", {}, title=HOSTILE)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    (policy,) = re.findall(r'Content-Security-Policy" content="(.*?)"', page)
    policy = policy.replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src '{hash_of(style)}'" in policy
    assert f"script-src '{hash_of(script)}'" in policy
    assert "<img" not in page
    assert not re.findall(r"<[^>]*(?:src|href)=\"(?!#)", page)


def test_no_asset_speaks_to_anybody():
    for name in ("page.css", "page.js"):
        assert not re.search(r"https?://|url\(|@import|fetch\(|XMLHttpRequest", asset(name))


def test_embedded_data_cannot_end_its_element():
    data = {"a": HOSTILE, "b": [1, None, True, "]]>"]}
    text = embedded(data)
    assert json.loads(text) == data
    assert not set("<>&\u2028") & set(text)


def test_a_table_has_a_caption_heads_and_scopes():
    table = Table(
        caption=HOSTILE,
        heads=("node", "verdict", "seconds"),
        rows=((head("n<1>"), marked(mark_of_verdict(Verdict.FAIL), "why"), number(1234.5, 2, "s")),
              (head("n2"), cell(Markup("<b>bold</b>")), cell("<b>"))),
    )  # fmt: skip
    template = "{% from 'components.html.jinja' import data_table %}{{ data_table(table) }}"
    html = fill.__globals__["_environment"]().from_string(template).render(table=table)
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 2
    assert "n&lt;1&gt;" in html
    assert "<b>bold</b>" in html
    assert "&lt;b&gt;" in html
    assert "1,234.50\u00a0s" in html
    assert "<img" not in html
    assert "FAIL" in html


def test_a_name_that_is_missing_is_an_error():
    with pytest.raises(UndefinedError):
        fill("page.html.jinja", {"window_title": "x"})


def test_marks_differ_in_shape_and_word_not_in_colour_alone():
    verdicts = [mark_of_verdict(each) for each in Verdict]
    assert len({each.symbol for each in verdicts}) == len({each.word for each in verdicts}) == len(Verdict)
    enforcements = [mark_of_enforcement(each) for each in Enforcement]
    assert len({each.symbol for each in enforcements}) == len(Enforcement)
    assert mark_of_conclusion("INTERRUPTED").tone == "bad"
    assert mark_of_conclusion("PASS").tone == "good"


def test_drawings_are_named_and_escaped():
    line = element(
        "path", d=path(("M", 0, 1.26), ("L", 3, 4)), class_="edge", marker_end="url(#x)", fill=None
    )
    assert line == '<path d="M0 1.3 L3 4" class="edge" marker-end="url(#x)"/>'
    drawing = picture([line, element("text", HOSTILE)], width=10, height=5, name="g", title="T", text=HOSTILE)
    assert 'aria-labelledby="g-title g-text"' in drawing
    assert "<path" in drawing
    assert "<img" not in drawing
