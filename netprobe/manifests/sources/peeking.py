"""What can be known of a document without parsing it, which is the cost of loading."""

from __future__ import annotations

import re
from functools import lru_cache

from netprobe.manifests.kinds import API_VERSIONS

_CONTENT = re.compile(r"^(?!---|\.\.\.|#|%|[ \t]*$|[ \t]+#).+", re.MULTILINE)
_PLAIN_KIND = re.compile(r"kind:[ \t]+([A-Za-z]+)[ \t]*")
_HELM = re.compile(r"\{\{-?\s*[#.$(/\w\"`]")


def irrelevant_kind(text: str, column: int = 0) -> str:
    """Return the kind of an object that decides nothing about flows; "" when in doubt.

    The keys of the object stand at ``column``. In doubt are all but objects in block style with exactly
    one line that has ``kind:`` there. A line like that inside of another value would be a second one, as
    the object's own is there, too.
    """
    key, own_kind = _patterns(column)
    first = _CONTENT.search(text)
    if first is None or not key.match(first.group()):
        return ""
    lines = own_kind.findall(text)
    found = _PLAIN_KIND.fullmatch(lines[0]) if len(lines) == 1 else None
    kind = found.group(1) if found else ""
    return "" if kind in API_VERSIONS or kind.endswith("List") else kind


@lru_cache
def _patterns(column: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Patterns of a key at the column, and of all lines with the key ``kind`` there."""
    key = re.compile(rf" {{{column}}}[A-Za-z_][\w.-]*:( |$)")
    kind = re.compile(rf"""^ {{{column}}}(["']?kind["']?[ \t]*:.*)$""", re.MULTILINE)
    return key, kind


def has_no_kind(text: str) -> bool:
    """Whether the text cannot be a Kubernetes object: the word ``kind`` is nowhere in it, or it is a list."""
    first = _CONTENT.search(text)
    if first is not None and re.match(r"-( |$)", first.group()):
        return True
    return "kind" not in text and "\\" not in text


def is_empty(text: str) -> bool:
    """Whether there is nothing but comments and marks in the text."""
    return _CONTENT.search(text) is None and not re.search(r"^---[ \t]+[^#\s]", text, re.MULTILINE)


def template_action(text: str) -> tuple[int, int] | None:
    """Return line and column, from 1, of the first action of a Helm template, None when there is none."""
    found = _HELM.search(text)
    if found is None:
        return None
    begin = found.start()
    return text.count("\n", 0, begin) + 1, begin - text.rfind("\n", 0, begin)
