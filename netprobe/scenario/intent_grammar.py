"""The grammar of intent lines: text to ends and back.

A line is ``SOURCES -> DESTINATIONS [via WAY]``. Both sides are lists with commas; an item is
``namespace/workload``, where each part is a name, ``*`` or a list in braces, and a workload may
carry ``[index]``. A destination may end in ``:port`` and ``/protocol``, and may be one of the
special ones: ``dns``, ``external:NAME``, ``node:own``, ``node:another``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from netprobe.model.protocol import Protocol, Via
from netprobe.model.scenario import EndPattern

ARROW = re.compile(r"->|→")
_VIA = re.compile(r"\s+via\s+(?P<way>\S+)\s*$")
_NAME = r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?"
_PART = rf"(?:\*|{_NAME}|\{{[^{{}}]*\}})"
_POD = re.compile(
    rf"(?P<namespace>{_PART}(?:@cluster)?)/(?P<workload>{_PART})(?:\[(?P<index>\d+)\])?(?=[:/]|$)"
)
_ANY_POD = re.compile(r"\*(?=:|$)")
_DNS = re.compile(r"dns(?=:|$|/(?:tcp|udp|sctp)$)", re.IGNORECASE)
_EXTERNAL = re.compile(rf"external:(?P<name>\*|{_NAME})(?=[:/]|$)")
_NODE = re.compile(r"node:(?P<name>[^:/]*)(?=[:/]|$)")
_SUFFIX = re.compile(r"(?::(?P<port>[^:/]*))?(?:/(?P<protocol>[^:/]*))?$")
_NODES = ("own", "another")


class LineSyntaxError(ValueError):
    """An intent line that cannot be read: ``message``, ``offset`` in the text (from 0) and a ``hint``."""

    def __init__(self, message: str, offset: int, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """One item of a side: its pattern and where it begins in the text.

    ``port`` and ``protocol`` are None when not written; only destinations have them.
    """

    pattern: EndPattern
    port: int | None = None
    protocol: Protocol | None = None
    offset: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedLine:
    """A line taken apart; lists in braces are already multiplied out."""

    sources: tuple[End, ...]
    destinations: tuple[End, ...]
    via: Via | None = None


def parse_line(text: str) -> ParsedLine:
    """Take a line apart. Raises LineSyntaxError for the first thing that cannot be read."""
    arrows = list(ARROW.finditer(text))
    if len(arrows) != 1:
        where = arrows[1].start() if arrows else 0
        raise LineSyntaxError(
            f"an intent line has exactly one arrow, this one has {len(arrows)}",
            where,
            "write it as namespace/workload -> namespace/workload:port",
        )
    left, right = text[: arrows[0].start()], text[arrows[0].end() :]
    start = arrows[0].end()
    via: Via | None = None
    if found := _VIA.search(right):
        via = _via(found["way"], start + found.start("way"))
        right = right[: found.start()]
    sources = _side(left, 0, source=True)
    destinations = _side(right, start, source=False)
    _same_manner_of_ports(destinations)
    return ParsedLine(sources=sources, destinations=destinations, via=via)


def render_line(line: ParsedLine) -> str:
    """Write a line in its plainest form; ``parse_line`` reads it back as the same ends."""
    sides = " -> ".join(
        ", ".join(render_end(end) for end in side) for side in (line.sources, line.destinations)
    )
    return sides + (f" via {line.via.value}" if line.via else "")


def render_end(end: End) -> str:
    """Write one item as an author would."""
    pattern = end.pattern
    if pattern.special:
        text = pattern.special + (f":{pattern.name}" if pattern.name else "")
    else:
        text = f"{pattern.namespace}/{pattern.workload}"
        text += "" if pattern.index is None else f"[{pattern.index}]"
    text += "" if end.port is None else f":{end.port}"
    return text + ("" if end.protocol is None else f"/{end.protocol.value.lower()}")


def _side(text: str, start: int, *, source: bool) -> tuple[End, ...]:
    ends: list[End] = []
    for offset, item in _items(text):
        bare = item.strip()
        at = start + offset + len(item) - len(item.lstrip())
        if not bare:
            which = "source" if source else "destination"
            raise LineSyntaxError(f"a {which} is missing here", at)
        read = _item(bare, at)
        if source:
            _only_pods(read)
        ends.extend(read)
    return tuple(ends)


def _items(text: str) -> list[tuple[int, str]]:
    """Split at commas outside braces; each item with its offset."""
    items: list[tuple[int, str]] = []
    depth = begin = 0
    for at, letter in enumerate(text):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        if letter == "," and depth <= 0:
            items.append((begin, text[begin:at]))
            begin = at + 1
    items.append((begin, text[begin:]))
    return items


def _item(text: str, at: int) -> list[End]:
    if found := _DNS.match(text):
        patterns = [EndPattern(special="dns")]
    elif found := _EXTERNAL.match(text):
        patterns = [EndPattern(special="external", name=found["name"])]
    elif found := _NODE.match(text):
        patterns = [EndPattern(special="node", name=_node(found["name"], at + found.start("name")))]
    elif found := _ANY_POD.match(text):
        patterns = [EndPattern()]
    elif found := _POD.match(text):
        patterns = _pods(found, at)
    else:
        raise _unreadable(text, at)
    port, protocol = _suffix(text[found.end() :], at + found.end())
    if patterns[0].special == "dns" and port is not None:
        raise LineSyntaxError(
            "dns takes no port: it is the cluster's DNS, wherever it listens", at + found.end()
        )
    if patterns[0].special == "node" and port is None:
        raise LineSyntaxError("a node needs a port", at, f"for instance node:{patterns[0].name}:10250")
    return [End(pattern=pattern, port=port, protocol=protocol, offset=at) for pattern in patterns]


def _pods(found: re.Match[str], at: int) -> list[EndPattern]:
    index = None if found["index"] is None else int(found["index"])
    if index is not None and not re.fullmatch(_NAME, found["workload"]):
        raise LineSyntaxError("an index needs a single workload before it", at + found.start("index") - 1)
    return [
        EndPattern(namespace=namespace, workload=workload, index=index)
        for namespace in _names(found["namespace"], at + found.start("namespace"))
        for workload in _names(found["workload"], at + found.start("workload"))
    ]


def _names(part: str, at: int) -> list[str]:
    """The names of a part: itself, or the list in its braces."""
    if not part.startswith("{"):
        return [part]
    names = [name.strip() for name in part[1:-1].split(",")]
    for name in names:
        if not re.fullmatch(_NAME, name):
            raise LineSyntaxError(f"{name!r} in braces is not a name", at)
    return names


def _suffix(text: str, at: int) -> tuple[int | None, Protocol | None]:
    found = _SUFFIX.match(text)
    if found is None:
        raise LineSyntaxError(f"cannot read {text!r}", at, "a destination ends in :port/protocol")
    return _port(found["port"], at + 1), _protocol(found["protocol"], at + max(found.start("protocol"), 0))


def _port(text: str | None, at: int) -> int | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise LineSyntaxError(f"{text!r} is not a port", at, "a port is a number from 1 to 65535")
    return int(text)


def _protocol(text: str | None, at: int) -> Protocol | None:
    if text is None:
        return None
    words = [protocol.value.lower() for protocol in Protocol]
    if text.lower() not in words:
        raise LineSyntaxError(f"{text!r} is not a protocol", at, _meant(text, words))
    return Protocol(text.upper())


def _via(text: str, at: int) -> Via:
    words = [via.value for via in Via]
    if text not in words:
        raise LineSyntaxError(f"{text!r} is not a way to address a pod", at, _meant(text, words))
    return Via(text)


def _node(text: str, at: int) -> str:
    if text not in _NODES:
        raise LineSyntaxError(f"there is no node:{text}", at, _meant(text, _NODES))
    return text


def _meant(word: str, words: list[str] | tuple[str, ...]) -> str:
    close = get_close_matches(word.lower(), words, n=1)
    return f"did you mean {close[0]}?" if close else "one of " + ", ".join(words)


def _unreadable(text: str, at: int) -> LineSyntaxError:
    if re.fullmatch(_NAME, text):
        return LineSyntaxError(
            f"{text!r} names no workload", at, f"write {text}/* for every workload of that namespace"
        )
    hint = "write namespace/workload, with * for any"
    if re.search(r"[a-z0-9.-]\*|\*[a-z0-9.-]", text):
        hint = "* stands for a whole name, never for a part of one"
    return LineSyntaxError(f"cannot read {text!r}", at, hint)


def _only_pods(ends: list[End]) -> None:
    for end in ends:
        if end.pattern.special:
            raise LineSyntaxError(f"{end.pattern.special} can only be a destination", end.offset)
        if end.port is not None or end.protocol is not None:
            raise LineSyntaxError("a source has no port", end.offset, "the port belongs to the destination")


def _same_manner_of_ports(ends: tuple[End, ...]) -> None:
    """Refuse ``a/x, a/y:80``: a reader cannot tell whether x means every port or 80."""
    pods = [end for end in ends if not end.pattern.special]
    without = next((end for end in pods if end.port is None), None)
    if without is not None and any(end.port is not None for end in pods):
        raise LineSyntaxError(
            "some destinations of this list have a port and this one has none",
            without.offset,
            "give each its port, or share one as namespace/{one,other}:port",
        )
