"""Judging a journal again, also one whose run was killed at any line."""

from __future__ import annotations

from netprobe.model.finding import Verdict
from netprobe.record.journal import parse_journal
from netprobe.runner.results import KILLED, NOT_MEASURED, rejudge


def test_a_journal_cut_after_any_line_is_judged_and_never_better(bench, texts, deny_step):
    whole = bench.run(texts(deny_step))
    text = (bench.folder / "journal.jsonl").read_text()
    lines = text.splitlines(keepends=True)
    verdicts = {finding.id: finding.verdict for finding in whole.findings}
    for count in range(1, len(lines)):
        cut = "".join(lines[:count]) + lines[count][:5]
        result = rejudge(parse_journal(cut, "cut"))
        assert result.interrupted == KILLED
        for finding in result.findings:
            assert finding.verdict in (verdicts[finding.id], Verdict.INCONCLUSIVE)
            if finding.verdict is Verdict.INCONCLUSIVE:
                assert NOT_MEASURED in finding.explanation
    assert rejudge(parse_journal(text, "whole")) == whole


def test_places_of_intent_are_those_that_the_author_saw(bench, texts, deny_step):
    result = bench.run(texts(deny_step))
    place = result.findings[0].intent.place
    assert str(place).startswith("test/scenario.yaml:")


def test_names_in_the_journal_are_the_authors(bench, texts, deny_step):
    bench.run(texts(deny_step))
    step = bench.recording.steps[0]
    assert {pod.namespace for pod in step.state.topology.pods} == {"red", "blue", "kube-system"}
    assert step.state.policies[0]["metadata"]["namespace"] == "red"
    peers = {a.peer.split("/")[0] for o in step.observations for a in o.attempts if a.peer}
    assert peers == {"red", "blue"}
