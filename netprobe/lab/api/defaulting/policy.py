"""Defaults of a NetworkPolicy."""

from __future__ import annotations

from typing import Any


def default_policy(policy: dict[str, Any]) -> None:
    """Fill in podSelector, policyTypes and protocols.

    Reference, NetworkPolicySpec.policyTypes: "Ingress" always, and "Egress" when the policy has an
    egress section; an empty list is no section, as it equals an absent one.
    """
    spec = policy["spec"]
    spec.setdefault("podSelector", {})
    if not spec.get("policyTypes"):
        spec["policyTypes"] = ["Ingress", "Egress"] if spec.get("egress") else ["Ingress"]
    for rule in (*spec.get("ingress", ()), *spec.get("egress", ())):
        for port in rule.get("ports", ()):
            port.setdefault("protocol", "TCP")
