"""What a cluster cannot have of the board, or was not to have."""

from __future__ import annotations

import re
from collections.abc import Mapping

from netprobe.audit.board.pods import Needs
from netprobe.model.run import ClusterDescription
from netprobe.model.scenario import Requires

_STRICT_FROM = (1, 36)
"""KEP-4858: from this version on, API servers refuse blocks with bits beyond their prefix."""


def lacking_in(cluster: ClusterDescription, *, sctp: bool, exposure: bool) -> Mapping[Needs, str]:
    """What of the board is left out here, each with the reason.

    ``sctp`` tells that SCTP was asked for, ``exposure`` that nodes may be made to listen.
    """
    reasons = {Needs.ROUGH_BLOCKS: _against_rough_blocks(cluster.version)}
    reasons[Needs.SCTP] = cluster.lacks.get(Requires.SCTP.value, "")
    if not sctp:
        reasons[Needs.SCTP] = (
            "it is probed with --sctp only, since a pod without it in its node's kernel does not start"
        )
    if not exposure:
        reasons[Needs.EXPOSURE] = "they are probed with --allow-exposure only, since the nodes listen there"
    return {needs: reason for needs, reason in reasons.items() if reason}


def _against_rough_blocks(version: str) -> str:
    """Why a server of this version refuses them; empty where it takes them."""
    found = re.match(r"v?(\d+)\.(\d+)", version)
    if found is None:
        return "the version of this API server is not known, and newer ones refuse them"
    strict = (int(found[1]), int(found[2])) >= _STRICT_FROM
    return "this API server refuses them, as all do from 1.36 on" if strict else ""
