"""Jobs at the same time: runs spend most of their time waiting for silence, so they share it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from signal import SIGINT

from netprobe.campaign.job import Job, Outcome, Perform
from netprobe.campaign.relay import Relay
from netprobe.campaign.stopping import Stop, StoppableClock
from netprobe.errors import RunInterrupted
from netprobe.runner.progress import Watcher


def run_side_by_side(
    jobs: Sequence[Job], perform: Perform, watcher: Watcher, width: int
) -> Generator[Outcome, None, None]:
    """Yield the outcome of each job in the order of the jobs, with ``width`` of them running at a time.

    Each run keeps to its part of the cluster's limits. Two scenarios with external hosts never run at
    the same time, since both might mean the same address. An interruption (RunInterrupted in the calling
    thread, or the closing of the iterator) ends the runs that go on, each with its journal and its
    cleanup, and begins no other; a second one is raised at once. When the cluster no longer answers, no
    other run begins either. Raises InputError when a journal cannot be written, after the others ended.
    """
    width = min(width, len(jobs))
    stop = Stop()
    shared = [_sharing(job, stop, width) for job in jobs]
    crew = _Crew(perform=perform, relay=Relay(watcher, len(jobs)), jobs=shared, width=width, stop=stop)
    try:
        for position in range(len(jobs)):
            crew.wait_for(position)
            if position in crew.outcomes:
                yield crew.outcomes[position]
        if crew.error is not None:
            raise crew.error
    finally:
        crew.give_up()


def _sharing(job: Job, stop: Stop, width: int) -> Job:
    options = replace(job.options, clock=StoppableClock(job.options.clock, stop), side_by_side=width)
    return replace(job, options=options)


@dataclass(kw_only=True, slots=True)
class _Crew:
    """The runs that go on. All of it belongs to the delivering thread, but for ``_work``."""

    perform: Perform
    relay: Relay
    jobs: Sequence[Job]
    width: int
    stop: Stop
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    error: BaseException | None = None
    _waiting: deque[int] = field(init=False)
    _running: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        # Longest first: a long run that begins last would keep everybody waiting.
        order = sorted(range(len(self.jobs)), key=lambda at: -len(self.jobs[at].scenario.steps))
        self._waiting = deque(order)
        self._begin()

    def wait_for(self, position: int) -> None:
        """Wait for an outcome, or until it is clear that it will not come."""
        while position not in self.outcomes and self._running:
            try:
                self.relay.deliver()
            except RunInterrupted as interruption:
                if self.stop.is_asked:
                    raise
                self._end(interruption)

    def give_up(self) -> None:
        """End what still runs and wait for it, unless an end was asked for before."""
        if not self.stop.is_asked:
            self._end(RunInterrupted("given up by the command that ran it", signal_number=SIGINT))
            while self._running:
                self.relay.deliver()

    def _end(self, interruption: RunInterrupted) -> None:
        """Begin nothing more, and have those that run end."""
        self._waiting.clear()
        self.stop.ask(interruption)

    def _begin(self) -> None:
        """Begin jobs while there is room for them."""
        for _ in range(len(self._waiting)):
            if len(self._running) >= self.width:
                return
            position = self._waiting.popleft()
            if self._must_wait(position):
                self._waiting.append(position)
                continue
            self._running.add(position)
            self.relay.began(self.jobs[position].scenario.name)
            # A daemon: who interrupts the cleanup, too, is not kept waiting for it.
            threading.Thread(target=self._work, args=(position,), daemon=True).start()

    def _must_wait(self, position: int) -> bool:
        job, busy = self.jobs[position], [self.jobs[at] for at in self._running]
        return bool(job.scenario.externals) and any(other.scenario.externals for other in busy)

    def _work(self, position: int) -> None:
        job = self.jobs[position]
        try:
            outcome = self.perform(job, self.relay.listener(job.scenario.name))
        except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits
            failed = error
            self.relay.put(lambda: self._failed(position, failed))
            return
        self.relay.put(lambda: self._ended(position, outcome))

    def _ended(self, position: int, outcome: Outcome) -> None:
        self.outcomes[position] = outcome
        self._leave(position, goes_on=not outcome.ends_campaign)

    def _failed(self, position: int, error: BaseException) -> None:
        self.error = self.error or error
        self._leave(position, goes_on=False)

    def _leave(self, position: int, *, goes_on: bool) -> None:
        self._running.discard(position)
        self.relay.ended(self.jobs[position].scenario.name)
        if not goes_on:
            self._waiting.clear()
        self._begin()
