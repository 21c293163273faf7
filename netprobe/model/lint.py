"""Findings of the lint: what is odd in manifests, where, why it matters, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netprobe.model.inventory import ObjectKey
from netprobe.model.place import Place


class Severity(StrEnum):
    """How bad a finding is; ``rank`` orders them, worst last.

    ERROR: the object cannot do what it says. WARNING: it probably does not do what was meant.
    INFO: worth knowing, and right in many places.
    """

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for INFO to 2 for ERROR."""
        return list(Severity).index(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class LintRule:
    """A rule of the lint. ``title`` names the pitfall, ``why`` says in a sentence or two what it does.

    ``severity`` is that of its findings; a finding may be milder where the manifests leave doubt.
    """

    id: str
    severity: Severity
    title: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Fix:
    """How to mend a finding: a sentence, and YAML to paste.

    ``adds`` tells that the YAML is one or more whole objects to be added; else it is the corrected
    piece of the object that the finding is about. ``yaml`` is "" where there is nothing to paste.
    """

    advice: str
    yaml: str = ""
    adds: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Related:
    """Another place that a finding speaks of."""

    place: Place
    message: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LintFinding:
    """One finding.

    ``object`` is what it is about and ``path`` the piece of it (``spec.ingress[0]``, "" for all of it);
    both stay when lines move. ``message`` says what was found there.
    """

    rule: str
    severity: Severity
    place: Place
    object: ObjectKey
    path: str = ""
    message: str
    why: str
    fix: Fix | None = None
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class LintReport:
    """All findings of a command; ``failed`` when one is as bad as the user set the limit.

    ``rules`` are those that were asked. ``policies``, ``pods`` and ``namespaces`` count what was looked at.
    """

    findings: tuple[LintFinding, ...]
    rules: tuple[LintRule, ...]
    failed: bool = False
    policies: int = 0
    pods: int = 0
    namespaces: int = 0
    netprobe_version: str = ""

    @property
    def exit_code(self) -> int:
        """1 when the lint failed, else 0."""
        return int(self.failed)
