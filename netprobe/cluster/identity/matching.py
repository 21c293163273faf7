"""From marks to findings: which fingerprints match, and what their settings say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from netprobe.cluster.identity.fingerprint import Fingerprint, PlatformPrint
from netprobe.cluster.identity.objects import part, title
from netprobe.cluster.identity.versions import is_before
from netprobe.cluster.identity.workloads import Workload
from netprobe.cluster.port import Body, Signs
from netprobe.model.identification import Agent, Enforces, Evidence, FoundCni, Limit, Platform, Role


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """A fingerprint that matches, with what was seen; ``proven`` when not by hints alone."""

    fingerprint: Fingerprint
    evidence: tuple[Evidence, ...]
    proven: bool

    @property
    def name(self) -> str:
        """The name of the fingerprint."""
        return self.fingerprint.name


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusion:
    """A finding, and the setting that is worth a warning when nothing else enforces ("" for none)."""

    found: FoundCni
    alarm: str


def find_platforms(prints: Iterable[PlatformPrint], signs: Signs) -> tuple[Platform, ...]:
    """The platforms that a mark shows, without those that another one of them is built on."""
    found = [(each, tuple(e for mark in each.marks for e in mark.find(signs))) for each in prints]
    shown = [(each, evidence) for each, evidence in found if evidence]
    below = {each.above for each, _ in shown}
    return tuple(
        Platform(name=each.name, title=each.title, evidence=evidence)
        for each, evidence in shown
        if each.name not in below
    )


def find_matches(prints: Sequence[Fingerprint], signs: Signs, platforms: Iterable[str]) -> tuple[Match, ...]:
    """The fingerprints that match directly (last resorts aside), without those that others absorb."""
    on = set(platforms)
    fitting = [
        each for each in prints if not each.last_resort and (not each.platforms or on & set(each.platforms))
    ]
    matches = [match for each in fitting if (match := _match(each, signs))]
    absorbed = {name for match in matches if match.proven for name in match.fingerprint.absorbs}
    return tuple(match for match in matches if match.name not in absorbed)


def find_last_resort(prints: Iterable[Fingerprint], signs: Signs, platforms: Iterable[str]) -> Match | None:
    """The first last resort that fits: on its platform, or by its proofs."""
    on = set(platforms)
    for each in prints:
        if each.last_resort and (not each.platforms or on & set(each.platforms)):
            evidence = tuple(e for mark in each.proofs for e in mark.find(signs))
            if evidence or not each.proofs:
                return Match(fingerprint=each, evidence=evidence, proven=True)
    return None


def find_leftovers(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The matches by hints alone, without the hints that belong to one that is proven."""
    explained = {evidence for match in matches if match.proven for evidence in match.evidence}
    left = [
        replace(match, evidence=tuple(each for each in match.evidence if each not in explained))
        for match in matches
        if not match.proven
    ]
    return tuple(match for match in left if match.evidence)


def conclude(match: Match, signs: Signs) -> Conclusion:
    """What a match means, by the settings that could be read."""
    known = match.fingerprint
    workloads = tuple(known.workloads(signs))
    bodies = tuple(body for _, body in workloads)
    holding = [(each, where) for each in known.settings if (where := each.holds(bodies, signs))]
    deciding = next(((each, where) for each, where in holding if each.enforces is not None), None)
    enforces, because = known.enforces, known.because
    if deciding is not None:
        assert deciding[0].enforces is not None
        enforces, because = deciding[0].enforces, deciding[0].because
    elif holding:
        because = holding[0][0].because
    if not match.proven:
        enforces, because = Enforces.UNKNOWN, "only what it leaves behind was seen, not its agents"
    version = _version(known, workloads, signs)
    evidence = dict.fromkeys((*match.evidence, *(where for _, where in holding)))
    found = FoundCni(
        name=known.name,
        title=known.title,
        version=version,
        role=_role(known, [each.role for each, _ in holding], deciding[0].role if deciding else None),
        enforces=enforces,
        because=because,
        evidence=tuple(evidence),
        limits=_limits(known, version, enforces),
        agents=tuple(_agent(body) for body in bodies if body.get("kind") == "DaemonSet"),
    )
    alarm = ""
    if deciding is not None and deciding[0].alarms:
        alarm = f"{known.title} could enforce, and does not: {deciding[1]}"
    return Conclusion(found=found, alarm=alarm)


def _match(known: Fingerprint, signs: Signs) -> Match | None:
    proofs = tuple(e for mark in known.proofs for e in mark.find(signs))
    hints = tuple(e for mark in known.hints for e in mark.find(signs))
    if not proofs and not hints:
        return None
    evidence = tuple(dict.fromkeys((*proofs, *hints)))
    return Match(fingerprint=known, evidence=evidence, proven=bool(proofs))


def _role(known: Fingerprint, roles: Sequence[Role | None], deciding: Role | None) -> Role:
    return deciding or next((role for role in roles if role is not None), known.role)


def _version(known: Fingerprint, workloads: Sequence[tuple[Workload, Body]], signs: Signs) -> str:
    if known.own_version:
        infos = (part(node, "status", "nodeInfo") for node in signs.nodes or ())
        return next(
            (str(info["kubeletVersion"]) for info in infos if info.get("kubeletVersion")), signs.version
        )
    containers = (mark.main_container(body) for mark, body in workloads)
    return next((each.tag for each in containers if each is not None and each.tag), "")


def _limits(known: Fingerprint, version: str, enforces: Enforces) -> tuple[Limit, ...]:
    """The limits of this version (all where it is not known); none of an enforcer that is switched off."""
    if enforces is Enforces.NO and known.enforces is not Enforces.NO:
        return ()
    return tuple(
        each for each in known.limits if not each.before or is_before(version, each.before) is not False
    )


def _agent(body: Body) -> Agent:
    status = part(body, "status")
    wanted, ready = status.get("desiredNumberScheduled", 0), status.get("numberReady", 0)
    return Agent(name=title(body), wanted=int(wanted), ready=int(ready))
