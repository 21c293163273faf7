"""A matrix as a graph."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from netprobe.model.flow import PodRef
from netprobe.model.matrix import Matrix, MatrixColumn, PodGroup
from netprobe.model.protocol import Protocol
from netprobe.report.matrix.to_mermaid import label_lines, quoted, render

LABEL = r'"[^"]+"'
LINE = re.compile(
    rf"graph LR|  subgraph ns\d+\[{LABEL}\]|    g\d+\[{LABEL}\]|  end|  everybody\(\[{LABEL}\]\)"
    rf"|  (g|ns)?\d*(everybody)? (-->|-\.->)\|{LABEL}\| g\d+|  nobody\[{LABEL}\]"
)


@pytest.mark.parametrize("name", ["shop", "town"])
def test_every_line_is_one_of_a_few_forms_with_quoted_labels(name, request):
    for line in render(request.getfixturevalue(name)).splitlines():
        assert LINE.fullmatch(line), line


def test_the_graph_is_the_golden_one(shop, golden):
    golden("matrix-shop.mmd", render(shop))


def test_boxes_stand_for_their_pods_and_never_point_into_themselves(town):
    arrows = [line.split() for line in render(town).splitlines() if "-->" in line]
    inside = {f"g{n}": f"ns{n // 30}" for n in range(60)}
    assert ["everybody", '-->|":80"|', "g59"] in arrows
    assert ["ns1", '-->|":80"|', "g0"] not in arrows
    assert all(inside[to] != source for source, _, to in arrows)


def test_what_all_pods_of_another_namespace_reach_has_one_arrow(town):
    west_and_one = (1 << 60) - (1 << 30) | 2
    to_the_east = replace(town.columns[0], allow=west_and_one, maybe=west_and_one)
    arrows = [line.split()[0] for line in render(replace(town, columns=(to_the_east,))).splitlines()]
    assert arrows[-2:] == ["ns1", "g1"]


def test_more_arrows_than_mermaid_draws_are_said():
    even = sum(1 << n for n in range(0, 40, 2))
    groups = [PodGroup(pods=(PodRef(namespace="a", workload=f"w{n}"),)) for n in range(40)]
    columns = [
        MatrixColumn(group=n, port=80, protocol=Protocol.TCP, allow=even, maybe=even) for n in range(40)
    ]
    page = render(Matrix(groups=tuple(groups), columns=tuple(columns)))
    assert "  %% 780 arrows: Mermaid draws 500 unless its setting maxEdges is raised\n" in page


def test_no_pods_are_a_graph_that_says_so():
    assert render(Matrix(groups=(), columns=())) == 'graph LR\n  nobody["there are no pods"]\n'


def test_labels_survive_odd_characters_and_long_groups():
    assert quoted('a "b" #1', "c") == '"a #quot;b#quot; #35;1<br/>c"'
    pods = tuple(PodRef(namespace="a", workload=f"w{n}") for n in range(10))
    assert label_lines(pods)[-2:] == ["w6", "and 3 more"]
