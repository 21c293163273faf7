"""The table of fingerprints as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from netprobe.cluster.identity.fingerprint import Fingerprint, PlatformPrint
from netprobe.cluster.identity.settings import Setting
from netprobe.model.identification import Enforces
from netprobe.report.identification.wording import ROLES

_ANSWERS = {
    Enforces.YES: "yes",
    Enforces.NO: "no",
    Enforces.BY_SETTING: "by setting",
    Enforces.UNKNOWN: "unknown",
}


def render_knowledge(platforms: Sequence[PlatformPrint], fingerprints: Sequence[Fingerprint]) -> str:
    """Return two tables: CNIs with what is concluded from what, and platforms."""
    return "\n".join((*_cnis(fingerprints), "", *_platforms(platforms))) + "\n"


def _cnis(fingerprints: Sequence[Fingerprint]) -> Iterator[str]:
    yield "| found | by any of | also seen with it | role | enforces | unless | known limits |"
    yield "|---|---|---|---|---|---|---|"
    for each in fingerprints:
        cells = (
            f"**{each.title}**<br>`{each.name}`",
            _list([*map(str, each.proofs), *_conditions(each)]),
            _list(map(str, each.hints)),
            ROLES[each.role],
            f"{_ANSWERS[each.enforces]}: {each.because}",
            _list(map(_setting, each.settings)),
            _list(f"{limit}{_ids(limit.ids)}" for limit in each.limits),
        )
        yield f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"


def _platforms(platforms: Sequence[PlatformPrint]) -> Iterator[str]:
    yield "| platform | by any of |"
    yield "|---|---|"
    for each in platforms:
        yield f"| **{each.title}** `{each.name}` | {_list(map(str, each.marks))} |"


def _conditions(each: Fingerprint) -> Iterator[str]:
    if each.platforms:
        yield f"*on {' or '.join(each.platforms)}*"
    if each.last_resort:
        yield "*when no other CNI is found*"


def _setting(setting: Setting) -> str:
    value = f"before {setting.before}" if setting.before else _value(setting.value)
    ends = [_ANSWERS[setting.enforces]] if setting.enforces else []
    ends += [ROLES[setting.role]] if setting.role else []
    arrow = f" → {', '.join(ends)}" if ends else ""
    return f"{setting.reads}, {value}{arrow}: {setting.because}"


def _value(pattern: str) -> str:
    """A regular expression of a setting's value as a person reads it."""
    words = {"": "absent", ".*": "anything else", "(?!none).+": "other than none"}
    plain = pattern.removeprefix("(?i)").replace("|", " or ")
    return words.get(pattern, f"set to {plain}")


def _ids(ids: Sequence[str]) -> str:
    return f" ({', '.join(ids)})" if ids else ""


def _list(texts: Iterable[str]) -> str:
    return "<br>".join(texts)
