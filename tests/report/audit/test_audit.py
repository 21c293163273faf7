from __future__ import annotations

import json
from dataclasses import replace

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from netprobe.model.audit import Established
from netprobe.model.run import HeldReading, HeldState
from netprobe.report.audit import to_json, to_junit, to_markdown
from netprobe.report.audit.to_terminal import render

EVERY = ("sound", "open_network", "one_fault", "no_answer", "many_nodes")


@pytest.mark.parametrize("name", EVERY)
def test_an_audit_fits_a_screen(name, request, golden):
    text = render(request.getfixturevalue(name), width=100, color=False)
    assert len(text.splitlines()) <= 30
    assert max(map(len, text.splitlines())) <= 100
    golden(f"audit-{name}-100.txt", text)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("verbose", [False, True])
@pytest.mark.parametrize("width", [60, 80, 133, 200])
def test_no_line_is_wider_than_the_terminal(name, verbose, width, request):
    text = render(request.getfixturevalue(name), width=width, color=False, verbose=verbose)
    assert max(map(len, text.splitlines())) <= width


def test_long_names_of_nodes_are_shortened_in_their_middle(many_nodes):
    nodes = [
        replace(n, node=f"ip-10-0-12-{k}.eu-west-1.compute.internal")
        for k, n in enumerate(many_nodes.audit.nodes)
    ]
    text = render(
        replace(many_nodes, audit=replace(many_nodes.audit, nodes=tuple(nodes))),
        width=80,
        color=False,
        verbose=True,
    )
    assert max(map(len, text.splitlines())) <= 80
    assert "…" in text
    assert "in tcp  in udp  out tcp  out udp  takes effect" in render(many_nodes, width=70, color=False)


def test_verbose_shows_every_feature_with_its_examples(open_network, golden):
    golden("audit-open_network-verbose.txt", render(open_network, width=120, color=False, verbose=True))


@pytest.mark.parametrize("name", ["open_network", "one_fault"])
def test_markdown(name, request, golden):
    golden(f"audit-{name}.md", to_markdown.render(request.getfixturevalue(name)))


def test_json_holds_all_of_it(open_network, one_fault, golden):
    golden("audit-one_fault.json", to_json.render(one_fault))
    document = json.loads(to_json.render(open_network))
    assert document["cni"]["sentence"].startswith("seems to be Flannel v0.27.4, which does not enforce")
    assert document["cni"]["agrees"] is True
    assert document["cni"]["fitting_limits"][0]["ids"] == ["flannel-noop"]
    assert document["impact"]["policies_present"] == len(document["impact"]["affected"]) == 7
    assert document["unseen"] == list(open_network.unseen)


def test_junit_passes_only_what_is_enforced(one_fault, no_answer):
    suite = next(iter(JUnitXml.fromstring(to_junit.render(one_fault).encode())))
    results = {case.name: [type(each) for each in case.result] for case in suite}
    assert results["cluster staging"] == results["ports"] == [Failure]
    assert results["egress-deny"] == results["node1"] == []
    assert results["flows between nodes"] == [Skipped]
    suite = next(iter(JUnitXml.fromstring(to_junit.render(no_answer).encode())))
    assert [type(each) for case in suite for each in case.result] == [Error, Skipped]


@pytest.mark.parametrize(
    ("readings", "told"),
    [
        (
            ((HeldState.GOES_ON, 9.5, ""), (HeldState.GOES_ON, 9.5, "")),
            "on one node and between nodes they go on",
        ),
        (
            ((HeldState.GOES_ON, 9.5, ""), (HeldState.CUT, 0.24, "")),
            "on one node they go on; between nodes they were cut after 0.2 s",
        ),
        (((HeldState.UNKNOWN, 0.0, "no log"),), "on one node it is not known (no log)"),
    ],
)
def test_what_becomes_of_open_connections_is_told_in_every_report_and_judged_in_none(sound, readings, told):
    held = tuple(
        Established(where=where, reading=HeldReading(flow="f", state=state, seconds=seconds, detail=detail))
        for where, (state, seconds, detail) in zip(("on one node", "between nodes"), readings, strict=False)
    )
    report = replace(sound, audit=replace(sound.audit, established=held))
    for page in (
        " ".join(render(report, width=80, color=False).split()),
        to_markdown.render(report),
        to_junit.render(report),
    ):
        assert told in page
    listed = json.loads(to_json.render(report))["established"]
    assert [each["state"] for each in listed] == [state.value for state, _, _ in readings]
    assert [each["last_answer_seconds"] is None for each in listed] == [bool(d) for _, _, d in readings]
    assert JUnitXml.fromstring(to_junit.render(report).encode()).failures == 0


def test_the_verdict_is_painted(open_network):
    assert render(open_network, width=100, color=True).startswith("\x1b[")
