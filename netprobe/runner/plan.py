"""The plan of one wave: which pod asks what, and which dial is whose control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol as Shape

from netprobe.model.flow import DnsRef, ExternalRef, Flow, NodeRef, PodRef
from netprobe.model.protocol import Protocol, Via
from netprobe.model.topology import Pod
from netprobe.probing.request import RequestKind
from netprobe.runner.controls import SERVER_PORT, Controls
from netprobe.runner.sheet import Dial, Sheet
from netprobe.runner.targets import KINDS, Target

CONTROL_TIMEOUT = 2.5
"""Seconds for a control: as patient as an attempt."""

SENTINEL_TIMEOUT = 1.0
"""Seconds for a look at a sentinel; it is repeated until the ceiling, so one look may be short."""

EARLY_LOOKS = 5
"""Looks in quick succession as a round begins: a flip just after a write is seen at once."""

EARLY_SPACING = 0.06
"""Seconds between early looks."""

EARLY_TIMEOUT = 0.5
"""Seconds for an early look: below the first retransmit of a SYN, which would blur when it was made."""

CONFIRMED = 2
"""Looks at a sentinel in one round: a flip is believed when a second look confirms it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Looks:
    """The nodes whose sentinel is looked at, and how often in the round."""

    nodes: tuple[str, ...] = ()
    count: int = CONFIRMED


class Asked(Shape):
    """A flow with its wire side and number of attempts (a round's Ask)."""

    @property
    def flow(self) -> Flow:
        """The flow."""

    @property
    def target(self) -> Target:
        """Its wire side."""

    @property
    def attempts(self) -> int:
        """How many attempts."""

    @property
    def timeout(self) -> float:
        """Seconds for each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """A flow in the plan. ``request`` is its id in the source's sheet.

    ``witness`` is the id, in the sheet of the control on the source's node, of the dial that shows
    the far end alive where it is not a pod of the scenario (dns, external host, node), "" if none.
    """

    ask: Asked
    request: str
    witness: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SentinelWatch:
    """Looks at the sentinel of a node from the control there: among its dials, and ``early`` ones."""

    node: str
    client: Pod
    request: str
    early: str


class Plan:
    """Sheets for all pods of a wave, and the ids under which controls are found again."""

    def __init__(
        self,
        wave: Mapping[PodRef, Sequence[Asked]],
        controls: Controls,
        looks: Looks,
        lookup: str,
        pods: Mapping[PodRef, Pod],
    ) -> None:
        self.controls = controls
        self.looks = looks
        self.pods = pods
        self.sheets: dict[str, Sheet] = {}
        self.early: dict[str, Sheet] = {}
        self.own: dict[str, dict[tuple[int, Protocol], str]] = {}
        self.pairs: dict[tuple[str, str], str] = {}
        self.watches: dict[PodRef, list[Watch]] = {}
        self.sentinel_watches: list[SentinelWatch] = []
        self._lookup = lookup
        self.attempts = max((ask.attempts for asks in wave.values() for ask in asks), default=1)
        for source, asks in wave.items():
            self.watches[source] = [self._watch(ask) for ask in asks]
        self._add_pairs()
        self._add_looks()

    def is_control(self, pod: Pod) -> bool:
        """Whether the pod is a control."""
        control = self.controls.control(pod.node)
        return control is not None and control.uid == pod.uid

    def _sheet(self, pod: Pod) -> Sheet:
        return self.sheets.setdefault(pod.uid, Sheet(pod=pod))

    def _watch(self, ask: Asked) -> Watch:
        target = ask.target
        self._dial_own(target.source)
        for pod, _, _ in target.backends:
            self._dial_own(pod)
        dial = Dial(
            kind=target.kind,
            address=target.address,
            port=target.port,
            lookup=target.lookup,
            peers=target.peers,
        )
        sheet = self._sheet(target.source)
        sheet.flows += 1
        request = sheet.add(dial, ask.attempts, ask.timeout)
        return Watch(ask=ask, request=request, witness=self._add_witness(ask, dial))

    def _dial_own(self, pod: Pod) -> None:
        """Let a pod dial each of its own ports: it reaches itself whatever policies say."""
        if pod.uid in self.own or not pod.ips:
            return
        ports = [(port.number, port.protocol) for port in pod.ports] or [(SERVER_PORT, Protocol.TCP)]
        sheet = self._sheet(pod)
        self.own[pod.uid] = {
            (number, protocol): sheet.add(
                Dial(kind=KINDS[protocol], address=pod.ips[0], port=number), self.attempts, CONTROL_TIMEOUT
            )
            for number, protocol in ports
        }

    def _add_witness(self, ask: Asked, dial: Dial) -> str:
        control = self.controls.control(ask.target.source.node)
        if control is None:
            return ""
        if isinstance(ask.flow.destination, DnsRef | ExternalRef | NodeRef):
            return self._sheet(control).add(dial, self.attempts, CONTROL_TIMEOUT)
        if ask.flow.via is Via.NAME:
            question = Dial(
                kind=RequestKind.DNS_UDP, address=ask.target.nameserver, port=53, lookup=self._lookup
            )
            return self._sheet(control).add(question, self.attempts, CONTROL_TIMEOUT)
        return ""

    def _nodes(self) -> tuple[set[str], set[str]]:
        sources = {watch.ask.target.source.node for watches in self.watches.values() for watch in watches}
        destinations = {
            node
            for watches in self.watches.values()
            for watch in watches
            for node in watch.ask.target.far_nodes
        }
        return sources | set(self.looks.nodes), destinations

    def _add_pairs(self) -> None:
        sources, destinations = self._nodes()
        for here in sorted(sources):
            client = self.controls.control(here)
            if client is None:
                continue
            for there in sorted(destinations | {here}):
                server = self.controls.control(there)
                if server is not None:
                    dial = Dial(kind=RequestKind.TCP, address=server.ips[0], port=SERVER_PORT)
                    attempts = max(self.attempts, self.looks.count if here in self.looks.nodes else 1)
                    self.pairs[here, there] = self._sheet(client).add(dial, attempts, CONTROL_TIMEOUT)

    def _add_looks(self) -> None:
        for node in self.looks.nodes:
            client, sentinel = self.controls.control(node), self.controls.sentinel(node)
            if client is None or sentinel is None:
                continue
            dial = Dial(kind=RequestKind.TCP, address=sentinel.ips[0], port=SERVER_PORT)
            request = self._sheet(client).add(dial, max(self.attempts, self.looks.count), SENTINEL_TIMEOUT)
            early = self.early.setdefault(client.uid, Sheet(pod=client, spacing=EARLY_SPACING))
            watch = early.add(dial, EARLY_LOOKS, EARLY_TIMEOUT)
            self.sentinel_watches.append(
                SentinelWatch(node=node, client=client, request=request, early=watch)
            )
