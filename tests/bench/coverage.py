"""docs/fault-coverage.md from its data: ``python tests/bench/coverage.py > docs/fault-coverage.md``."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "audit" / "coverage.toml"
KINDS = ("probe", "scenario", "told", "chance", "why")
ALSO = "also"
"""What takes the place of a feature where the flows to a pod of the user's are meant."""

HEAD = """# Which known faults an audit reveals

Networks have been wrong in many ways. This page lists faults that were found in real ones, each with the probe of `netprobe check` that would reveal it. CNIs and
versions are named as their own issue trackers and documentation name them; most of these faults were mended long ago, or hold for one kernel or one setting.

*Reveals* means: if a cluster has this fault while it is audited, the named probe comes out otherwise than the policies say, in an audit with its default
probes or with the option that the row names. Where a restart or a crash brings the fault about, that has happened before and has not healed. A probe is written as `feature: edge`, with
the features that `--require` takes and the edges that `--plan` prints, or it is the canaries of a node. Where a profile of the [lab](lab.md#broken-on-purpose) imitates the fault, the
audit was seen to fire there. The last column holds the explanations that the audit has for it (most are [named defects](defects.md)); they predict a deviation
at each edge that the row names. A profile may imitate a fault that an audit of a real cluster would not meet; what is missing then stands in the row.

Of {all} faults, {probe} would make an audit deviate. Of the others, {told} are measured and told of without being called deviations, {chance} would be met by luck only, and {why} have no probe: they need a restart of the agent, a service of a cloud,
other kinds of nodes or pods; or nothing on the board touches them; or Kubernetes leaves open what is right.
"""  # noqa: E501 - the page's own lines
TABLE = """
## {title}

| id | seen in | the fault | revealed by | in the lab | explanation |
|---|---|---|---|---|---|
"""

Row = Mapping[str, Any]


def sections() -> Sequence[Mapping[str, Any]]:
    """The data: sections with ``title`` and ``rows``."""
    found: Sequence[Mapping[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["section"]
    return found


def kind_of(row: Row) -> str:
    """How the fault would be met, one of KINDS."""
    (kind,) = [kind for kind in KINDS if kind in row]
    return kind


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    counted = Counter(kind_of(row) for section in sections() for row in section["rows"])
    yield HEAD.format(all=counted.total(), **{kind: counted[kind] for kind in KINDS}).rstrip()
    for section in sections():
        yield TABLE.format(title=section["title"]).rstrip()
        yield from map(_line, section["rows"])


def _line(row: Row) -> str:
    lab, named = (", ".join(f"`{name}`" for name in row.get(key, ())) for key in ("lab", "named"))
    return f"| `{row['id']}` | {row['who']} | {row['fault']} | {_revealed_by(row)} | {lab} | {named} |"


def _revealed_by(row: Row) -> str:
    match kind_of(row):
        case "probe":
            return "; ".join(map(_edge, row["probe"])) + (f" ({row['note']})" if "note" in row else "")
        case "scenario":
            return f"*`netprobe run {row['scenario']}` only*"
        case "told":
            return f"*no deviation:* {row['told']}"
        case "chance":
            return f"*by luck only:* {row['chance']}"
        case _:
            return f"*nothing:* {row['why']}"


def _edge(probe: str) -> str:
    feature, _, text = probe.partition(": ")
    if feature == ALSO:
        return f"`--also`: {text}"
    return probe if feature == "canaries" else f"{feature}: `{text}`"


if __name__ == "__main__":
    print(page(), end="")
