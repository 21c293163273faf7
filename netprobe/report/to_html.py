"""Runs as one page of HTML that needs nothing beside itself (docs/reports.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from netprobe.model.run import RunResult
from netprobe.report.html.page import embedded, render_page
from netprobe.report.run_page.packing import pack
from netprobe.report.run_page.view import flows_of, overview, view_of


def render(results: Sequence[RunResult]) -> str:
    """Return the page about ``results``; the same results give the same text."""
    anchors = _anchors(results)
    views = [
        view_of(result, number, anchor, alone=len(results) == 1)
        for number, (result, anchor) in enumerate(zip(results, anchors, strict=True), start=1)
    ]
    context = {
        "title": _title(results),
        "runs": views,
        "overview": overview(results) if len(results) > 1 else None,
        "flows": flows_of(results),
        "data": embedded(pack(results, anchors)),
        "versions": ", ".join(dict.fromkeys(result.netprobe_version for result in results)),
    }
    return render_page(
        "run.html.jinja",
        context,
        title=f"{_title(results)} · netprobe",
        styles=("run.css",),
        scripts=("run.js",),
    )


def _title(results: Sequence[RunResult]) -> str:
    clusters = ", ".join(dict.fromkeys(result.cluster.title for result in results))
    if len(results) == 1:
        return f"{results[0].scenario} on {clusters}"
    kinds = "scenarios" if len({result.scenario for result in results}) == len(results) else "runs"
    return f"{len(results)} {kinds} on {clusters}"


def _anchors(results: Sequence[RunResult]) -> list[str]:
    """What makes ids unique: nothing, or the run's own id where a scenario was run more than once."""
    counts = Counter(result.scenario for result in results)
    return ["" if counts[result.scenario] == 1 else f"{result.run_id}:" for result in results]
