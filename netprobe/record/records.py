"""The records of a journal: what a run saw, without a single judgement.

Everything is in the author's names. A journal is a header, one baseline, a calibration where it is
needed, then per step a state, observations as they settle and a step end, and one end. A run that was
killed lacks the tail.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.observation import Observation
from netprobe.model.run import ClusterDescription, HeldReading, SentinelReading
from netprobe.model.topology import Topology

JOURNAL_VERSION = 1
"""The version of the journal format that this netprobe writes, and the only one that it reads."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Header:
    """The first record. ``files`` are the scenario's texts by relative name, ``origin`` their folder.

    ``started`` is ISO 8601 UTC. ``settings`` are the ceilings and limits of the run, in seconds and
    counts.
    """

    run_id: str
    netprobe_version: str
    started: str
    cluster: ClusterDescription
    scenario: str
    origin: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """The cluster lacks what the scenario requires: every flow of every step is SKIP for ``reason``."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Baseline:
    """The observations of every flow before any policy, and how long they took (s)."""

    observations: tuple[Observation, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Calibration:
    """Whether ipBlocks mean pods in this network; journals of runs that did not need to know have none.

    ``measured`` is False when a setting said so. ``reason`` says why the answer is UNKNOWN, else "".
    ``observations`` are the evidence: what a client saw that an ipBlock holds, and one that no rule
    admits. ``not_enforced_on`` names the node on which the policy for it never took effect, "" if it
    did. ``seconds`` is how long it took.
    """

    ip_blocks_mean_pods: IpBlocksMeanPods
    measured: bool = True
    reason: str = ""
    observations: tuple[Observation, ...] = ()
    not_enforced_on: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class StepState:
    """What the cluster held when a step was measured, in the author's names.

    ``policies`` are plain NetworkPolicy bodies, ``admin_policies`` those of cluster-wide policies.
    ``unreadable`` says what we were not allowed to read, or do not understand.
    """

    step: str
    topology: Topology
    policies: tuple[Mapping[str, object], ...] = ()
    admin_policies: tuple[Mapping[str, object], ...] = ()
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """One flow's observation in the step that was opened last."""

    observation: Observation


@dataclass(frozen=True, kw_only=True, slots=True)
class StepEnd:
    """The end of a step. ``disturbed`` maps flow keys to what made their evidence worthless.

    ``held`` tells of connections that were open before it.
    """

    step: str
    sentinels: tuple[SentinelReading, ...] = ()
    disturbed: Mapping[str, str] = field(default_factory=dict)
    held: tuple[HeldReading, ...] = ()
    seconds: float = 0.0
    complete: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """The last record. ``reason`` says why the run ended early, "" if it did not."""

    reason: str = ""
    seconds: float = 0.0
    figures: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


Record = Header | Skipped | Baseline | Calibration | StepState | Measured | StepEnd | End


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedStep:
    """One step of a recording; ``end`` None: the run ended within it."""

    state: StepState
    observations: tuple[Observation, ...] = ()
    end: StepEnd | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Recording:
    """A whole journal. ``end`` None: the run was killed before it could say why it ended."""

    header: Header
    skipped: str = ""
    baseline: Baseline | None = None
    calibration: Calibration | None = None
    steps: tuple[RecordedStep, ...] = ()
    end: End | None = None
