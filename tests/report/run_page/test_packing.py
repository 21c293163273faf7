"""The data of the page: nothing is lost but the middle of long rows of attempts, and that is said."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from netprobe.model.observation import Attempt, Observation, Outcome, Phase
from netprobe.report.run_page import attempts
from netprobe.report.run_page.attempts import pack_attempts, share_of
from netprobe.report.run_page.packing import COLUMNS, pack
from netprobe.report.run_page.texts import DESTINATION, SOURCE, Numbered, without_ends


def test_each_row_has_all_columns_and_an_id_only_where_it_is_unlike_the_flow(every_verdict_run):
    data = pack([every_verdict_run], [""])
    (run,) = data["runs"]
    rows = [row for step in run["steps"] for row in step["flows"]]
    assert [len(row) for row in rows] == [len(COLUMNS)] * len(every_verdict_run.findings)
    first, second = every_verdict_run.steps[0].findings[:2]
    odd = replace(first, id="something else")
    step = replace(every_verdict_run.steps[0], findings=(odd, second))
    data = pack([replace(every_verdict_run, steps=(step,))], [""])
    (row, _) = data["runs"][0]["steps"][0]["flows"]
    assert row[len(COLUMNS) :] == ["something else"]


def test_the_data_is_the_same_each_time(every_verdict_run, leaking_run):
    both = [every_verdict_run, leaking_run]
    assert json.dumps(pack(both, ["", "x:"])) == json.dumps(pack(both, ["", "x:"]))


def test_sentences_about_different_flows_are_one_text(leaking_run):
    data = pack([leaking_run], [""])
    leaks = [text for text in data["texts"] if "LEAK" in text]
    assert len(leaks) < sum(f.kind is not None for f in leaking_run.findings)
    assert any(SOURCE in text and DESTINATION in text for text in leaks)


@given(
    st.text(alphabet="ab/- →", max_size=30),
    st.sampled_from(["a", "a/b", "b-a"]),
    st.sampled_from(["b", "ab", "a/b-a"]),
)
def test_names_come_back(text, source, destination):
    kept = without_ends(text, {source: SOURCE, destination: DESTINATION})
    assert kept.replace(SOURCE, source).replace(DESTINATION, destination) == text


def test_a_text_with_a_stand_in_stays_as_it_is():
    assert without_ends(f"x {SOURCE} a", {"a": SOURCE}) == f"x {SOURCE} a"


def tries(count: int) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(outcome=Outcome.DROPPED, phase=Phase.COUNTED, round=n, started=float(n), seconds=2.5)
        for n in range(count)
    )


@given(st.integers(0, 60), st.integers(1, 50))
def test_the_first_and_the_last_attempts_are_kept(count, share):
    numbers = Numbered([""])
    kept, left = pack_attempts(tries(count), share, numbers.of)
    assert len(kept) + left == count
    assert len(kept) == min(count, share)
    rounds = [each[2] if len(each) > 2 else 0 for each in kept]
    assert rounds == sorted(set(rounds))
    if count and share > 1:
        assert rounds[0] == 0
        assert rounds[-1] == count - 1


def test_a_page_has_a_bound_on_attempts(monkeypatch, every_verdict_run):
    findings = [
        replace(f, observation=Observation(flow=f.flow.key, attempts=tries(33)))
        for f in every_verdict_run.findings
    ]
    assert share_of(findings) == 33
    monkeypatch.setattr(attempts, "MOST", 60)
    assert share_of(findings) == 10
