from __future__ import annotations

import pytest

from netprobe.audit.recognition import recognise
from netprobe.model.audit import Enforcement
from netprobe.model.identification import Enforces, FoundCni, Identification, Limit, Role

LIMITS = (Limit(text="policies have no effect", ids=("flannel-noop",)), Limit(text="other", ids=("x",)))


def seen(*found: FoundCni, enforces: Enforces = Enforces.UNKNOWN) -> Identification:
    return Identification(
        version="v1", nodes=2, platforms=(), found=found, enforces=enforces, because="of what it is"
    )


def cni(title: str, enforces: Enforces, role: Role = Role.BOTH, version: str = "v1.2") -> FoundCni:
    return FoundCni(
        name=title.lower(),
        title=title,
        version=version,
        role=role,
        enforces=enforces,
        because="",
        evidence=(),
        limits=LIMITS,
    )


FLANNEL = cni("Flannel", Enforces.NO, Role.CNI)
CALICO = cni("Calico", Enforces.YES)
ENFORCER = cni("kube-network-policies", Enforces.YES, Role.ENFORCER, "")


SHOULD = "seems to be Calico v1.2, which should enforce NetworkPolicies: the packets"
TWO = "seems to be Flannel v1.2 and kube-network-policies, which together should enforce NetworkPolicies"
MAY = "seems to be Calico v1.2, which may enforce NetworkPolicies, by a setting that could not be read"
ENFORCED, PARTLY, NOT, NOTHING = (
    Enforcement.ENFORCED,
    Enforcement.PARTIALLY_ENFORCED,
    Enforcement.NOT_ENFORCED,
    Enforcement.INCONCLUSIVE,
)


@pytest.mark.parametrize(
    ("found", "enforces", "verdict", "agrees", "sentence"),
    [
        (
            (FLANNEL,), Enforces.NO, NOT, True,
            "seems to be Flannel v1.2, which does not enforce NetworkPolicies: the packets agree",
        ),
        ((CALICO,), Enforces.YES, ENFORCED, True, f"{SHOULD} agree"),
        (
            (CALICO,), Enforces.YES, PARTLY, False,
            f"{SHOULD} disagree, NetworkPolicies are enforced in part",
        ),
        ((CALICO,), Enforces.YES, NOTHING, None, f"{SHOULD} say nothing"),
        ((FLANNEL, ENFORCER), Enforces.YES, ENFORCED, True, f"{TWO}: the packets agree"),
        (
            (CALICO,), Enforces.BY_SETTING, ENFORCED, None,
            f"{MAY}: the packets say that NetworkPolicies are enforced",
        ),
        (
            (), Enforces.UNKNOWN, NOT, None,
            "shows no CNI that netprobe knows: the packets say that NetworkPolicies are not enforced",
        ),
    ],
)  # fmt: skip
def test_the_hint_is_held_against_the_proof(audit, found, enforces, verdict, agrees, sentence):
    recognition = recognise(seen(*found, enforces=enforces), audit(verdict))
    assert (recognition.sentence, recognition.agrees) == (sentence, agrees)


def test_documented_limits_count_that_a_suspect_cites(audit):
    found = recognise(seen(FLANNEL), audit(suspect="nothing-enforced"))
    assert found.limits == LIMITS[:1]
    assert recognise(seen(FLANNEL), audit(suspect="ports-ignored")).limits == ()
