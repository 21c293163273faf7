"""Several clusters at a time: within their limits, and ended when the user says so."""

from __future__ import annotations

import threading
from signal import SIGINT

import pytest

from netprobe.campaign.clusters import Named, measure_side_by_side
from netprobe.errors import InputError, RunInterrupted

PATIENCE = 10.0


class Interrupting:
    """A watcher to whom Ctrl-C comes with each headline."""

    def stage(self, text):
        pass

    def headline(self, text):
        raise RunInterrupted("stopped by Ctrl-C (SIGINT)", signal_number=SIGINT)


def test_as_many_are_measured_at_a_time_as_allowed_and_no_more(memory):
    lock, busy, most = threading.Lock(), [], []
    pair = threading.Barrier(2)

    def measure(name, watcher, stop):
        with lock:
            busy.append(name)
            most.append(len(busy))
        pair.wait(PATIENCE)
        with lock:
            busy.remove(name)
        pair.wait(PATIENCE)
        return name.upper()

    assert measure_side_by_side("abcd", measure, memory, 2) == {"a": "A", "b": "B", "c": "C", "d": "D"}
    assert max(most) == 2


def test_headlines_say_whose_they_are(memory):
    def measure(name, watcher, stop):
        watcher.stage("deploying")
        watcher.progress(1, 2)
        watcher.headline("NetworkPolicy is not enforced on node1")
        watcher.warning("it is slow")

    measure_side_by_side(["a", "b"], measure, memory, 2)
    told = [(kind, f"{name}: {text}") for name in "ab" for kind, text in (
        ("headline", "NetworkPolicy is not enforced on node1"), ("warning", "it is slow"))]  # fmt: skip
    assert sorted(each for each in memory.told if each[0] != "stage") == sorted(told)
    assert memory.told[0] == ("stage", "0 of 2 clusters done; running a")
    assert memory.threads == {threading.current_thread()}


def test_a_single_one_tells_its_stages_with_its_name(memory):
    watcher = Named("context:a", memory)
    watcher.stage("baseline")
    watcher.headline("it leaks")
    watcher.warning("left")
    assert memory.told == [
        ("stage", "context:a: baseline"),
        ("headline", "context:a: it leaks"),
        ("warning", "context:a: left"),
    ]


def test_an_interruption_ends_those_that_run_and_begins_no_other():
    def measure(name, watcher, stop):
        watcher.headline("it leaks")
        try:
            stop.heed(PATIENCE)
        except RunInterrupted as interruption:
            return interruption.message
        raise AssertionError("nobody asked for an end")

    results = measure_side_by_side("ab", measure, Interrupting(), 1)
    assert results == {"a": "stopped by Ctrl-C (SIGINT)"}


def test_an_interruption_before_anything_runs_begins_nothing():
    class Early(Interrupting):
        stage = Interrupting.headline

    assert measure_side_by_side("ab", lambda *_: pytest.fail("begun"), Early(), 2) == {}


def test_a_second_interruption_waits_for_nobody_and_keeps_what_ended():
    released = threading.Event()

    def measure(name, watcher, stop):
        if name == "a":
            return "A"
        watcher.headline("it leaks")
        watcher.headline("it leaks more")
        assert released.wait(PATIENCE)
        return "too late"

    try:
        assert measure_side_by_side("ab", measure, Interrupting(), 1) == {"a": "A"}
    finally:
        released.set()


def test_what_breaks_one_is_raised_after_the_others_ended(memory):
    ended = threading.Event()
    failed = threading.Event()

    def measure(name, watcher, stop):
        if name == "bad":
            failed.set()
            raise InputError("the disk is full")
        assert failed.wait(PATIENCE)
        ended.set()

    with pytest.raises(InputError, match="the disk is full"):
        measure_side_by_side(["bad", "good", "later"], measure, memory, 2)
    assert ended.is_set()
