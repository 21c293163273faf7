"""The result of a run: what reports render."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.finding import Finding, Verdict


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterDescription:
    """What was measured.

    ``name`` is what the user asked for (``lab:flannel``, ``context:kind-ci``); ``kind`` is "lab",
    "live" or "simulated"; ``title`` is what reports say ("lab, emulating Flannel"). ``version`` is
    the API server's. ``facts`` are further facts for the report's head (node count, profile …).
    ``lacks`` maps what a scenario may require (words of ``Requires``) to why it cannot be had here.
    """

    name: str
    kind: str
    title: str
    version: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    lacks: Mapping[str, str] = field(default_factory=dict)


NO_EFFECT_BEFORE = "a flip had no effect here before"
"""The detail of a reading that was not waited for, since an earlier flip on the node never took effect."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SentinelReading:
    """What the sentinel on one node showed after a step's last write.

    ``flipped`` None: not measured. ``seconds`` from the API's answer to the start of the first
    attempt that saw the new state. ``closing`` tells which way it was to flip.
    """

    node: str
    closing: bool
    flipped: bool | None
    seconds: float = 0.0
    detail: str = ""


class HeldState(StrEnum):
    """What became of a connection that was open before a step."""

    GOES_ON = "goes on"
    CUT = "cut"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldReading:
    """A connection that was open before a step's writes: told, never judged.

    ``seconds`` is when its last answer came, counted from the step's last write; ``detail`` says why its
    state is UNKNOWN.
    """

    flow: str
    state: HeldState
    seconds: float = 0.0
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepResult:
    """The findings of one step, in the order of its flows; ``held`` are connections from before it."""

    name: str
    findings: tuple[Finding, ...] = ()
    sentinels: tuple[SentinelReading, ...] = ()
    held: tuple[HeldReading, ...] = ()
    seconds: float = 0.0
    complete: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class RunResult:
    """A judged run of one scenario on one cluster.

    ``headlines`` come first in every report (such as "NetworkPolicy is not enforced on node1").
    ``interrupted`` says why the run ended early, "" if it did not. ``started`` is ISO 8601 UTC. ``features``
    are the words for what the scenario is about.
    """

    run_id: str
    scenario: str
    title: str
    cluster: ClusterDescription
    netprobe_version: str
    started: str
    seconds: float
    steps: tuple[StepResult, ...]
    headlines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    interrupted: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    features: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings of all steps."""
        return tuple(finding for step in self.steps for finding in step.findings)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of the run (INCONCLUSIVE when there is no finding at all)."""
        return max((f.verdict for f in self.findings), key=lambda v: v.severity, default=Verdict.INCONCLUSIVE)
