"""How long changes of policies took, drawn: a bar for each cluster and direction, and a table of the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.model.comparison import Column, Spread
from netprobe.report.comparison.wording import latency
from netprobe.report.html.components import Table, TableCell, cell, head, number
from netprobe.report.html.environment import Markup
from netprobe.report.html.svg import element, picture

_LEFT = 300.0
_WIDTH = 820.0
_BAR = 16.0
_LINE = 26.0
_ROOM = _WIDTH - _LEFT - 175.0
_WIDEST = 30
_DIRECTIONS = (("enforced", "a denial takes effect"), ("opened", "its removal takes effect"))


def latency_picture(columns: Sequence[Column]) -> Markup | None:
    """Return the drawing: median, longest and 95 % of each; None where no cluster has a reading."""
    bars = list(_bars(columns))
    longest = max((spread.longest for _, _, spread in bars if spread is not None), default=0.0)
    if not bars or longest <= 0:
        return None
    shapes: list[Markup] = []
    top = 10.0
    last = ""
    for label, words, spread in bars:
        top += 8.0 if last and label != last else 0.0
        name = _short(label) if label != last else ""
        shapes += [
            element("text", name, x=0, y=top + 13, class_="small"),
            element("text", words, x=_LEFT - 8, y=top + 13, text_anchor="end", class_="small faint"),
            *_bar(spread, top, longest),
        ]
        last = label
        top += _LINE
    axis = element("line", x1=_LEFT, x2=_LEFT, y1=4, y2=top, class_="latency-axis")
    text = "; ".join(f"{column.label}: {told}" for column in columns if (told := latency(column)))
    title = "Seconds until a change of policies takes effect"
    return picture(
        [axis, *shapes], width=_WIDTH, height=top + 6, name="latency-chart", title=title, text=text
    )


def latency_table(columns: Sequence[Column]) -> Table:
    """Return the numbers; a denial that never took effect is told so."""
    rows: list[tuple[TableCell, ...]] = []
    for label, words, spread in _bars(columns):
        if spread is None:
            rows.append((head(label), cell(words), cell("never, before the ceiling"), *[cell("–")] * 3))
            continue
        seconds = (spread.median, spread.p95, spread.longest)
        rows.append(
            (head(label), cell(words), *(number(each, 2, "s") for each in seconds), number(spread.count))
        )
    return Table(
        caption="Seconds until a change of policies takes effect",
        heads=("cluster", "change", "median", "95 % within", "longest", "readings"),
        rows=tuple(rows),
    )


def _bars(columns: Sequence[Column]) -> Iterator[tuple[str, str, Spread | None]]:
    """Label, direction and spread; None for a denial that never took effect."""
    for column in columns:
        for name, words in _DIRECTIONS:
            spread = column.enforced if name == "enforced" else column.opened
            if spread is not None or (name == "enforced" and column.never):
                yield column.label, words, spread


def _bar(spread: Spread | None, top: float, longest: float) -> Iterator[Markup]:
    if spread is None:
        yield element("text", "✗ never", x=_LEFT + 6, y=top + 13, class_="small latency-never")
        return

    def at(seconds: float) -> float:
        return _LEFT + _ROOM * seconds / longest

    def bar(seconds: float, name: str) -> Markup:
        return element(
            "rect", x=_LEFT, y=top, width=max(1.0, at(seconds) - _LEFT), height=_BAR, rx=3, class_=name
        )

    yield bar(spread.longest, "latency-longest")
    yield bar(spread.median, "latency-median")
    yield element(
        "line", x1=at(spread.p95), x2=at(spread.p95), y1=top - 2, y2=top + _BAR + 2, class_="latency-p95"
    )
    words = f"{spread.median:.2f} s, longest {spread.longest:.2f} s"
    yield element("text", words, x=at(spread.longest) + 8, y=top + 13, class_="small")


def _short(label: str) -> str:
    return label if len(label) <= _WIDEST else f"{label[: _WIDEST - 1]}…"
