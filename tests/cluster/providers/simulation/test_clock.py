from __future__ import annotations

import pytest

from netprobe.cluster.providers.simulation.clock import VirtualClock


def test_waiting_moves_the_time_at_once():
    clock = VirtualClock(start=5.0)
    clock.wait(3600)
    clock.wait(-1)
    assert clock.now() == 3605.0


def test_jobs_together_take_as_long_as_the_slowest():
    clock = VirtualClock(start=0.0)
    began = []

    def job(seconds):
        began.append(clock.now())
        clock.wait(seconds)
        return seconds

    assert clock.together([lambda: job(2.0), lambda: job(5.0), lambda: job(1.0)]) == [2.0, 5.0, 1.0]
    assert began == [0.0, 0.0, 0.0]
    assert clock.now() == 5.0
    assert clock.together([]) == []


def test_a_failing_job_does_not_stop_the_others():
    clock = VirtualClock(start=0.0)
    ran = []

    def fail():
        clock.wait(1.0)
        raise ValueError("first")

    with pytest.raises(ValueError, match="first"):
        clock.together([fail, lambda: ran.append(clock.now()), lambda: clock.wait(2.0)])
    assert ran == [0.0]
    assert clock.now() == 2.0
