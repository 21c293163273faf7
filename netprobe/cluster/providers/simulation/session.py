"""The shell of a simulated pod: it understands the scripts that netprobe sends, and no other."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Protocol as Shape

from netprobe.cluster.providers.simulation.answers import lines_for, seconds_of
from netprobe.cluster.providers.simulation.bodies import Object
from netprobe.cluster.providers.simulation.network import CLUSTER_DOMAIN, Arrival, Fate, Network, World
from netprobe.cluster.providers.simulation.objects import DNS_ADDRESS
from netprobe.errors import SessionLost
from netprobe.model.protocol import Protocol
from netprobe.probing import holding, wire
from netprobe.probing.request import Batch, Request, RequestKind
from netprobe.probing.script import read_script

_PROTOCOLS = {
    RequestKind.TCP: Protocol.TCP,
    RequestKind.UDP: Protocol.UDP,
    RequestKind.SCTP: Protocol.SCTP,
    RequestKind.DNS_UDP: Protocol.UDP,
    RequestKind.DNS_TCP: Protocol.TCP,
}


class Clock(Shape):
    """The time of a simulation (or of a run)."""

    def now(self) -> float:
        """Seconds on this clock."""

    def wait(self, seconds: float) -> None:
        """Let seconds pass."""


class Host(Shape):
    """What a session needs of its cluster."""

    clock: Clock
    network: Network

    def begin_exchange(self) -> bool:
        """Count an exchange; False when it shall break."""

    def pod(self, namespace: str, name: str) -> Object | None:
        """The pod as it is now."""

    def world_at(self, moment: float) -> World:
        """What holds at a moment of simulated time."""


class SimulatedSession:
    """A session with one pod; lost when the pod (by UID) is no more."""

    def __init__(self, host: Host, pod: Object, uptime: Callable[[float], float]) -> None:
        self._host = host
        self._namespace = pod["metadata"]["namespace"]
        self._name = pod["metadata"]["name"]
        self._uid = pod["metadata"]["uid"]
        self._uptime = uptime
        self._open = True
        self._held_since = 0.0

    def exchange(self, script: str, end_mark: str, deadline: float) -> str:
        """Answer a script of netprobe's; raises SessionLost, and ValueError for other scripts."""
        if not self._open:
            raise SessionLost("the session is closed")
        pod = self._host.pod(self._namespace, self._name)
        if pod is None or pod["metadata"]["uid"] != self._uid:
            self._open = False
            raise SessionLost(f"pod {self._namespace}/{self._name} is gone")
        whole = self._host.begin_exchange()
        output, seconds = self._answer(pod, script)
        if seconds > deadline:
            self._open = False
            self._host.clock.wait(deadline)
            raise SessionLost(f"no end mark within {deadline:g} s")
        self._host.clock.wait(seconds)
        if not whole:
            self._open = False
            raise SessionLost("the connection broke", partial=output[: len(output) // 2])
        if end_mark not in script:
            raise ValueError("the script does not print its end mark")
        return output

    def close(self) -> None:
        """End the session."""
        self._open = False

    def _answer(self, pod: Object, script: str) -> tuple[str, float]:
        if "/etc/resolv.conf" in script:
            domain = CLUSTER_DOMAIN
            search = f"{self._namespace}.svc.{domain} svc.{domain} {domain}"
            return f"search {search}\nnameserver {DNS_ADDRESS}\noptions ndots:5\n", 0.0
        if script.startswith("cat "):
            return "", 0.0  # no other file is there
        if script.startswith(f"# {holding.MARK}"):
            return self._answer_held(script), 0.0
        return self._answer_batch(pod, read_script(script))

    def _answer_held(self, script: str) -> str:
        """A connection that is held open goes on: no policy of this network ends one."""
        now = self._host.clock.now()
        if script.startswith(f"# {holding.MARK} open"):
            self._held_since = now
            return ""
        stamps = [self._held_since, now]
        lines = [f"now {self._uptime(now):.2f}", *(f"answer {self._uptime(each):.2f}" for each in stamps)]
        return "\n".join([*lines, "running", ""])

    def _answer_batch(self, pod: Object, batch: Batch) -> tuple[str, float]:
        begin = self._host.clock.now()
        limit = self._host.world_at(begin).faults.overload_flows
        overloaded = limit is not None and len(batch.requests) > limit
        lines = [wire.begin_mark(batch.id)]
        lines += [
            wire.write_record("S", attempt, f"{self._uptime(begin + attempt * batch.spacing):.2f}")
            for attempt in range(batch.attempts)
        ]
        end = begin
        for request, attempt in itertools.product(batch.requests, range(batch.attempts)):
            if attempt < request.attempts:
                started = begin + attempt * batch.spacing
                world = self._host.world_at(started)
                arrival = Arrival(fate=Fate.SILENCE) if overloaded else self._arrival(pod, request, world)
                seconds = seconds_of(request, arrival, world.faults.slow_seconds)
                lines += lines_for(request, attempt, arrival, self._uptime(started), seconds)
                end = max(end, started + seconds)
        return "\n".join(lines) + "\n", end - begin

    def _arrival(self, pod: Object, request: Request, world: World) -> Arrival:
        protocol = _PROTOCOLS[request.kind]
        return self._host.network.send(pod, request.address, request.port, protocol, world)
