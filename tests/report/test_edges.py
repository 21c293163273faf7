"""Graphs: every flow is in an edge, and nothing is left out without a word."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.model.finding import Comparison, Finding, Kind, Seen, Verdict
from netprobe.model.flow import DnsRef, Flow, PodRef
from netprobe.model.protocol import Protocol
from netprobe.report.cells import cell_of
from netprobe.report.edges import MOST_EDGES, MOST_NODES, STATES, State, graph_of
from netprobe.report.run_page.drawing import draw, words_of

OUTCOMES = (
    (Verdict.PASS, None, Seen.OPEN),
    (Verdict.PASS, None, Seen.CLOSED),
    (Verdict.FAIL, Kind.LEAK, Seen.OPEN),
    (Verdict.FAIL, Kind.BLOCKED, Seen.CLOSED),
    (Verdict.FAIL, Kind.POLICY_MISTAKE, Seen.OPEN),
    (Verdict.INCONCLUSIVE, None, Seen.NOTHING),
    (Verdict.UNDEFINED, None, Seen.OPEN),
    (Verdict.SKIP, None, Seen.NOTHING),
)


def finding(source: PodRef, destination, outcome, port: int = 80) -> Finding:
    verdict, kind, seen = outcome
    protocol = Protocol.UDP if isinstance(destination, DnsRef) else Protocol.TCP
    flow = Flow(source=source, destination=destination, port=port, protocol=protocol)
    same = Comparison(verdict=verdict, kind=kind)
    return Finding(id=flow.key, flow=flow, verdict=verdict, kind=kind, network=same, policy=same, seen=seen)


PODS = st.builds(
    PodRef, namespace=st.sampled_from("xyz"), workload=st.sampled_from("abc"), index=st.integers(0, 1)
)
FINDINGS = st.lists(
    st.builds(finding, PODS, PODS | st.just(DnsRef()), st.sampled_from(OUTCOMES), st.sampled_from([80, 81])),
    max_size=40,
    unique_by=lambda f: f.id,
)


@given(FINDINGS)
def test_every_flow_is_in_exactly_one_edge(findings):
    graph = graph_of(findings)
    wanted = Counter(STATES[cell_of(f)] for f in findings if cell_of(f) in STATES)
    found: Counter[State] = Counter()
    for edge in graph.edges:
        found[edge.state] += edge.flows
        assert {edge.source, edge.destination} <= set(graph.nodes)
        assert edge.ports
    assert found == wanted
    keys = [(edge.source, edge.destination, edge.state) for edge in graph.edges]
    assert len(set(keys)) == len(keys)
    ends = {str(node) for node in graph.nodes}
    assert len(ends) == len(graph.nodes)


@given(FINDINGS.filter(bool))
def test_the_drawing_has_every_node_and_edge(findings):
    graph = graph_of(findings)
    drawing = str(draw(graph, "g", "title"))
    assert drawing.count('class="node"') == len(graph.nodes)
    assert drawing.count('class="reach"') == len(graph.edges)
    for edge in graph.edges:
        assert f"<title>{words_of(edge).replace('>', '&gt;')}</title>" in drawing
    namespaces = [node.namespace for node in graph.nodes]
    together = [name for place, name in enumerate(namespaces) if place == 0 or namespaces[place - 1] != name]
    assert len(together) == len(set(together))
    spaced = [node.namespace for node in graph.nodes if node.namespace]
    assert drawing.count('class="area area-') == len(set(spaced))


def test_states_are_told_apart_by_line_and_end_and_not_by_colour_alone():
    from netprobe.report.html.environment import asset  # noqa: PLC0415

    style = asset("run.css")
    dashes = {}
    for state in State:
        rule = style.split(f".line-{state.tone} {{", 1)[1].split("}", 1)[0]
        dashes[state] = (rule.partition("stroke-dasharray:")[2].partition(";")[0], "stroke-width: 3" in rule)
    assert len(set(dashes.values())) == len(State)


@pytest.mark.parametrize(("spaces", "words"), [(3, "Drawn by namespace: 60 workloads"), (40, "No picture")])
def test_what_is_too_large_is_drawn_by_namespace_or_not_at_all(spaces, words):
    pods = [PodRef(namespace=f"n{n % spaces}", workload=f"w{n}") for n in range(60)]
    graph = graph_of([finding(one, other, OUTCOMES[0]) for one in pods for other in pods if one != other])
    assert words in graph.note
    assert len(graph.nodes) <= MOST_NODES


def test_of_many_edges_those_that_are_as_expected_go_first():
    pods = [PodRef(namespace="x", workload=f"w{n}") for n in range(24)]
    pairs = [(one, other) for one in pods for other in pods if one != other]
    findings = [
        finding(one, other, OUTCOMES[2 if n % 50 == 0 else 1]) for n, (one, other) in enumerate(pairs)
    ]
    graph = graph_of(findings)
    assert len(graph.edges) <= MOST_EDGES
    assert {edge.state for edge in graph.edges} == {State.LEAKED}
    assert "540 edges that are blocked, as the policies say are left out" in graph.note
