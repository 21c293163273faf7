"""Records, in the order of a journal, put together as a recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from netprobe.record.codec import BrokenLine
from netprobe.record.records import (
    Baseline,
    Calibration,
    End,
    Header,
    Measured,
    Record,
    RecordedStep,
    Recording,
    Skipped,
    StepEnd,
    StepState,
)


class Assembly:
    """Takes records one after the other; ``recording`` is what they amount to so far."""

    def __init__(self) -> None:
        self._recording: Recording | None = None
        self._observations: list[Measured] = []

    @property
    def recording(self) -> Recording:
        """The recording so far; raises BrokenLine when not even the header was taken."""
        if self._recording is None:
            raise BrokenLine("the journal has no header")
        return self._with_observations(self._recording)

    def take(self, record: Record) -> None:
        """Add one record; raises BrokenLine when it cannot stand here."""
        if isinstance(record, Header):
            if self._recording is not None:
                raise BrokenLine("a journal has one header only")
            self._recording = Recording(header=record)
            return
        if self._recording is None:
            raise BrokenLine("a journal begins with its header")
        if self._recording.end is not None:
            raise BrokenLine("there are records after the end of the run")
        self._take_later(self._recording, record)

    def _take_later(self, recording: Recording, record: Record) -> None:
        if isinstance(record, Measured):
            self._open_step(recording)
            self._observations.append(record)
            return
        recording = self._with_observations(recording)
        self._observations.clear()
        self._recording = _PLACES[type(record)](recording, record)

    def _with_observations(self, recording: Recording) -> Recording:
        """Put the observations since the last other record into the step that they belong to."""
        if not self._observations:
            return recording
        last = self._open_step(recording)
        measured = tuple(record.observation for record in self._observations)
        step = replace(last, observations=(*last.observations, *measured))
        return replace(recording, steps=(*recording.steps[:-1], step))

    @staticmethod
    def _open_step(recording: Recording) -> RecordedStep:
        if not recording.steps or recording.steps[-1].end is not None:
            raise BrokenLine("this record belongs to a step, but no step is open")
        return recording.steps[-1]


def _place_skipped(recording: Recording, record: Record) -> Recording:
    assert isinstance(record, Skipped)
    return replace(recording, skipped=record.reason)


def _place_baseline(recording: Recording, record: Record) -> Recording:
    assert isinstance(record, Baseline)
    return replace(recording, baseline=record)


def _place_calibration(recording: Recording, record: Record) -> Recording:
    assert isinstance(record, Calibration)
    return replace(recording, calibration=record)


def _place_state(recording: Recording, record: Record) -> Recording:
    assert isinstance(record, StepState)
    return replace(recording, steps=(*recording.steps, RecordedStep(state=record)))


def _place_step_end(recording: Recording, record: Record) -> Recording:
    assert isinstance(record, StepEnd)
    if not recording.steps or recording.steps[-1].end is not None:
        raise BrokenLine("a step ends that was not begun")
    step = recording.steps[-1]
    if step.state.step != record.step:
        raise BrokenLine(f"step {record.step!r} ends, but the open step is {step.state.step!r}")
    return replace(recording, steps=(*recording.steps[:-1], replace(step, end=record)))


def _place_end(recording: Recording, record: Record) -> Recording:
    assert isinstance(record, End)
    return replace(recording, end=record)


_PLACES: dict[type[Record], Callable[[Recording, Record], Recording]] = {
    Skipped: _place_skipped,
    Baseline: _place_baseline,
    Calibration: _place_calibration,
    StepState: _place_state,
    StepEnd: _place_step_end,
    End: _place_end,
}
