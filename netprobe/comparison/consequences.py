"""What it means for a user when a feature is not enforced: by feature, what leaks, and what is cut off."""

from __future__ import annotations

from collections.abc import Mapping

LEAKS: Mapping[str, str] = {
    "ingress-deny": "pods that a policy shuts for ingress can be reached by everybody",
    "egress-deny": "pods that a policy shuts for egress reach everything",
    "egress-rules": "pods reach more than their egress rules admit",
    "pod-selector": "pods that no rule names get through",
    "namespace-selector": "pods of namespaces that no rule names get through",
    "and": "pods get through that fit only one of the two selectors of a peer",
    "or": "pods get through that fit none of the peers of a rule",
    "expressions": "pods get through that a selector's expressions leave out",
    "ports": "every port of a pod can be reached, where the rules admit some",
    "named-ports": "other ports can be reached than the one whose name a rule gives",
    "end-port": "ports beyond the range of a rule can be reached",
    "protocols": "a rule for one protocol admits another",
    "ip-block": "addresses outside of a rule's block get through",
    "outside": "pods reach hosts outside of the cluster that their policies deny",
    "except": "addresses that a block excepts get through",
    "union": "a pod with several policies admits more than all of them together",
    "dns": "pods that a policy shuts for egress still send to the DNS, and what they send may be data",
    "service": "what a policy denies is reached by the address of a Service",
    "policy-update": "a policy that was narrowed goes on admitting what it admitted before",
    "policy-add": "a policy that is added later holds nothing back",
    "policy-delete": "deleting one policy opens what another one still denies",
    "pod-labels": "a pod that lost a label keeps what the label admitted",
    "namespace-labels": "a namespace that lost a label keeps what the label admitted",
    "new-pods": "pods that start after a policy are not held by it",
    "old-pods": "pods that ran before a policy are not held by it",
    "startup-window": "a new pod is open for its first moments, before its policies hold",
}
"""By the feature's name, where it lets pass what policies deny."""

BLOCKS: Mapping[str, str] = {
    "direction": "a policy about one direction cuts off the other one, too",
    "pod-selector": "pods that a rule names are cut off",
    "namespace-selector": "pods of namespaces that a rule names are cut off",
    "ports": "ports that a rule admits cannot be reached",
    "named-ports": "the port whose name a rule gives cannot be reached",
    "end-port": "ports within the range of a rule cannot be reached",
    "ip-block": "addresses within a rule's block are cut off",
    "outside": "pods cannot reach hosts outside of the cluster that their policies admit",
    "union": "of several policies for a pod not all are heeded, so that some of what they admit is cut off",
    "dns": "pods whose policies admit DNS cannot resolve names",
    "service": "Services whose pods a policy admits cannot be reached",
    "policy-update": "a policy that was widened does not admit what it should by now",
    "policy-delete": "what a deleted policy held back stays cut off",
    "pod-labels": "a pod that got a label does not get what the label admits",
    "namespace-labels": "a namespace that got a label does not get what the label admits",
    "new-pods": "pods that start after a policy do not get what it admits",
    "all-deleted": "flows stay cut off after the last policy is gone",
}
"""By the feature's name, where it stops what policies admit."""


def leak_of(feature: str, title: str) -> str:
    """What a leak in the feature means."""
    return LEAKS.get(feature, f"what policies deny gets through ({title})")


def block_of(feature: str, title: str) -> str:
    """What a block in the feature means."""
    return BLOCKS.get(feature, f"what policies admit is cut off ({title})")
