"""How rules and addresses are called in an explanation."""

from __future__ import annotations

from netprobe.model.decision import NETWORK_POLICY, RuleRef
from netprobe.model.policy import Direction


def rule_title(ref: RuleRef, direction: Direction) -> str:
    """``shop/db-policy ingress rule 1``; kinds other than NetworkPolicy are said."""
    kind = "" if ref.kind == NETWORK_POLICY else f"{ref.kind} "
    name = f"{ref.namespace}/{ref.policy}" if ref.namespace else ref.policy
    return f"{kind}{name} {direction.lower()} rule {ref.rule + 1}"


def bracketed(end: str) -> str:
    """An IPv6 address in brackets, so that a port can follow; anything else as it is."""
    return f"[{end}]" if ":" in end else end
