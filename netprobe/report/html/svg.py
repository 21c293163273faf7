"""Drawings inside a page: elements of SVG, with every text and attribute escaped."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.report.html.environment import Markup, escape

Value = str | float


def element(name: str, *children: Markup | str, **attributes: Value | None) -> Markup:
    """Return an element; ``class_`` becomes ``class``, ``text_anchor`` becomes ``text-anchor``.

    Lengths are rounded to a tenth; an attribute that is None is left out.
    """
    words = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_shown(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inner = "".join(escape(child) for child in children)
    return Markup(f"<{name}{words}>{inner}</{name}>" if inner else f"<{name}{words}/>")


def picture(
    children: Iterable[Markup], *, width: float, height: float, name: str, title: str, text: str
) -> Markup:
    """Return a drawing of ``width`` × ``height`` units that shrinks with its place.

    ``name`` is unique in the page; ``title`` and ``text`` say to a screen reader what is drawn.
    """
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", text, id=f"{name}-text"),
        *children,
        class_="picture",
        role="img",
        aria_labelledby=f"{name}-title {name}-text",
        viewBox=f"0 0 {_shown(width)} {_shown(height)}",
        width=width,
        height=height,
    )


def path(*steps: tuple[Value, ...]) -> str:
    """Return path data: each step is a letter and its numbers, ``("M", 1, 2)``."""
    return " ".join(f"{letter}{' '.join(_shown(each) for each in numbers)}" for letter, *numbers in steps)


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else f"{round(value, 1):g}"
