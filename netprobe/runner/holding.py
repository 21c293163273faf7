"""Connections that are open before a step and held through it: told, never judged.

Whether a policy ends connections that it would not let begin is left open by Kubernetes, and networks differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from netprobe.errors import SessionLost
from netprobe.model.flow import Flow
from netprobe.model.run import HeldReading, HeldState
from netprobe.model.topology import Pod
from netprobe.probing.holding import HeldLog, ask_script, end_mark, open_script, read_log
from netprobe.runner.sessions import Sessions
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot
from netprobe.runner.targets import Target, Targets
from netprobe.runner.uptime import RESOLUTION

QUIET = 2.0
"""Seconds without an answer after which a connection counts as cut: several requests went unanswered."""


@dataclass(kw_only=True, slots=True)
class Holding:
    """The connections of one step."""

    site: Site
    sessions: Sessions
    flows: Sequence[Flow] = ()
    _sources: dict[str, Pod] = field(default_factory=dict)
    _broken: dict[str, str] = field(default_factory=dict)

    def open(self, snapshot: Snapshot) -> None:
        """Open each connection; one that cannot be opened is told at the end."""
        targets = Targets(self.site, snapshot)
        for number, flow in enumerate(self.flows):
            target = targets.of(flow)
            if not isinstance(target, Target):
                self._broken[flow.key] = target.reason
                continue
            self._sources[flow.key] = target.source
            name = _name(number)
            try:
                self.sessions.say(
                    target.source, open_script(name, target.address, target.port), end_mark(name)
                )
            except SessionLost as lost:
                self._broken[flow.key] = lost.message

    def ask(self, written: float) -> tuple[HeldReading, ...]:
        """What became of each; ``written`` is the moment of the step's last write."""
        return tuple(self._reading(number, flow, written) for number, flow in enumerate(self.flows))

    def _reading(self, number: int, flow: Flow, written: float) -> HeldReading:
        name, detail = _name(number), self._broken.get(flow.key, "")
        if detail:
            return HeldReading(flow=flow.key, state=HeldState.UNKNOWN, detail=detail)
        source = self._sources[flow.key]
        try:
            log = read_log(self.sessions.say(source, ask_script(name), end_mark(name)))
        except SessionLost as lost:
            return HeldReading(flow=flow.key, state=HeldState.UNKNOWN, detail=lost.message)
        if log is None:
            return HeldReading(flow=flow.key, state=HeldState.UNKNOWN, detail="the pod kept no log of it")
        return read_held(flow, log, self.sessions.offset(source), written)


def read_held(flow: Flow, log: HeldLog, offset: float | None, written: float) -> HeldReading:
    """Judge the log of one connection; ``offset`` is run time minus the pod's uptime, None: not known."""

    def unknown(detail: str) -> HeldReading:
        return HeldReading(flow=flow.key, state=HeldState.UNKNOWN, detail=detail)

    if offset is None:
        return unknown("the pod's clock is not known")
    if not log.answers or log.answers[0] + offset > written + RESOLUTION:
        return unknown(log.error or "it was not open before the policies")
    last = max(0.0, round(log.answers[-1] + offset - written, 2))
    if log.now - log.answers[-1] <= QUIET and log.ended is None:
        return HeldReading(flow=flow.key, state=HeldState.GOES_ON, seconds=last)
    if log.running or log.ended is not None:
        return HeldReading(flow=flow.key, state=HeldState.CUT, seconds=last)
    return unknown("its client has ended without a word")


def _name(number: int) -> str:
    return f"c{number}"
