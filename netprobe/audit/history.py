"""What a network got to know, step by step, and what networks with faulty memories make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Operator, Peer
from netprobe.model.topology import Namespace, Pod, Topology
from netprobe.oracle.defects.rewriting import by_peer
from netprobe.oracle.selectors import selects


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
    """Deleting one of several policies about ingress of a namespace shuts egress of its pods."""
    shut = frozenset((Direction.EGRESS,))
    now = history[-1]
    others = {policy.namespace for policy in now.policies}
    shells = tuple(
        replace(policy, policy_types=shut, egress=())
        for policy in _deleted(history)
        if policy.policy_types == {Direction.INGRESS} and policy.namespace in others
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
    """Of policies with the same podSelector only the first one, by name, counts."""
    now = history[-1]
    first: dict[tuple[str, str], NetworkPolicy] = {}
    for policy in sorted(now.policies, key=lambda each: each.name):
        first.setdefault((policy.namespace, repr(policy.pod_selector)), policy)
    return replace(now, policies=tuple(first.values()))


def is_new(pod: Pod, history: History) -> bool:
    """Whether the pod came after the first state."""
    return pod.uid not in {old.uid for old in history[0].topology.pods}


def is_old(pod: Pod, history: History) -> bool:
    """Whether the pod was there before the first policy."""
    return not is_new(pod, history)


def namesakes_stay(history: History) -> State:
    """A deleted policy stays in force while another namespace has one of its name."""
    now = history[-1]
    names = {policy.name for policy in now.policies}
    return replace(now, policies=(*now.policies, *(each for each in _deleted(history) if each.name in names)))


def deleted_leave_allowances(history: History) -> State:
    """What a deleted policy admitted stays admitted by the other policies with the same podSelector."""
    now, gone = history[-1], _deleted(history)

    def grown(policy: NetworkPolicy) -> NetworkPolicy:
        alike = [
            each
            for each in gone
            if each.namespace == policy.namespace and each.pod_selector == policy.pod_selector
        ]
        if not alike:
            return policy
        return replace(
            policy,
            ingress=(*(policy.ingress or ()), *(rule for each in alike for rule in each.ingress or ())),
            egress=(*(policy.egress or ()), *(rule for each in alike for rule in each.egress or ())),
        )

    return replace(now, policies=tuple(map(grown, now.policies)))


def first_targets(history: History) -> State:
    """A policy keeps the podSelector with which it was first seen."""
    first = {_key(policy): policy for state in reversed(history) for policy in state.policies}
    now = history[-1]
    kept = (replace(policy, pod_selector=first[_key(policy)].pod_selector) for policy in now.policies)
    return replace(now, policies=tuple(kept))


def first_policies_inert(history: History) -> State:
    """The policies that came first do nothing until they are deleted and made anew."""
    if len(history) < 2:
        return history[-1]
    inert = {_key(policy) for policy in history[1].policies}
    for state in history[1:]:
        inert &= {_key(policy) for policy in state.policies}
    now = history[-1]
    return replace(now, policies=tuple(policy for policy in now.policies if _key(policy) not in inert))


def stuck_after_a_bad_rule(history: History) -> State:
    """While a rule has a protocol without a port, changes of policies are not taken up."""
    good = [state for state in history if not any(map(_has_bad_rule, state.policies))]
    return replace(history[-1], policies=good[-1].policies if good else ())


def _has_bad_rule(policy: NetworkPolicy) -> bool:
    rules = (*(policy.ingress or ()), *(policy.egress or ()))
    return any(port.port is None for rule in rules for port in rule.ports or ())


def empty_labels_unseen(history: History) -> State:
    """A label with an empty value is not there."""

    def seen(pod: Pod) -> Pod:
        return replace(pod, labels={key: value for key, value in pod.labels.items() if value})

    now = history[-1]
    return replace(now, topology=replace(now.topology, pods=tuple(map(seen, now.topology.pods))))


def one_pod_for_a_port_name(history: History) -> State:
    """A port name is known for the first pod alone that declares it."""
    now = history[-1]
    first: dict[tuple[str, str], tuple[str, str]] = {}
    for pod in sorted(now.topology.pods, key=_title):
        for port in pod.ports:
            first.setdefault((port.name, port.protocol), _title(pod))
    pods = (
        replace(
            pod,
            ports=tuple(
                port if first[port.name, port.protocol] == _title(pod) else replace(port, name="")
                for port in pod.ports
            ),
        )
        for pod in now.topology.pods
    )
    return replace(now, topology=replace(now.topology, pods=tuple(pods)))


def _title(pod: Pod) -> tuple[str, str]:
    return pod.namespace, pod.name


def replaced_pods_keep_labels(history: History) -> State:
    """A pod that comes in the place of another one is taken for it: it has the labels of that one."""
    labels: dict[tuple[str, str], Mapping[str, str]] = {}
    gone: dict[tuple[str, str], str] = {}
    for state in history:
        for pod in state.topology.pods:
            key = (pod.namespace, pod.workload)
            if gone.setdefault(key, pod.uid) == pod.uid:
                labels[key] = pod.labels
    now = history[-1]
    pods = tuple(
        replace(pod, labels=labels[pod.namespace, pod.workload])
        if pod.workload and gone[pod.namespace, pod.workload] != pod.uid
        else pod
        for pod in now.topology.pods
    )
    return replace(now, topology=replace(now.topology, pods=pods))


def returning_pods_unknown(history: History) -> State:
    """A pod that comes back under its own name is known by its old address alone: nobody has that now."""
    first: dict[tuple[str, str], str] = {}
    for state in history:
        for pod in state.topology.pods:
            first.setdefault(_title(pod), pod.uid)
    now = history[-1]
    pods = tuple(
        pod if first[_title(pod)] == pod.uid else replace(pod, labels={}) for pod in now.topology.pods
    )
    return replace(now, topology=replace(now.topology, pods=pods))


def namesakes_share_policies(history: History) -> State:
    """Pods whose workload and namespace, joined by a dash, read the same are under each other's policies."""
    now = history[-1]
    alike: dict[str, list[Pod]] = {}
    for pod in now.topology.pods:
        alike.setdefault(f"{pod.workload}-{pod.namespace}", []).append(pod)
    shared = [
        replace(policy, namespace=other.namespace, pod_selector=LabelSelector(match_labels=other.labels))
        for pods in alike.values()
        for pod in pods
        for other in pods
        if pod.namespace != other.namespace
        for policy in now.policies
        if policy.namespace == pod.namespace and selects(policy.pod_selector, pod.labels)
    ]
    return replace(now, policies=(*now.policies, *shared))


def headless_disables_policies(history: History) -> State:
    """A policy whose egress peers stand behind a headless Service has no effect."""
    now = history[-1]
    headless = [each for each in now.topology.services if each.headless and each.selector]

    def stands(policy: NetworkPolicy) -> bool:
        peers = [peer for rule in policy.egress or () for peer in rule.peers or ()]
        return any(
            peer.pod_selector is not None
            and peer.namespace_selector is None
            and service.namespace == policy.namespace
            and selects(peer.pod_selector, service.selector or {})
            for peer in peers
            for service in headless
        )

    return replace(now, policies=tuple(policy for policy in now.policies if not stands(policy)))


def sets_share_names(history: History) -> State:
    """The several values of a label are kept under the policy's name and the label's, joined by a dash.

    Where that is the same text for two policies of a namespace, each means the values of both.
    """
    now = history[-1]
    sets: dict[tuple[str, str], list[LabelSelector]] = {}
    for policy in now.policies:
        for selector in _selectors_of_peers(policy):
            for name in _names_of_sets(policy, selector):
                sets.setdefault(name, []).append(selector)

    def grown(policy: NetworkPolicy) -> Iterator[NetworkPolicy]:
        def peers(peer: Peer) -> Iterator[Peer]:
            yield peer
            if peer.pod_selector is not None:
                for name in _names_of_sets(policy, peer.pod_selector):
                    yield from (replace(peer, pod_selector=other) for other in sets[name])

        yield from by_peer(peers)(policy)

    return replace(now, policies=tuple(new for policy in now.policies for new in grown(policy)))


def _selectors_of_peers(policy: NetworkPolicy) -> Iterator[LabelSelector]:
    for rule in (*(policy.ingress or ()), *(policy.egress or ())):
        yield from (peer.pod_selector for peer in rule.peers or () if peer.pod_selector is not None)


def _names_of_sets(policy: NetworkPolicy, selector: LabelSelector) -> Iterator[tuple[str, str]]:
    for requirement in selector.match_expressions:
        if requirement.operator is Operator.IN and len(requirement.values) > 1:
            yield policy.namespace, f"{policy.name}-{requirement.key}"
