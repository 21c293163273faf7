"""What can stand after ``lab:``: profiles (how the network treats policies) and identities (how it looks).

``lab[:PROFILE[@IDENTITY]]``, or the name of an identity alone for a cluster as that CNI makes it.
"""

from __future__ import annotations

import difflib

from netprobe.errors import InputError
from netprobe.lab.cluster.identities.table import IDENTITIES, Identity
from netprobe.lab.datapath.profiles import ENFORCING, PROFILES

__all__ = ["DEFAULT", "IDENTITIES", "Identity", "describe", "parse_profile"]

DEFAULT = ENFORCING.name


def parse_profile(text: str) -> tuple[str, str]:
    """Read ``PROFILE``, ``PROFILE@IDENTITY``, ``@IDENTITY`` or ``IDENTITY`` into (profile, identity).

    A leading ``lab:`` is allowed; "" and ``lab`` mean the default profile without an identity. Raises
    InputError, with what was perhaps meant and with the list of names.
    """
    wanted = "" if text == "lab" else text.removeprefix("lab:")
    profile, at, identity = wanted.partition("@")
    if not at and profile in IDENTITIES:
        return IDENTITIES[profile].profile, profile
    if at and identity not in IDENTITIES:
        raise _unknown("identity", identity, tuple(IDENTITIES))
    if not profile:
        return (IDENTITIES[identity].profile if at else DEFAULT), identity
    if profile not in PROFILES:
        raise _unknown("profile", profile, (*PROFILES, *IDENTITIES))
    return profile, identity


def describe(profile: str, identity: str = "") -> str:
    """How reports name such a lab: ``lab (enforcing)``, or ``lab, emulating Flannel``.

    A profile that is not its identity's own is named beside it.
    """
    if not identity:
        return f"lab ({profile})"
    look = IDENTITIES[identity]
    return f"lab, emulating {look.title}" + ("" if look.profile == profile else f" ({profile})")


def _unknown(what: str, name: str, known: tuple[str, ...]) -> InputError:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    meant = f"did you mean {close[0]!r}? " if close else ""
    return InputError(
        f"the lab has no {what} {name!r}",
        remedy=f"{meant}{'Known' if meant else 'known'}: {', '.join(known)}",
    )
