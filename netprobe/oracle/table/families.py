"""By which family of addresses the sources reach a destination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from netprobe.oracle.table.population import Population


@dataclass(frozen=True, slots=True)
class Families:
    """For one destination: which sources use which version.

    ``shared[v]``: sources that have an address of version v themselves and use it. ``used[v]``: those
    and the sources that share no version with the destination and so dial its first address.
    ``addressless``: the destination has no address yet. (See ``oracle.contact.dialled``.)
    """

    shared: Mapping[int, int] = field(default_factory=dict)
    used: Mapping[int, int] = field(default_factory=dict)
    strangers: int = 0
    addressless: bool = True


def families_of(population: Population, versions: tuple[int, ...]) -> Families:
    """Return who reaches a destination with addresses of these versions by which of them."""
    rest = population.everybody
    shared: dict[int, int] = {}
    for version in versions:
        shared.setdefault(version, population.by_version.get(version, 0) & rest)
        rest &= ~shared[version]
    used = dict(shared)
    if versions:
        used[versions[0]] |= rest
    return Families(shared=shared, used=used, strangers=rest, addressless=not versions)
