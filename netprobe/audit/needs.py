"""What a cluster cannot have of the board, as far as its version tells."""

from __future__ import annotations

import re
from collections.abc import Mapping

from netprobe.audit.board.pods import Needs

_STRICT_FROM = (1, 36)
"""KEP-4858: from this version on, API servers refuse blocks with bits beyond their prefix."""


def lacking_in(version: str) -> Mapping[Needs, str]:
    """What is left out on a cluster of this version ("" when not known), each with the reason."""
    found = re.match(r"v?(\d+)\.(\d+)", version)
    if found is None:
        return {Needs.ROUGH_BLOCKS: "the version of this API server is not known, newer ones refuse them"}
    if (int(found[1]), int(found[2])) >= _STRICT_FROM:
        return {Needs.ROUGH_BLOCKS: "this API server refuses them, as all do from 1.36 on"}
    return {}
