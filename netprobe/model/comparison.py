"""Several clusters measured by the same suite: rows of what was probed, columns of clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from netprobe.model.audit import Suspect
from netprobe.model.identification import Limit


class Standing(StrEnum):
    """What a cell comes to, whatever its word is."""

    GOOD = "good"
    BAD = "bad"
    LEFT_OPEN = "left-open"
    """Kubernetes does not define it; both ways are right."""

    UNKNOWN = "unknown"
    """No answer: the cell's reason says why."""

    NEUTRAL = "neutral"
    """Not possible here, or it says nothing."""


class RowKind(StrEnum):
    """What a row is about."""

    NETWORK = "network"
    FEATURE = "feature"
    SCENARIO = "scenario"
    STEP = "step"
    FLOW = "flow"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """What one cluster came to in one row.

    ``verdict`` is the word of the report that it was taken from. ``leaks`` and ``blocks`` count flows
    that pass against the policies and flows that are stopped against them, ``mistakes`` flows whose
    policies differ from the intent. ``seen`` tells open from closed where it is about one flow.
    ``evidence`` are sentences, ``reason`` says why there is no answer.
    """

    verdict: str
    standing: Standing
    agreed: int = 0
    leaks: int = 0
    blocks: int = 0
    mistakes: int = 0
    unanswered: int = 0
    skipped: int = 0
    seen: str = ""
    evidence: tuple[str, ...] = ()
    reason: str = ""

    @property
    def answers(self) -> bool:
        """Whether it can differ from another: it was measured and says something."""
        return self.standing not in (Standing.UNKNOWN, Standing.NEUTRAL)

    @property
    def signature(self) -> tuple[object, ...]:
        """What must be equal for two cells that answer to be alike: numbers of flows need not."""
        kinds = (self.leaks > 0, self.blocks > 0, self.mistakes > 0)
        return (self.verdict, *kinds, self.seen if self.standing is Standing.LEFT_OPEN else "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One thing that was probed. ``cells`` are in the order of the columns, None where it was not probed.

    ``name`` is unique among rows of its kind: a feature's name, a scenario's, ``scenario/step``, or a
    finding's id. ``sentence`` says how the columns differ, who is at fault and what it means ("" where
    they do not). ``only_in`` is the label of the one column that has such a row at all, though others were
    measured.
    """

    kind: RowKind
    name: str
    title: str
    cells: tuple[Cell | None, ...]
    sentence: str = ""
    only_in: str = ""

    @property
    def answers(self) -> tuple[Cell, ...]:
        """The cells that give one; with less than two nothing is compared."""
        return tuple(cell for cell in self.cells if cell is not None and cell.answers)

    @property
    def differs(self) -> bool:
        """Whether two columns that give an answer give different ones."""
        return len({cell.signature for cell in self.answers}) > 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """Seconds from the API's answer to a change of policies until the change was seen, over all readings."""

    count: int
    median: float
    p95: float
    longest: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One cluster: what it is, what is most likely broken there, how fast it is, what is known of it.

    ``label`` is unique. ``source`` names the files it was read from, "" for a cluster that was measured
    now. ``title`` is what reports must call it ("lab, emulating Flannel"), ``kind`` "lab", "live",
    "simulated" or "" when it could not be opened. ``environment`` is in the order of its display.
    ``conclusion`` is the sentence of its audit, ``enforces_nothing`` what it comes to at worst, ``cni`` what
    the cluster seems to be. ``deviations`` counts probes
    against the policies, which ``suspects`` would explain. ``limits`` are documented ones of what was
    found, ``fitting`` those that the packets showed. ``enforced`` and ``opened`` are None without a reading;
    ``never`` are nodes where a policy had no effect before the ceiling. ``missing`` says why not
    everything was measured, "" when all was.
    """

    label: str
    title: str
    kind: str = ""
    source: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    conclusion: str = ""
    enforces_nothing: bool = False
    cni: str = ""
    deviations: int = 0
    suspects: tuple[Suspect, ...] = ()
    near: tuple[Suspect, ...] = ()
    limits: tuple[Limit, ...] = ()
    fitting: tuple[Limit, ...] = ()
    enforced: Spread | None = None
    opened: Spread | None = None
    never: tuple[str, ...] = ()
    headlines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """All of it. ``cautions`` say what a reader must know before concluding from differences.

    ``rows`` begin with the networks and features, then come scenarios, each with its steps and, below
    these, the flows that differ.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    cautions: tuple[str, ...] = ()

    @property
    def common(self) -> tuple[Row, ...]:
        """The rows that compare something."""
        return tuple(row for row in self.rows if not row.only_in)

    @property
    def compared(self) -> tuple[Row, ...]:
        """The rows in which at least two columns give an answer."""
        return tuple(row for row in self.common if len(row.answers) > 1)

    @property
    def differing(self) -> tuple[Row, ...]:
        """The rows where columns differ."""
        return tuple(row for row in self.common if row.differs)

    @property
    def measured(self) -> bool:
        """Whether there is an answer in every cell that was asked for, and something was compared."""
        cells = [cell for row in self.common for cell in row.cells if cell is not None]
        whole = not any(column.missing for column in self.columns)
        return whole and bool(self.compared) and not any(cell.standing is Standing.UNKNOWN for cell in cells)

    @property
    def failing(self) -> bool:
        """Whether something is proven to be wrong on some cluster."""
        cells = (cell for row in self.rows for cell in row.cells if cell is not None)
        return any(cell.standing is Standing.BAD for cell in cells)
