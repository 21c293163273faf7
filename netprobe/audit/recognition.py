"""Which CNI a cluster seems to have, held against what the packets proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from netprobe.model.audit import Audit, Enforcement, Recognition
from netprobe.model.identification import Enforces, FoundCni, Identification, Limit

_EXPECTED = {
    Enforces.YES: "should enforce NetworkPolicies",
    Enforces.NO: "does not enforce NetworkPolicies",
    Enforces.BY_SETTING: "may enforce NetworkPolicies, by a setting that could not be read",
    Enforces.UNKNOWN: "may or may not enforce NetworkPolicies",
}
_AGREEING = {
    (Enforces.YES, Enforcement.ENFORCED): "the packets agree",
    (Enforces.NO, Enforcement.NOT_ENFORCED): "the packets agree",
}
_PROVEN = {
    Enforcement.ENFORCED: "NetworkPolicies are enforced",
    Enforcement.PARTIALLY_ENFORCED: "NetworkPolicies are enforced in part",
    Enforcement.NOT_ENFORCED: "NetworkPolicies are not enforced",
}


def recognise(seen: Identification, audit: Audit) -> Recognition:
    """Say in a sentence which CNI this seems to be, what to expect of it, and what the packets say."""
    agrees = None
    if audit.verdict in _PROVEN and seen.enforces in (Enforces.YES, Enforces.NO):
        agrees = (seen.enforces, audit.verdict) in _AGREEING
    return Recognition(
        identification=seen,
        sentence=f"{_name(seen)}: {_proof(seen, audit)}",
        agrees=agrees,
        limits=tuple(_fitting(seen, audit)),
    )


def _name(seen: Identification) -> str:
    if not seen.found:
        return "shows no CNI that netprobe knows"
    telling = _telling(seen)
    words = _EXPECTED[seen.enforces]
    expected = f"which {words}" if len(telling) == 1 else f"which together {words}"
    return f"seems to be {' and '.join(_title(each) for each in telling)}, {expected}"


def _telling(seen: Identification) -> Sequence[FoundCni]:
    """Those on which the expectation rests, after the ones that wire the pods."""
    rest = [each for each in seen.found if not each.is_cni and each.enforces is seen.enforces]
    return [*(each for each in seen.found if each.is_cni), *rest] or seen.found


def _title(each: FoundCni) -> str:
    return f"{each.title} {each.version}".strip()


def _proof(seen: Identification, audit: Audit) -> str:
    agreement = _AGREEING.get((seen.enforces, audit.verdict))
    if agreement is not None:
        return agreement
    if audit.verdict not in _PROVEN:
        return "the packets say nothing"
    proven = _PROVEN[audit.verdict]
    if seen.enforces in (Enforces.YES, Enforces.NO):
        return f"the packets disagree, {proven}"
    return f"the packets say that {proven}"


def _fitting(seen: Identification, audit: Audit) -> Iterator[Limit]:
    cited = {each for suspect in audit.suspects for each in suspect.cites}
    for limit in dict.fromkeys(limit for each in seen.found for limit in each.limits):
        if cited.intersection(limit.ids):
            yield limit
