"""Which CNI a cluster has, as far as its objects tell."""

from __future__ import annotations

from collections.abc import Sequence

from netprobe.cluster.identity.cautions import warn
from netprobe.cluster.identity.known.platforms import PLATFORMS
from netprobe.cluster.identity.known.registry import FINGERPRINTS
from netprobe.cluster.identity.matching import (
    conclude,
    find_last_resort,
    find_leftovers,
    find_matches,
    find_platforms,
)
from netprobe.cluster.port import Signs
from netprobe.model.identification import Enforces, FoundCni, Identification

_ORDER = (Enforces.YES, Enforces.BY_SETTING, Enforces.UNKNOWN, Enforces.NO)


def identify(signs: Signs) -> Identification:
    """Conclude from what was seen. Nothing is contacted, and nothing is proven."""
    platforms = find_platforms(PLATFORMS, signs)
    names = [each.name for each in platforms]
    matches = find_matches(FINGERPRINTS, signs, names)
    leftovers = find_leftovers(matches) if signs.daemon_sets is not None else ()
    taken = [conclude(each, signs) for each in matches if each.proven or signs.daemon_sets is None]
    if not any(each.found.is_cni for each in taken) and signs.daemon_sets is not None:
        last = find_last_resort(FINGERPRINTS, signs, names)
        taken += [conclude(last, signs)] if last else []
    found = tuple(each.found for each in taken)
    enforces, because = _overall(found)
    alarms = [each.alarm for each in taken if each.alarm and enforces is not Enforces.YES]
    return Identification(
        version=signs.version,
        nodes=len(signs.nodes or ()),
        platforms=platforms,
        found=found,
        enforces=enforces,
        because=because,
        warnings=(*alarms, *warn(signs, platforms, found, leftovers)),
        unseen=signs.unseen,
    )


def _overall(found: Sequence[FoundCni]) -> tuple[Enforces, str]:
    """The best that one of them promises, and why."""
    if not found:
        return Enforces.UNKNOWN, "no CNI that netprobe knows was seen"
    enforces = next(each for each in _ORDER if any(cni.enforces is each for cni in found))
    reasons = [f"{cni.title}: {cni.because}" for cni in found if cni.enforces is enforces]
    return enforces, "; ".join(reasons)
