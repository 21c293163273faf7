"""What a network got to know, step by step, and what networks with faulty memories make of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from netprobe.model.policy import Direction, NetworkPolicy
from netprobe.model.topology import Namespace, Pod, Topology


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """What the cluster held at one moment."""

    topology: Topology
    policies: tuple[NetworkPolicy, ...] = ()


History = Sequence[State]
"""The states of a cluster up to a moment, the first one before any policy; never empty."""

Remembers = Callable[[History], State]
"""What a network believes to be the present state."""

Spares = Callable[[Pod, History], bool]
"""Whether a network enforces nothing on a pod's own behalf."""


def latest(history: History) -> State:
    """The present state, as it is."""
    return history[-1]


def no_pod(pod: Pod, history: History) -> bool:
    """Spare no pod."""
    del pod, history
    return False


def _key(policy: NetworkPolicy) -> tuple[str, str]:
    return policy.namespace, policy.name


def _deleted(history: History) -> list[NetworkPolicy]:
    """The last version of every policy that is no longer there."""
    seen = {_key(policy): policy for state in history for policy in state.policies}
    present = {_key(policy) for policy in history[-1].policies}
    return [policy for key, policy in seen.items() if key not in present]


def deleted_stay(history: History) -> State:
    """Policies that were deleted stay in force."""
    now = history[-1]
    return replace(now, policies=(*now.policies, *_deleted(history)))


def deleted_leave_isolation(history: History) -> State:
    """Of a deleted policy the isolation stays, without what it admitted."""
    shells = tuple(replace(policy, ingress=(), egress=()) for policy in _deleted(history))
    return replace(history[-1], policies=(*history[-1].policies, *shells))


def deleted_ingress_shuts_egress(history: History) -> State:
    """Deleting one of several policies about ingress shuts egress of the pods that it selected."""
    shut = frozenset((Direction.EGRESS,))
    now = history[-1]
    kept = [policy.pod_selector for policy in now.policies if Direction.INGRESS in policy.policy_types]
    shells = tuple(
        replace(policy, policy_types=shut, egress=())
        for policy in _deleted(history)
        if policy.policy_types == {Direction.INGRESS} and policy.pod_selector in kept
    )
    return replace(now, policies=(*now.policies, *shells))


def first_versions(history: History) -> State:
    """A policy stays as it was when it was first seen."""
    first: dict[tuple[str, str], NetworkPolicy] = {}
    for state in history:
        for policy in state.policies:
            first.setdefault(_key(policy), policy)
    now = history[-1]
    return replace(now, policies=tuple(first[_key(policy)] for policy in now.policies))


def first_labels_of_pods(history: History) -> State:
    """Pods keep the labels with which they were first seen."""
    first: dict[str, Pod] = {}
    for state in history:
        for pod in state.topology.pods:
            first.setdefault(pod.uid, pod)
    now = history[-1]
    pods = tuple(replace(pod, labels=first[pod.uid].labels) for pod in now.topology.pods)
    return replace(now, topology=replace(now.topology, pods=pods))


def first_labels_of_namespaces(history: History) -> State:
    """Namespaces keep the labels with which they were first seen."""
    first: dict[str, Namespace] = {}
    for state in history:
        for namespace in state.topology.namespaces:
            first.setdefault(namespace.name, namespace)
    now = history[-1]
    namespaces = tuple(first[namespace.name] for namespace in now.topology.namespaces)
    return replace(now, topology=replace(now.topology, namespaces=namespaces))


def new_pods_unknown(history: History) -> State:
    """Pods that came after the first state are nobody: no selector means them."""
    now, old = history[-1], {pod.uid for pod in history[0].topology.pods}
    pods = tuple(pod if pod.uid in old else replace(pod, labels={}) for pod in now.topology.pods)
    return replace(now, topology=replace(now.topology, pods=pods))


def one_policy_for_a_selector(history: History) -> State:
    """Of policies with the same podSelector only the last one, by name, counts."""
    now = history[-1]
    last: dict[tuple[str, str], NetworkPolicy] = {}
    for policy in sorted(now.policies, key=lambda each: each.name):
        last[policy.namespace, repr(policy.pod_selector)] = policy
    return replace(now, policies=tuple(last.values()))


def is_new(pod: Pod, history: History) -> bool:
    """Whether the pod came after the first state."""
    return pod.uid not in {old.uid for old in history[0].topology.pods}


def is_old(pod: Pod, history: History) -> bool:
    """Whether the pod was there before the first policy."""
    return not is_new(pod, history)
