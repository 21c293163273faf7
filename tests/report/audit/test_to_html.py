"""The page of an audit: golden text; what is in it; hostile names."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from netprobe.report.audit.to_html import render

HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.mark.parametrize("name", ["open_network", "one_fault"])
def test_the_main_part_is_the_golden_one(name, request, golden):
    page = render(request.getfixturevalue(name))
    main = re.search(r"<main.*</main>", page, re.DOTALL)
    assert main is not None
    golden(f"audit-{name}.main.html", main.group() + "\n")


@pytest.mark.parametrize("name", ["sound", "open_network", "one_fault", "no_answer", "many_nodes", "own_pod"])
def test_every_audit_is_a_page_that_tells_its_verdict(name, request):
    report = request.getfixturevalue(name)
    page = render(report)
    assert f'<strong class="word">{report.audit.verdict.value}</strong>' in page
    links = re.findall(r'href="#([^"]+)"', page)
    assert {f'id="{link}"' in page for link in links} == {True}
    assert all(node.node in page for node in report.audit.nodes) or name == "no_answer"


def test_evidence_for_and_against_is_told(one_fault):
    page = render(one_fault)
    assert "For it: it explains 6 of 6 deviations. Against it: no probes." in page
    near = replace(one_fault.audit.suspects[0], against=3, explained=4)
    page = render(replace(one_fault, audit=replace(one_fault.audit, suspects=(), near=(near,))))
    assert "An unknown deviation" in page
    assert "Against it: 3 probes would have come out otherwise." in page


def test_pods_of_the_user_and_old_connections_are_told(own_pod):
    page = render(own_pod)
    assert "shop/db-1</th>" in page
    assert "1 agree, 1 leak" in page
    assert "home/free to shop/db-1:5432" in page
    assert "between nodes they were cut after 0.3 s" in page


def test_hostile_names_are_escaped(open_network):
    cluster = replace(open_network.cluster, title=HOSTILE, facts={HOSTILE: HOSTILE})
    nodes = tuple(replace(node, node=HOSTILE) for node in open_network.audit.nodes)
    audit = replace(open_network.audit, nodes=nodes, notes=(HOSTILE,), sentence=HOSTILE)
    page = render(replace(open_network, cluster=cluster, audit=audit))
    assert "<img" not in page
    assert page.count("</script>") == 1
