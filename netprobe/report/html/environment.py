"""Templates and escaping: the door to jinja2 and its markupsafe."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

__all__ = ["Markup", "asset", "escape", "fill"]

_ROOM = "netprobe.report.html"


def fill(template: str, context: Mapping[str, object]) -> Markup:
    """Return ``template`` (a file of ``templates/``) with ``context`` in it.

    Every text is escaped unless it is Markup; a name that the context lacks is an error.
    """
    return Markup(_environment().get_template(template).render(context))  # noqa: S704 - made by escaping templates


@cache
def asset(name: str) -> str:
    """Return the text of a file of ``assets/``: a style sheet or a script."""
    return (files(_ROOM) / "assets" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_ROOM),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
