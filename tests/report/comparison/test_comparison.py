"""A comparison in every format; it says the same in all of them."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from netprobe.comparison.compare import compare
from netprobe.comparison.measured import Measured
from netprobe.model.comparison import Comparison
from netprobe.model.finding import Kind, Verdict
from netprobe.report.comparison import to_csv, to_html, to_json, to_markdown
from netprobe.report.comparison.to_terminal import render
from netprobe.report.comparison.wording import Conclusion, conclude
from tests.comparison.measures import audit_of, cluster_of, feature, finding, four, measured, run_of
from tests.report.fitting import problems

HOSTILE = "<img src=x onerror=alert(1)>|\n\"'&"


@pytest.fixture
def four_clusters() -> Comparison:
    return compare(four())


@pytest.mark.parametrize("width", [60, 100])
def test_it_fits_the_terminal(four_clusters, width, golden):
    text = render(four_clusters, width=width, color=False)
    assert max(map(len, text.splitlines())) <= width
    golden(f"comparison-{width}.txt", text)


def test_verbose_shows_every_row(four_clusters, golden):
    golden("comparison-verbose.txt", render(four_clusters, width=110, color=False, verbose=True))


def test_many_columns_get_letters_and_are_cut():
    columns = [replace(four()[0], label=f"context:cluster-{number:02}") for number in range(1, 31)]
    columns[4] = replace(four()[2], label="context:cluster-05")
    text = render(compare(columns), width=80, color=False)
    assert max(map(len, text.splitlines())) <= 80
    assert "  A   context:cluster-01" in text
    assert "  D1  context:cluster-30" in text
    assert text.count("\n  features\n") > 1


def test_markdown(four_clusters, golden):
    golden("comparison.md", to_markdown.render(four_clusters))


def test_csv(four_clusters, golden):
    text = to_csv.render(four_clusters)
    golden("comparison.csv", text)
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {line["cluster"] for line in lines if line["cluster_title"] == "lab, emulating Flannel"} == {
        "lab:flannel"
    }


def test_json(four_clusters, golden):
    golden("comparison.json", to_json.render(four_clusters))
    assert json.loads(to_json.render(four_clusters))["measured"] is False


@settings(max_examples=25)
@given(measured("one"), measured("two"))
def test_whatever_is_compared_fits_the_published_schema(one, other):
    assert problems("compare", json.loads(to_json.render(compare([one, other])))) == []


def test_what_the_json_lacks_or_has_beside_is_found(four_clusters):
    document = json.loads(to_json.render(four_clusters))
    assert problems("compare", document) == []
    del document["rows"][0]["cells"]["lab"]["standing"]
    document["columns"][0]["extra"] = 1
    assert len(problems("compare", document)) == 2


def test_every_format_calls_an_emulation_by_its_name(four_clusters):
    renders = (to_markdown.render, to_csv.render, to_json.render, to_html.render)
    for text in (*(each(four_clusters) for each in renders), render(four_clusters, width=100, color=False)):
        assert "lab, emulating Flannel" in text


class Reader(HTMLParser):
    """What a browser would see: open elements, texts of marks, links to elsewhere."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.marks = []
        self.away = []
        self.images = 0

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.images += tag == "img"
        self.away += [value for key, value in attrs if key in ("src", "href") and not value.startswith("#")]
        if tag not in ("meta", "line", "rect", "path", "img", "br"):
            self.open.append((tag, values.get("class") or ""))

    def handle_startendtag(self, tag, attrs):
        self.images += tag == "img"

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if self.open and self.open[-1][1].startswith("mark "):
            self.marks.append(data.strip())


def read(page):
    reader = Reader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_shows_every_cell_and_leads_nowhere(four_clusters):
    reader = read(to_html.render(four_clusters))
    assert reader.away == []
    words = {"ENFORCED", "NOT ENFORCED", "PARTIALLY ENFORCED", "OPEN ANYWAY", "INCONCLUSIVE", "FAIL", "LEAK"}
    assert words < set(reader.marks)
    assert {"closed", "open, UNDEFINED", "closed, UNDEFINED", "not probed"} < set(reader.marks)


def test_differences_come_first_on_the_page(four_clusters):
    page = to_html.render(four_clusters)
    assert page.index('id="differences"') < page.index('id="alike"') < page.index('id="environment"')
    differing = page[page.index('id="differences"') : page.index('id="alike"')]
    assert "feature-egress-deny" in differing
    assert "feature-policy-delete" not in differing


def test_nothing_in_a_report_becomes_part_of_the_page():
    cluster = cluster_of("lab", HOSTILE)
    audit = audit_of(cluster, [feature(HOSTILE, leaked=1)], conclusion=HOSTILE, notes=(HOSTILE,))
    run = run_of(cluster, [finding(HOSTILE, Verdict.FAIL, Kind.LEAK)], scenario=HOSTILE, headlines=(HOSTILE,))
    comparison = compare(
        [Measured(label=HOSTILE, audit=audit, runs=(run,)), Measured(label="b", missing=HOSTILE)]
    )
    assert read(to_html.render(comparison)).images == 0
    text = to_markdown.render(comparison)
    assert "<img" not in text
    rows = [row for row in text.splitlines() if row.startswith("|")]
    assert {len(re.split(r"(?<!\\)\|", row)) for row in rows} == {5}
    starts = ("| ", "- ", "  - ", "## ", "<details>", "</details>", "Only ", "Note: ")
    assert all(line.startswith(starts) for line in text.splitlines() if line)


def test_a_page_of_many_flows_stays_small():
    one, other = cluster_of("lab"), cluster_of("lab:none", "lab (none)")
    names = [f"a/pod-{number}[0]->b/pod-{number}[0]:80/TCP/ip" for number in range(5000)]
    comparison = compare(
        [
            Measured(label="a", runs=(run_of(one, [finding(name, seen="closed") for name in names]),)),
            Measured(
                label="b", runs=(run_of(other, [finding(name, Verdict.FAIL, Kind.LEAK) for name in names]),)
            ),
        ]
    )
    page = to_html.render(comparison)
    assert len(page) < 2_000_000
    assert "And 4,600 more flows that differ" in page
    assert len(render(comparison, width=100, color=False).splitlines()) < 80


@pytest.mark.parametrize(
    ("columns", "word", "told"),
    [
        (four()[:2], "DIFFERENT", "2 clusters differ in 4 of 4 features and 1 of 1 scenario"),
        (four(), "DIFFERENT", "; not everything was measured on context:staging"),
        ((four()[0], replace(four()[0], label="b")), "ALIKE", "2 clusters do not differ in 5 features"),
        (
            four()[1:2] * 2,
            "ALIKE",
            "2 clusters do not differ in 4 features (4 failing) and 1 scenario (1 failing)",
        ),
        ((four()[0], four()[3]), "INCONCLUSIVE", "no two clusters gave an answer to the same question"),
        ((four()[3], replace(four()[3], label="b")), "INCONCLUSIVE", "none of the clusters gave an answer"),
    ],
)
def test_the_conclusion(columns, word, told):
    end = conclude(compare(columns))
    assert end.word == word
    assert told in end.sentence


def flows_of(*found):
    """Two clusters with a run each, of these flows."""
    clusters = (cluster_of("lab"), cluster_of("lab:none"))
    return compare(
        [
            Measured(label=cluster.name, runs=(run_of(cluster, flows),))
            for cluster, flows in zip(clusters, found, strict=True)
        ]
    )


def test_what_was_only_skipped_is_not_called_alike():
    comparison = flows_of([finding("a->b", Verdict.SKIP)], [finding("a->b")])
    assert conclude(comparison) == Conclusion(
        word="INCONCLUSIVE",
        sentence="no two clusters gave an answer to the same question",
    )
    assert not comparison.measured


def test_single_flows_that_differ_are_told_where_the_scenarios_come_out_alike():
    leak = finding("a->b", Verdict.FAIL, Kind.LEAK)
    comparison = flows_of(
        [leak, finding("a->c")], [finding("a->b"), replace(leak, id="three-tier/deny all/a->c")]
    )
    assert conclude(comparison) == Conclusion(word="DIFFERENT", sentence="2 clusters differ in 2 flows")


def test_clusters_that_fail_alike_are_not_painted_as_good():
    leak = [finding("a->b", Verdict.FAIL, Kind.LEAK)]
    assert render(flows_of(leak, leak), width=100, color=True).startswith("\x1b[1;31mALIKE\x1b[0m")
    good = [finding("a->b")]
    assert render(flows_of(good, good), width=100, color=True).startswith("\x1b[32mALIKE\x1b[0m")


def test_the_verdicts_are_painted(four_clusters):
    assert "\x1b[1;31mNOT ENFORCED\x1b[0m" in render(four_clusters, width=100, color=True)
