"""The columns of a comparison: what each cluster is, what is most likely broken there, its limits."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from netprobe.comparison.measured import Hint, Measured
from netprobe.comparison.spreads import never_on, readings_of, spread_of
from netprobe.model.audit import Enforcement
from netprobe.model.comparison import Column
from netprobe.model.ip_blocks import IpBlocksMeanPods

Item = TypeVar("Item", bound=Hashable)
_LAB = "netprobe-lab"
"""What the version of a lab's API ends in."""

_EXPECTED = {"yes": "yes", "no": "no", "by-setting": "depends on a setting", "unknown": "unknown"}
_BLOCKS = {
    IpBlocksMeanPods.YES: "yes",
    IpBlocksMeanPods.NO: "no",
    IpBlocksMeanPods.UNKNOWN: "not known",
}
ENVIRONMENT = (
    "cluster", "Kubernetes", "CNI (hint)", "should enforce (hint)", "platform (hint)", "nodes", "kernel",
    "system of the nodes", "container runtime", "profile of the lab", "identity of the lab",
    "ipBlocks mean pods", "netprobe", "measured", "seconds", "read from",
)  # fmt: skip
"""What columns may tell of themselves, in the order of its display."""

_FACTS = {
    "nodes": "nodes", "kernel": "kernel", "system": "system of the nodes", "runtime": "container runtime",
    "profile": "profile of the lab", "identity": "identity of the lab",
}  # fmt: skip
"""Facts of a cluster by their names in reports, and what they are called here; others are not shown."""


def column_of(measured: Measured) -> Column:
    """Return the column of a cluster."""
    audit, clusters = measured.audit, measured.clusters
    readings = readings_of(measured)
    hint = None if audit is None else audit.cni
    return Column(
        label=measured.label,
        title=_title(measured),
        kind=clusters[0].kind if clusters else "",
        source=measured.source,
        environment=_environment(measured, hint),
        conclusion="" if audit is None else audit.conclusion,
        enforces_nothing=audit is not None and audit.verdict is Enforcement.NOT_ENFORCED,
        cni="" if hint is None else hint.sentence,
        deviations=0 if audit is None else audit.deviations,
        suspects=() if audit is None else audit.suspects,
        near=() if audit is None else audit.near,
        limits=() if hint is None else _distinct(limit for each in hint.found for limit in each.limits),
        fitting=() if hint is None else hint.fitting_limits,
        enforced=spread_of(readings, closing=True),
        opened=spread_of(readings, closing=False),
        never=never_on(readings),
        headlines=_distinct(text for run in measured.runs for text in run.headlines),
        notes=_notes(measured),
        missing=measured.missing or _broken_off(measured),
    )


def is_lab(column: Column) -> bool:
    """Whether it is a lab of netprobe; one behind a kubeconfig is known by its version."""
    return column.kind == "lab" or _LAB in column.environment.get("Kubernetes", "")


def _title(measured: Measured) -> str:
    if not measured.clusters:
        return measured.title or measured.label
    cluster = measured.clusters[0]
    behind = cluster.kind == "live" and _LAB in cluster.version
    return f"{cluster.title}, a lab of netprobe" if behind else cluster.title


def _environment(measured: Measured, hint: Hint | None) -> Mapping[str, str]:
    """What there is to say; what is not known has no entry."""
    audits = () if measured.audit is None else (measured.audit,)
    reports = (*audits, *measured.runs)
    told = {
        "cluster": _join(cluster.title for cluster in measured.clusters),
        "Kubernetes": _join(cluster.version for cluster in measured.clusters),
    }
    if hint is not None:
        found = _join(f"{each.title} {each.version}".strip() for each in hint.found)
        told["CNI (hint)"] = found or "none known"
        told["should enforce (hint)"] = _EXPECTED.get(hint.expected, hint.expected)
        told["platform (hint)"] = _join(hint.platforms)
    facts = {key: value for cluster in reversed(measured.clusters) for key, value in cluster.facts.items()}
    told.update({words: facts.get(key, "") for key, words in _FACTS.items()})
    blocks = None if measured.audit is None else measured.audit.ipblocks_mean_pods
    told["ipBlocks mean pods"] = "" if blocks is None else _BLOCKS[blocks]
    told["netprobe"] = _join(report.netprobe_version for report in reports)
    told["measured"] = _join(report.started for report in reports)
    told["seconds"] = " + ".join(f"{report.seconds:.1f}" for report in reports)
    told["read from"] = measured.source
    return {key: told[key] for key in ENVIRONMENT if told.get(key)}


def _broken_off(measured: Measured) -> str:
    """Why saved runs are not whole, "" if they are: where they fail, no cell tells it."""
    return "; ".join(f"{run.scenario}: {run.interrupted}" for run in measured.runs if run.interrupted)


def _notes(measured: Measured) -> tuple[str, ...]:
    """What the reports say beside their verdicts, and what they did not look at."""
    notes: list[str] = []
    if measured.audit is not None:
        audit = measured.audit
        left_out = {**audit.skipped, **audit.excluded_nodes}
        notes += [f"not looked at: {name}, {reason}" for name, reason in left_out.items()]
        notes += [*audit.unseen, *audit.notes]
        notes += audit.cni.warnings if audit.cni is not None else ()
    notes += [note for run in measured.runs for note in run.notes]
    return _distinct(notes)


def _join(texts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(text for text in texts if text))


def _distinct(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(items))
