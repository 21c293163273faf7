"""The times of a step as a drawing: a line for the open flows, one for the closed, a mark for each node."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from netprobe.model.finding import Seen
from netprobe.model.run import SentinelReading
from netprobe.report.grid import shorten
from netprobe.report.html.environment import Markup
from netprobe.report.html.svg import element, path, picture
from netprobe.report.run_page.latency import Settling

_WIDTH, _LEFT, _RIGHT = 760.0, 150.0, 30.0
_CURVES, _ROW = 150.0, 26.0
_MOST_NODES = 12
_WORDS = {Seen.OPEN: "open", Seen.CLOSED: "closed"}


def draw_times(settlings: Sequence[Settling], sentinels: Sequence[SentinelReading], name: str) -> Markup:
    """Return the drawing of both; ``name`` is unique in the page. At least one of them holds a time."""
    shown = [each for each in sentinels if each.flipped][:_MOST_NODES]
    longest = max((*(s.seconds[-1] for s in settlings), *(r.seconds for r in shown)), default=0.0)
    scale = _Scale(longest)
    height = _CURVES + (_ROW * len(shown) + 10 if shown else 0) + 50
    bottom = height - 40
    parts = [
        *_axis(scale, bottom),
        *(part for each in settlings for part in _curve(each, scale)),
        *(part for number, each in enumerate(shown) for part in _sentinel(each, number, scale)),
    ]
    texts = [
        f"{len(s.seconds)} {_WORDS[s.seen]} flows: half in {s.median:.2f} s, all in {s.seconds[-1]:.2f} s"
        for s in settlings
    ]
    texts += [f"a change took effect on {r.node} after {r.seconds:.2f} s" for r in shown]
    return picture(
        parts, width=_WIDTH, height=height, name=name, title="Times until flows were as they are",
        text="; ".join(texts),
    )  # fmt: skip


class _Scale:
    """Seconds to places; ends at a round number."""

    def __init__(self, longest: float) -> None:
        longest = max(longest, 0.05)
        step = math.pow(10, math.floor(math.log10(longest)))
        self.tick = next(step * f for f in (0.2, 0.5, 1, 2, 5) if longest / (step * f) <= 6)
        self.count = math.ceil(longest / self.tick)

    def __call__(self, seconds: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * seconds / (self.tick * self.count)


def _axis(scale: _Scale, bottom: float) -> Iterator[Markup]:
    for number in range(scale.count + 1):
        x = scale(number * scale.tick)
        yield element("path", d=path(("M", x, 8), ("L", x, bottom)), class_="rule")
        text = f"{number * scale.tick:g} s"
        yield element("text", text, x=x, y=bottom + 16, class_="tick", text_anchor="middle")
    for part in (0, 0.5, 1):
        y = _height(part)
        yield element("path", d=path(("M", _LEFT, y), ("L", _WIDTH - _RIGHT, y)), class_="rule")
        yield element("text", f"{part:.0%} of flows", x=_LEFT - 10, y=y + 4, class_="tick", text_anchor="end")
    yield element(
        "text",
        "since the step's first attempt; nodes: since the change",
        x=_LEFT,
        y=bottom + 34,
        class_="tick",
    )


def _height(part: float) -> float:
    return _CURVES - 6 - (_CURVES - 24) * part


def _curve(settling: Settling, scale: _Scale) -> Iterator[Markup]:
    """The share of flows that are there, as time goes on: a stair, thinned to what can be seen."""
    steps: list[tuple[str | float, ...]] = [("M", scale(0), _height(0))]
    count = len(settling.seconds)
    x = scale(0)
    for number, seconds in enumerate(settling.seconds, start=1):
        new = round(scale(seconds), 1)
        following = settling.seconds[number] if number < count else math.inf
        if round(scale(following), 1) == new if following != math.inf else False:
            continue
        if new != x:
            steps.append(("H", new))
            x = new
        steps.append(("V", _height(number / count)))
    steps.append(("H", _WIDTH - _RIGHT))
    word = _WORDS[settling.seen]
    yield element("path", d=path(*steps), class_=f"curve curve-{word}")
    aside = -8 if settling.seen is Seen.OPEN else 16
    yield element(
        "text",
        word,
        x=_WIDTH - _RIGHT - 4,
        y=_height(1) + aside,
        class_=f"name name-{word}",
        text_anchor="end",
    )


def _sentinel(reading: SentinelReading, number: int, scale: _Scale) -> Iterator[Markup]:
    y = _CURVES + 16 + _ROW * number
    x = scale(reading.seconds)
    yield element("text", shorten(reading.node, 20), x=_LEFT - 10, y=y + 4, class_="tick", text_anchor="end")
    yield element("path", d=path(("M", _LEFT, y), ("L", x, y)), class_="effect")
    yield element(
        "path",
        d=path(("M", x, y - 6), ("L", x + 6, y), ("L", x, y + 6), ("L", x - 6, y), ("z",)),
        class_="effect-end",
    )
    yield element("text", f"{reading.seconds:.2f} s", x=min(x + 12, _WIDTH - 50), y=y + 4, class_="tick")
