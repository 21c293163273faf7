"""What a comparison takes from the JSON reports of ``run`` and ``check``: their keys, those that it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from netprobe.model.audit import Enforcement, Suspect
from netprobe.model.finding import Kind, Party, Verdict
from netprobe.model.identification import Limit
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.run import SentinelReading

Count = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredCluster:
    """What was measured, as it was asked for and as reports call it."""

    name: str
    kind: str
    title: str
    version: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredFeature:
    """A feature of the audit."""

    name: str
    title: str
    verdict: Enforcement
    agreed: Count
    leaked: Count
    blocked: Count
    unanswered: Count
    skipped: Count
    reason: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredNode:
    """A node of the audit."""

    node: str
    verdict: Enforcement


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenCni:
    """A CNI, or an enforcer of policies, that was recognised."""

    title: str
    version: str
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """What the cluster's objects say of its CNI."""

    sentence: str
    expected: str
    found: tuple[SeenCni, ...]
    platforms: tuple[str, ...] = ()
    fitting_limits: tuple[Limit, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredAudit:
    """An audit of a cluster."""

    verdict: Enforcement
    conclusion: str
    cluster: MeasuredCluster
    run_id: str
    started: str
    seconds: float
    netprobe_version: str
    probes: Count
    deviations: Count
    suspects: tuple[Suspect, ...]
    near: tuple[Suspect, ...]
    nodes: tuple[MeasuredNode, ...]
    features: tuple[MeasuredFeature, ...]
    excluded_nodes: Mapping[str, str]
    skipped: Mapping[str, str]
    cni: Hint | None
    unseen: tuple[str, ...]
    notes: tuple[str, ...]
    sentinels: tuple[SentinelReading, ...] = ()
    ipblocks_mean_pods: IpBlocksMeanPods | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredFinding:
    """The verdict about one flow in one step."""

    id: str
    verdict: Verdict
    kind: Kind | None
    party: Party | None
    explanation: str
    seen: str


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredStep:
    """A step of a run."""

    name: str
    complete: bool
    findings: tuple[MeasuredFinding, ...]
    sentinels: tuple[SentinelReading, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredRun:
    """A run of one scenario."""

    run_id: str
    scenario: str
    title: str
    netprobe_version: str
    cluster: MeasuredCluster
    started: str
    seconds: float
    interrupted: str
    headlines: tuple[str, ...]
    notes: tuple[str, ...]
    steps: tuple[MeasuredStep, ...]

    @property
    def findings(self) -> tuple[MeasuredFinding, ...]:
        """All findings of all steps."""
        return tuple(finding for step in self.steps for finding in step.findings)


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """All that is known of one cluster.

    ``label`` is what its column is called, ``source`` names the files that it was read from ("": measured
    now). ``title`` stands for the cluster's own where it could not even be opened. ``missing`` says why not
    everything was measured.
    """

    label: str
    source: str = ""
    title: str = ""
    audit: MeasuredAudit | None = None
    runs: tuple[MeasuredRun, ...] = ()
    missing: str = ""

    @property
    def clusters(self) -> tuple[MeasuredCluster, ...]:
        """The cluster, as each report describes it."""
        audits = () if self.audit is None else (self.audit,)
        return tuple(report.cluster for report in (*audits, *self.runs))
