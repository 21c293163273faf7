"""One exec session per pod for the whole run: opened once, kept, reopened when it broke."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from netprobe.cluster.port import Session
from netprobe.errors import SessionLost
from netprobe.model.observation import Outcome
from netprobe.model.topology import Pod
from netprobe.probing.reply import Reply, read_reply
from netprobe.probing.request import Batch
from netprobe.probing.script import script_for
from netprobe.runner import uptime
from netprobe.runner.site import Site

GRACE = 10.0
"""Seconds beyond what a batch can take before its exchange counts as lost (slow API server, slow start)."""

TRIES = 2
"""How often the transport of one batch is tried; what it brings is never tried again."""

RESOLV_CONF = "/etc/resolv.conf"


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What a pod answered to a batch: replies by (request id, attempt), and how to read their stamps."""

    replies: Mapping[tuple[str, int], Reply]
    mapping: uptime.Mapping | None = None

    def started(self, reply: Reply, otherwise: float) -> float:
        """The earliest moment of the run at which the attempt may have started."""
        if self.mapping is None or not reply.started:
            return otherwise
        return self.mapping.earliest(reply.started)


class Sessions:
    """The exec sessions of a run, by the pod's UID. Threads may ask for different pods at the same time."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()
        self._open: dict[str, Session] = {}
        self._ever: set[str] = set()
        self._mappings: dict[str, uptime.Mapping] = {}
        self._ended = threading.Event()

    def prepare(self, pods: Iterable[Pod]) -> None:
        """Open a session in each pod that has none, all at the same time.

        A pod whose session cannot be opened is tried again when it is asked: then it is an ERROR.
        """
        missing = [pod for pod in pods if pod.uid not in self._open]
        self._site.options.clock.together([partial(self._try_open, pod) for pod in missing])

    def keep_only(self, pods: Iterable[Pod]) -> None:
        """Close the sessions of pods that are no more."""
        living = {pod.uid for pod in pods}
        for uid in [uid for uid in self._open if uid not in living]:
            self._drop(uid)

    def ask(self, pod: Pod, batch: Batch) -> Answer:
        """Send a batch and read the answer; every request and attempt has its reply.

        A session that breaks is opened again and the batch sent once more. When that fails too, what
        is missing is ERROR with the reason.
        """
        script = script_for(batch)
        output, broken = "", ""
        for _ in range(TRIES):
            sent = self._site.now()
            try:
                session = self._session(pod)
                output = session.exchange(script.text, script.end_mark, script.seconds + GRACE)
            except SessionLost as lost:
                self._drop(pod.uid)
                output, broken = lost.partial, lost.message
                continue
            replies = read_reply(batch, output)
            self._learn(pod, uptime.bound(sent, self._site.now(), replies))
            return self._answer(pod, replies)
        replies = tuple(_explained(reply, broken) for reply in read_reply(batch, output))
        return self._answer(pod, replies)

    def read_file(self, pod: Pod, path: str, mark: str = "NETPROBE-FILE-END") -> str:
        """The text of a small file in the pod; raises SessionLost when the transport fails twice."""
        return self.say(pod, f"cat {path}; echo {mark}\n", mark)

    def say(self, pod: Pod, script: str, mark: str) -> str:
        """What a quick script prints before its mark; raises SessionLost when the transport fails twice."""
        for attempt in range(TRIES):
            try:
                return self._session(pod).exchange(script, mark, GRACE)
            except SessionLost:
                self._drop(pod.uid)
                if attempt + 1 == TRIES:
                    raise
        raise AssertionError("unreachable: the last try returns or raises")

    def offset(self, pod: Pod) -> float | None:
        """Run time minus the uptime of the pod (s), the middle of what is possible; None: not known."""
        with self._lock:
            mapping = self._mappings.get(pod.uid)
        return None if mapping is None else (mapping.low + mapping.high) / 2

    def error(self) -> float:
        """The widest error of any pod's clock mapping (s)."""
        with self._lock:
            return max((mapping.error for mapping in self._mappings.values()), default=0.0)

    def close(self) -> None:
        """Close every session; may be called twice, and while threads still ask (they get SessionLost)."""
        self._ended.set()
        for uid in list(self._open):
            self._drop(uid)

    def _session(self, pod: Pod) -> Session:
        with self._lock:
            session = self._open.get(pod.uid)
        if session is not None:
            return session
        if self._ended.is_set():
            raise SessionLost("the run has ended")
        session = self._site.cluster.open_session(self._site.placement.placed(pod.namespace), pod.name)
        if self._ended.is_set():
            # The run ended while this thread was opening: nobody else would close it.
            session.close()
            raise SessionLost("the run has ended")
        with self._lock:
            self._open[pod.uid] = session
            self._site.figures.add("sessions_reopened" if pod.uid in self._ever else "sessions")
            self._ever.add(pod.uid)
        return session

    def _try_open(self, pod: Pod) -> None:
        try:
            self._session(pod)
        except SessionLost:
            self._site.figures.add("sessions_refused")

    def _drop(self, uid: str) -> None:
        with self._lock:
            session = self._open.pop(uid, None)
        if session is not None:
            session.close()

    def _learn(self, pod: Pod, new: uptime.Mapping | None) -> None:
        if new is not None:
            with self._lock:
                self._mappings[pod.uid] = uptime.narrowed(self._mappings.get(pod.uid), new)

    def _answer(self, pod: Pod, replies: Iterable[Reply]) -> Answer:
        with self._lock:
            mapping = self._mappings.get(pod.uid)
        return Answer(replies={(reply.request, reply.attempt): reply for reply in replies}, mapping=mapping)


def _explained(reply: Reply, broken: str) -> Reply:
    if reply.outcome is not Outcome.ERROR:
        return reply
    return replace(reply, detail=f"the exec session broke: {broken}")
