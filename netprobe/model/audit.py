"""The enforcement audit: what was probed for which feature, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.decision import Answer
from netprobe.model.flow import Flow, PodRef
from netprobe.model.identification import Identification, Limit
from netprobe.model.ip_blocks import IpBlocksMeanPods
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.model.run import ClusterDescription, HeldReading, SentinelReading


class Enforcement(StrEnum):
    """What the audit says of a network, a node or a feature."""

    ENFORCED = "ENFORCED"
    PARTIALLY_ENFORCED = "PARTIALLY ENFORCED"
    NOT_ENFORCED = "NOT ENFORCED"
    INCONCLUSIVE = "INCONCLUSIVE"
    SKIPPED = "SKIPPED"


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many probes agreed with the policies, leaked, were blocked, and gave no answer.

    ``denials`` counts the probes that had to be closed and gave an answer; ``skipped`` those that were
    not possible here.
    """

    agreed: int = 0
    leaked: int = 0
    blocked: int = 0
    unanswered: int = 0
    skipped: int = 0
    denials: int = 0
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FeatureResult:
    """What the probes of one feature came to; ``examples`` are sentences about deviations."""

    name: str
    title: str
    verdict: Enforcement
    tally: Tally
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeResult:
    """What the canaries of one node came to, by direction and protocol."""

    node: str
    verdict: Enforcement
    cells: Mapping[tuple[Direction, Protocol], Enforcement] = field(default_factory=dict)
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspect:
    """A defect that could explain what was seen.

    Of ``deviations`` it explains ``explained``; ``against`` counts probes that would have come out
    otherwise with it.
    """

    name: str
    says: str
    cites: tuple[str, ...]
    explained: int
    deviations: int
    against: int


class BystanderWord(StrEnum):
    """What became of a probe of a user's own pod; NOTE says nothing of the network."""

    LEAK = "LEAK"
    BLOCKED = "BLOCKED"
    AGREES = "agrees"
    NO_ANSWER = "no answer"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True, slots=True)
class BystanderFlow:
    """A probe of a user's own pod: what the policies say of it, and what was seen, in words."""

    flow: Flow
    expected: Answer
    word: BystanderWord
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BystanderResult:
    """A user's own pod that was probed as a destination; ``policies`` (``namespace/name``) isolate it."""

    namespace: str
    pod: str
    node: str
    verdict: Enforcement
    policies: tuple[str, ...] = ()
    flows: tuple[BystanderFlow, ...] = ()

    @property
    def title(self) -> str:
        """``namespace/pod``."""
        return f"{self.namespace}/{self.pod}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Established:
    """A connection that was open before the policies, which deny it: told, never judged.

    ``where`` is "on one node" or "between nodes"; ``reading`` says what became of it.
    """

    where: str
    reading: HeldReading


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """The result of an audit.

    ``suspects`` agree with everything that was seen (several, where no probe tells them apart);
    ``near`` are the nearest others when none does: then the deviation is unknown. ``bystanders`` are pods
    of the user, which the diagnosis does not look at. ``excluded`` maps nodes that were left out to the
    reason.
    """

    verdict: Enforcement
    sentence: str
    features: tuple[FeatureResult, ...] = ()
    nodes: tuple[NodeResult, ...] = ()
    bystanders: tuple[BystanderResult, ...] = ()
    established: tuple[Established, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    near: tuple[Suspect, ...] = ()
    deviations: int = 0
    probes: int = 0
    excluded: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Recognition:
    """Which CNI this seems to be, beside what the packets proved.

    ``sentence`` says both; ``agrees`` is None where one of them is open. ``limits`` are documented ones of
    what was found, that one of the suspects cites, too.
    """

    identification: Identification
    sentence: str
    agrees: bool | None = None
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AffectedPolicy:
    """A NetworkPolicy of the cluster that is not enforced as it is written.

    ``opened`` are pods with flows that it denies and that pass, ``shut`` pods without flows that it
    admits; ``leaks`` and ``blocks`` count these flows between pods, 0 where nothing counted them.
    """

    namespace: str
    name: str
    opened: tuple[PodRef, ...] = ()
    shut: tuple[PodRef, ...] = ()
    leaks: int = 0
    blocks: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Impact:
    """What the deviations mean for the NetworkPolicies that were there before the audit.

    ``because`` says how it was concluded, as the end of a sentence. ``present`` counts the policies that
    there are. ``beyond`` names (``namespace/name``) those that are read wrongly, too, though no flow between
    pods of this cluster changes. ``notes`` say what could not be concluded.
    """

    because: str
    present: int
    affected: tuple[AffectedPolicy, ...] = ()
    beyond: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditReport:
    """An audit with what reports say around it.

    ``started`` is ISO 8601 UTC, ``journal`` the path of the recording. ``exit_code`` is what the
    command ends with, which may speak of ``required`` features alone. ``recognition`` and ``impact`` are
    None where the cluster did not let netprobe look, or nothing deviates; ``unseen`` says what kept it from
    looking. ``skipped`` maps what cannot be audited here to the reason. ``sentinels`` tell how long
    netprobe's own changes of policies took on each node, over all steps. ``ip_blocks_mean_pods`` is what
    was measured of it; None where no run came that far.
    """

    audit: Audit
    cluster: ClusterDescription
    run_id: str
    started: str
    seconds: float
    netprobe_version: str
    journal: str
    exit_code: int
    required: tuple[str, ...] = ()
    recognition: Recognition | None = None
    impact: Impact | None = None
    unseen: tuple[str, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    sentinels: tuple[SentinelReading, ...] = ()
    ip_blocks_mean_pods: IpBlocksMeanPods | None = None
