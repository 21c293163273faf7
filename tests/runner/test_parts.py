"""The parts of the runner on their own: time, budgets, clocks, threads."""

from __future__ import annotations

import signal
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.cluster.port import Limits
from netprobe.cluster.providers.simulation.clock import VirtualClock
from netprobe.model.flow import PodRef
from netprobe.model.observation import Outcome
from netprobe.probing.reply import Reply
from netprobe.runner.clock import SystemClock
from netprobe.runner.deploy import parse_resolv_conf
from netprobe.runner.figures import Figures
from netprobe.runner.overload import Budget
from netprobe.runner.progress import Nobody
from netprobe.runner.uptime import Mapping, bound, narrowed


def test_jobs_together_run_at_the_same_time_and_keep_their_order():
    barrier = threading.Barrier(3, timeout=10)

    def job(number):
        barrier.wait()
        return number

    assert SystemClock().together([lambda n=n: job(n) for n in range(3)]) == [0, 1, 2]
    assert SystemClock().together([]) == []


def test_a_failing_job_is_told_after_all_have_ended():
    ended = []

    def fail():
        raise ValueError("first")

    with pytest.raises(ValueError, match="first"):
        SystemClock().together([fail, lambda: ended.append(1)])
    assert ended == [1]


def test_an_interruption_does_not_wait_for_jobs_that_hang():
    release = threading.Event()
    ended = threading.Event()

    def hang():
        release.wait(30)
        ended.set()

    def interrupt():
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        SystemClock().together([hang, interrupt])
    assert not ended.is_set()
    release.set()
    assert ended.wait(10)


def test_the_system_clock_waits():
    clock = SystemClock()
    before = clock.now()
    clock.wait(0.02)
    clock.wait(-1)
    assert clock.now() - before >= 0.02


def test_figures_add_up_and_time():
    clock = VirtualClock()
    figures = Figures(clock)
    figures.add("probes", 2)
    figures.add("probes")
    with figures.timing("seconds"):
        clock.wait(1.5)
    assert figures.read() == {"probes": 3, "seconds": 1.5}


def sources(count):
    return [PodRef(namespace="x", workload=f"w{number}") for number in range(count)]


@given(
    sizes=st.lists(st.integers(1, 30), max_size=8),
    limit=st.integers(1, 20),
)
def test_waves_hold_every_item_once_and_never_exceed_the_limit(sizes, limit):
    budget = Budget(Limits(flows_in_flight=limit), VirtualClock())
    given_items = [(source, range(size)) for source, size in zip(sources(len(sizes)), sizes, strict=True)]
    waves = budget.waves(given_items)
    for source, items in given_items:
        assert [item for wave in waves for item in wave.get(source, [])] == list(items)
    assert all(0 < sum(map(len, wave.values())) <= limit for wave in waves)


def test_one_void_batch_narrows_its_source_and_most_narrow_all():
    budget = Budget(Limits(flows_in_flight=40), VirtualClock())
    one, two, three = sources(3)
    budget.halve([(one, 12)], batches=3)
    assert (budget.limit_of(one), budget.limit_of(two), budget.flows_in_flight) == (6, 40, 40)
    budget.halve([(one, 6), (two, 12)], batches=3)
    assert (budget.limit_of(one), budget.limit_of(three)) == (3, 20)
    assert budget.can_halve(one)
    budget.halve([(one, 3)], batches=3)
    assert not budget.can_halve(one)
    assert budget.can_halve(two)


def test_pacing_lets_the_budget_of_a_second_pass():
    clock = VirtualClock()
    budget = Budget(Limits(connections_per_second=10), clock)
    begin = clock.now()
    budget.pace(20)
    assert clock.now() == begin
    budget.pace(5)
    assert clock.now() == begin + 2
    budget.pace(1)
    assert clock.now() == begin + 2.5


def reply(started, seconds=0.0):
    return Reply(request="r0", attempt=0, outcome=Outcome.CONNECTED, started=started, seconds=seconds)


def test_exchanges_bound_the_difference_of_the_clocks():
    first = bound(10.0, 12.0, [reply(5000.5), reply(5001.0, 0.5)])
    assert first == Mapping(low=10.0 - 5000.5 - 0.01, high=12.0 - 5001.5 + 0.01)
    assert bound(0, 1, [reply(0)]) is None
    closer = narrowed(first, Mapping(low=-4990.3, high=-4980))
    assert closer == Mapping(low=-4990.3, high=first.high)
    assert narrowed(first, Mapping(low=0, high=1)) == Mapping(low=0, high=1)


@given(
    offset=st.floats(-1e6, 0),
    sent=st.floats(0, 1000),
    delay=st.floats(0, 5),
    took=st.floats(0, 5),
    back=st.floats(0, 5),
)
def test_the_true_moment_lies_within_the_bounds(offset, sent, delay, took, back):
    started = sent + delay
    uptime = started - offset
    mapping = bound(sent, started + took + back, [reply(uptime, took)])
    if mapping is not None:
        assert mapping.earliest(uptime) <= started + 1e-6
        assert mapping.latest(uptime) >= started - 1e-6


def test_resolv_conf_names_nameserver_and_domain():
    search = "search np-x.svc.corp.example svc.corp.example corp.example"
    text = f"{search}\nnameserver 10.96.0.10\nnameserver 1.1.1.1\n"
    assert parse_resolv_conf(text) == ("10.96.0.10", "corp.example")
    assert parse_resolv_conf("") == ("", "cluster.local")


def test_nobody_watches_without_a_word(capsys):
    nobody = Nobody()
    nobody.stage("x")
    nobody.progress(1, 2)
    nobody.headline("x")
    nobody.warning("x")
    assert capsys.readouterr() == ("", "")
