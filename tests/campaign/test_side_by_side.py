"""Several runs at a time: in order, within their limits, and ended when the user says so."""

from __future__ import annotations

import threading

import pytest

from netprobe.campaign.side_by_side import run_side_by_side
from netprobe.errors import InputError, RunInterrupted

PATIENCE = 10.0


def names(outcomes):
    return [outcome.job.scenario.name for outcome in outcomes]


def test_outcomes_come_in_the_order_of_the_jobs_whoever_ends_first(memory, job_of, outcome_of):
    second_ended = threading.Event()

    def perform(job, watcher):
        if job.scenario.name == "one":
            assert second_ended.wait(PATIENCE)
        else:
            second_ended.set()
        return outcome_of(job)

    assert names(run_side_by_side([job_of("one"), job_of("two")], perform, memory, 2)) == ["one", "two"]


def test_as_many_run_at_a_time_as_allowed_and_no_more(memory, job_of, outcome_of):
    lock, busy, most = threading.Lock(), [], []
    pair = threading.Barrier(2)

    def perform(job, watcher):
        with lock:
            busy.append(job)
            most.append(len(busy))
        pair.wait(PATIENCE)
        with lock:
            busy.remove(job)
        pair.wait(PATIENCE)  # leave together, so that the next two begin after both have left
        return outcome_of(job)

    jobs = [job_of(name) for name in "abcd"]
    assert names(run_side_by_side(jobs, perform, memory, 2)) == list("abcd")
    assert max(most) == 2


def test_the_longest_begins_first(memory, job_of, outcome_of):
    begun = []

    def perform(job, watcher):
        begun.append(job.scenario.name)
        return outcome_of(job)

    jobs = [job_of("short"), job_of("long", steps=3), job_of("middle", steps=2)]
    assert names(run_side_by_side(jobs, perform, memory, 1)) == ["short", "long", "middle"]
    assert begun == ["long", "middle", "short"]


def test_two_scenarios_with_external_hosts_never_run_at_the_same_time(memory, job_of, outcome_of):
    lock, busy, overlaps = threading.Lock(), set(), []
    plain_began = threading.Event()

    def perform(job, watcher):
        if not job.scenario.externals:
            plain_began.set()
            return outcome_of(job)
        with lock:
            overlaps.append(len(busy))
            busy.add(job.scenario.name)
        assert plain_began.wait(PATIENCE), "one without external hosts has room beside them"
        with lock:
            busy.remove(job.scenario.name)
        return outcome_of(job)

    jobs = [job_of("one", external=True), job_of("two", external=True), job_of("plain")]
    assert names(run_side_by_side(jobs, perform, memory, 3)) == ["one", "two", "plain"]
    assert overlaps == [0, 0]


def test_each_run_knows_that_it_shares_the_cluster(memory, job_of, outcome_of):
    outcomes = run_side_by_side(
        [job_of(name) for name in "abc"], lambda job, watcher: outcome_of(job), memory, 2
    )
    assert [outcome.job.options.side_by_side for outcome in outcomes] == [2, 2, 2]


def test_the_watcher_hears_one_thread_and_a_headline_once(memory, job_of, outcome_of):
    def perform(job, watcher):
        watcher.stage("deploying")
        watcher.headline("NetworkPolicy is not enforced on node1")
        watcher.warning("left behind")
        return outcome_of(job)

    list(run_side_by_side([job_of("one"), job_of("two")], perform, memory, 2))
    assert memory.threads == {threading.current_thread()}
    assert [text for kind, text in memory.told if kind == "headline"] == [
        "NetworkPolicy is not enforced on node1"
    ]
    assert sorted(text for kind, text in memory.told if kind == "warning") == [
        "one: left behind",
        "two: left behind",
    ]
    stages = [text for kind, text in memory.told if kind == "stage"]
    assert stages[:2] == [
        "0 of 2 scenarios done; running one",
        "0 of 2 scenarios done; running one, two",
    ]


def test_an_interruption_ends_those_that_run_and_begins_no_other(memory, job_of, until_stopped):
    both_run = threading.Barrier(2)

    def perform(job, watcher):
        both_run.wait(PATIENCE)
        if job.scenario.name == "one":
            watcher.headline("here comes the signal")
        return until_stopped(job)

    def interrupted(text):
        raise RunInterrupted("stopped by Ctrl-C (SIGINT)", signal_number=2)

    memory.headline = interrupted
    outcomes = list(run_side_by_side([job_of(name) for name in ("one", "two", "three")], perform, memory, 2))
    assert names(outcomes) == ["one", "two"]
    assert {outcome.result.interrupted for outcome in outcomes} == {"stopped by Ctrl-C (SIGINT)"}


def test_a_second_interruption_is_raised_at_once(memory, job_of, outcome_of):
    release = threading.Event()

    def perform(job, watcher):
        watcher.headline(job.scenario.name)
        assert release.wait(PATIENCE)
        return outcome_of(job)

    def interrupted(text):
        raise RunInterrupted("stopped", signal_number=2)

    memory.headline = interrupted
    with pytest.raises(RunInterrupted):
        list(run_side_by_side([job_of("one"), job_of("two")], perform, memory, 2))
    release.set()


def test_who_leaves_early_ends_what_runs(memory, job_of, outcome_of, until_stopped):
    ended = []

    def perform(job, watcher):
        if job.scenario.name == "one":
            return outcome_of(job)
        outcome = until_stopped(job)
        ended.append(outcome.result.interrupted)
        return outcome

    outcomes = run_side_by_side([job_of("one"), job_of("two"), job_of("three")], perform, memory, 2)
    assert next(outcomes).job.scenario.name == "one"
    outcomes.close()
    assert set(ended) == {"given up by the command that ran it"}


def test_when_the_cluster_is_lost_no_other_run_begins(memory, job_of, outcome_of):
    def perform(job, watcher):
        return outcome_of(job, lost=True)

    assert names(run_side_by_side([job_of(name) for name in "abc"], perform, memory, 1)) == ["a"]


def test_wrong_input_is_raised_after_the_others_have_ended(memory, job_of, outcome_of):
    failed = threading.Event()

    def perform(job, watcher):
        if job.scenario.name == "one":
            failed.set()
            raise InputError("the journal cannot be written")
        assert failed.wait(PATIENCE)
        return outcome_of(job)

    outcomes = run_side_by_side([job_of("one"), job_of("two"), job_of("three")], perform, memory, 2)
    assert next(outcomes).job.scenario.name == "two"
    with pytest.raises(InputError, match="the journal cannot be written"):
        list(outcomes)
