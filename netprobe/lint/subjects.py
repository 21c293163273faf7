"""The pods that policies are about: real ones, or imagined ones where none are known."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.lint.scene import Scene
from netprobe.model.policy import LabelSelector, NetworkPolicy, Operator
from netprobe.model.topology import Pod


def subjects(scene: Scene) -> Iterator[Pod]:
    """Yield the pods that are known, and one for each policy of a namespace of which no pod is known.

    Those with hostNetwork are left out: what policies mean for them is not defined.
    """
    yield from (pod for pod in scene.pods if not pod.host_network)
    for policy in scene.policies:
        if not scene.at_home(policy.namespace):
            yield imagined(policy)


def imagined(policy: NetworkPolicy) -> Pod:
    """Return a pod that the policy selects, with the labels that its podSelector asks for and no others."""
    return Pod(
        namespace=policy.namespace,
        name=f"the pods of {policy.name}",
        labels=_labels(policy.pod_selector),
    )


def _labels(selector: LabelSelector) -> dict[str, str]:
    labels = dict(selector.match_labels)
    for each in selector.match_expressions:
        if each.operator is Operator.IN:
            labels.setdefault(each.key, each.values[0])
        elif each.operator is Operator.EXISTS:
            labels.setdefault(each.key, "")
    return labels
