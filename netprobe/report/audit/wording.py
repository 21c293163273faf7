"""Words, inks and lines that the parts of a report share."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from netprobe.model.audit import Enforcement, Established
from netprobe.model.flow import PodRef
from netprobe.model.run import HeldReading, HeldState
from netprobe.report.ink import Ink

INKS = {
    Enforcement.ENFORCED: Ink.GOOD,
    Enforcement.PARTIALLY_ENFORCED: Ink.BAD,
    Enforcement.NOT_ENFORCED: Ink.BAD,
    Enforcement.INCONCLUSIVE: Ink.DOUBT,
    Enforcement.SKIPPED: Ink.FAINT,
}


def wrapped(text: str, width: int, *, indent: int = 4, hanging: int = 0) -> Sequence[str]:
    """Lines of the text, indented; those after the first by ``hanging`` more."""
    first = " " * indent
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=first + " " * hanging,
        break_on_hyphens=False,
    )


def established_text(established: Iterable[Established]) -> str:
    """What becomes of open connections, in a line; "" when none was held. What is alike is told together."""
    fates: dict[str, list[str]] = {}
    for each in established:
        fates.setdefault(_fate(each.reading), []).append(each.where)
    told = "; ".join(f"{' and '.join(where)} {fate}" for fate, where in fates.items())
    return f"connections from before the policies (told, not judged): {told}" if told else ""


def _fate(reading: HeldReading) -> str:
    match reading.state:
        case HeldState.GOES_ON:
            return "they go on"
        case HeldState.CUT:
            return f"they were cut after {reading.seconds:.1f} s"
        case _:
            return f"it is not known ({reading.detail})"


def workloads(pods: Iterable[PodRef]) -> Sequence[str]:
    """``namespace/workload``, with the number of pods where there are several."""
    counts: dict[str, int] = {}
    for pod in pods:
        name = f"{pod.namespace}/{pod.workload}"
        counts[name] = counts.get(name, 0) + 1
    return [name if count == 1 else f"{name} ({count} pods)" for name, count in counts.items()]


def counted(count: int, word: str) -> str:
    """``1 pod``, ``2 pods``."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
