"""What a change opens and closes, in every format."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from netprobe.model.decision import Answer
from netprobe.model.flow import PodRef
from netprobe.model.matrix import FlowChange, MatrixChange
from netprobe.model.protocol import Protocol
from netprobe.report.changes import to_csv, to_json, to_markdown, to_mermaid, to_table

ANSI = re.compile(r"\x1b\[[0-9;]*m")
NOTHING = MatrixChange(flows_compared=12)


def pods(*names: str) -> tuple[PodRef, ...]:
    """Pods by ``namespace/workload``."""
    found = (name.partition("/") for name in names)
    return tuple(PodRef(namespace=namespace, workload=workload) for namespace, _, workload in found)


@pytest.fixture
def change() -> MatrixChange:
    """One flow opens, several close, one becomes undefined and one no longer is; pods come and go."""
    many = pods(*(f"lab/probe-{n}" for n in range(5)))
    return MatrixChange(
        changes=(
            FlowChange(
                sources=pods("shop/web"),
                destinations=pods("shop/db"),
                port=5432,
                protocol=Protocol.TCP,
                before=Answer.DENY,
                after=Answer.ALLOW,
                reason="allowed: shop/db is isolated for ingress, and db ingress rule 1 admits it",
            ),
            FlowChange(
                sources=many,
                destinations=(*many, *pods("shop/web")),
                port=53,
                protocol=Protocol.UDP,
                before=Answer.ALLOW,
                after=Answer.DENY,
            ),
            FlowChange(
                sources=pods("shop/web"),
                destinations=pods("lab/bare"),
                port=0,
                protocol=Protocol.TCP,
                before=Answer.ALLOW,
                after=Answer.UNDEFINED,
            ),
            FlowChange(
                sources=pods("shop/db"),
                destinations=pods("shop/web"),
                port=80,
                protocol=Protocol.TCP,
                before=Answer.UNDEFINED,
                after=Answer.DENY,
            ),
        ),
        added=pods("shop/new"),
        removed=pods("shop/old", "shop/older"),
        flows_compared=420,
    )


@pytest.mark.parametrize("verbose", [False, True])
def test_the_page_is_the_golden_one(change, verbose, golden):
    page = to_table.render(change, width=80, color=False, verbose=verbose)
    golden(f"changes-{'verbose' if verbose else 'brief'}.txt", page)
    assert max(map(len, page.splitlines())) <= 80


def test_colour_changes_nothing_but_colour(change):
    painted, plain = (to_table.render(change, width=80, color=color, verbose=True) for color in (True, False))
    assert "\x1b[" in painted
    assert ANSI.sub("", painted) == plain


def test_the_markdown_is_the_golden_one(change, golden):
    golden("changes.md", to_markdown.render(change))


def test_the_graph_is_the_golden_one(change, golden):
    golden("changes.mmd", to_mermaid.render(change))


def test_each_change_is_a_row(change):
    rows = list(csv.DictReader(io.StringIO(to_csv.render(change))))
    assert [(row["port"], row["before"], row["after"]) for row in rows] == [
        ("5432", "DENY", "ALLOW"),
        ("53", "ALLOW", "DENY"),
        ("other", "ALLOW", "UNDEFINED"),
        ("80", "UNDEFINED", "DENY"),
    ]
    assert (rows[1]["source_pods"], rows[1]["destination_pods"]) == ("5", "6")


def test_a_program_reads_all_of_it(change):
    document = json.loads(to_json.render(change))
    assert document["netprobe_matrix_change"] == 1
    assert document["flows_compared"] == 420
    first, *_, undefined, _ = document["changes"]
    assert first["sources"] == [{"namespace": "shop", "workload": "web", "index": 0}]
    assert first["reason"].startswith("allowed: ")
    assert (undefined["port"], undefined["after"]) == (None, "UNDEFINED")
    assert [pod["workload"] for pod in document["removed_pods"]] == ["old", "older"]


def test_without_changes_it_is_said():
    assert to_table.render(NOTHING, width=80, color=False) == "none of 12 flows changes\n"
    assert to_markdown.render(NOTHING) == "none of 12 flows changes.\n"
    assert to_mermaid.render(NOTHING) == 'graph LR\n  none["no flow changes"]\n'


def test_comparing_nothing_is_no_agreement():
    page = to_table.render(MatrixChange(added=pods("a/b")), width=100, color=False)
    assert page.splitlines()[-1] == "no flow was compared, as no two pods are in both states"
