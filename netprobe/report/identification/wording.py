"""Words for what was identified."""

from __future__ import annotations

from netprobe.model.identification import Enforces, Role

HINT = "This is a hint, drawn from objects of the API. Only packets prove it: netprobe check."

ROLES = {
    Role.CNI: "CNI",
    Role.ENFORCER: "policy enforcer",
    Role.BOTH: "CNI and policy enforcer",
}

EXPECTED = {
    Enforces.YES: "yes",
    Enforces.NO: "NO",
    Enforces.BY_SETTING: "depends on a setting",
    Enforces.UNKNOWN: "unknown",
}
"""Answers to: should NetworkPolicies be enforced?"""
