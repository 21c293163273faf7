"""The writes of a step, in the cluster's names, and the waits that they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from netprobe.cluster.port import ObjectRef
from netprobe.model.scenario import Action, ActionKind, Scenario, Step, Workload
from netprobe.model.topology import Pod
from netprobe.runner.bare_pods import make_again
from netprobe.runner.deploy import wait_for_population, workload_ref
from netprobe.runner.pod_addresses import cidr_in
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot, read_snapshot
from netprobe.scenario.addresses import with_addresses
from netprobe.scenario.population import population

_MOVING = (ActionKind.SCALE, ActionKind.RESTART)
_ABOUT_PODS = (ActionKind.LABEL, ActionKind.APPLY, ActionKind.REPLACE)
"""What is done to, or says something of, the pods as they are by then."""


def perform(site: Site, scenario: Scenario, step: Step, before: Snapshot) -> Snapshot:
    """Carry out the step's actions in their order; returns the state that they led to.

    Pods that are scaled or restarted are waited for; workloads restarted in a row, together. Raises
    EnvironmentFailure (also Refused).
    """
    snapshot = before
    gone: frozenset[str] = frozenset()
    restarted: list[Action] = []
    for number, action in enumerate(step.actions):
        if action.kind in _ABOUT_PODS and snapshot is not before:
            snapshot = read_snapshot(site, before.surroundings)
        gone |= _perform_one(site, action, snapshot)
        if action.kind is ActionKind.RESTART:
            restarted.append(action)
            if _goes_on(step.actions[number + 1 :], restarted):
                continue
            make_again(site, scenario, restarted)
        if action.kind in _MOVING:
            workloads = _workloads_after(scenario, step, action)
            snapshot = wait_for_population(site, workloads, before.surroundings, gone)
            gone, restarted = frozenset(), []
    return read_snapshot(site, before.surroundings)


def _goes_on(rest: Sequence[Action], restarted: Sequence[Action]) -> bool:
    """Whether the next action restarts a workload, too, and another one than before."""
    if not rest or rest[0].kind is not ActionKind.RESTART:
        return False
    return (rest[0].namespace, rest[0].name) not in {(each.namespace, each.name) for each in restarted}


def _workloads_after(scenario: Scenario, step: Step, action: Action) -> tuple[Workload, ...]:
    """The workloads as they are after this action, not yet after later ones of the step."""
    done = step.actions[: step.actions.index(action) + 1]
    until = replace(step, actions=done)
    return population(replace(scenario, steps=_replaced(scenario, step, until)), until)


def _replaced(scenario: Scenario, step: Step, until: Step) -> tuple[Step, ...]:
    return tuple(until if each.name == step.name else each for each in scenario.steps)


def _perform_one(site: Site, action: Action, snapshot: Snapshot) -> frozenset[str]:
    """Carry out one action; returns the UIDs of pods that must leave."""
    cluster, place = site.cluster, site.placement
    match action.kind:
        case ActionKind.APPLY | ActionKind.REPLACE:
            filled = [with_addresses(each.body, cidr_in(snapshot)) for each in action.manifests]
            cluster.apply([_marked(site, place.place(body)) for body in filled])
        case ActionKind.DELETE:
            cluster.delete([_policy_ref(site, action)])
        case ActionKind.LABEL:
            for ref in _labelled(site, action, snapshot):
                cluster.label(ref, action.labels)
        case ActionKind.SCALE:
            ref = workload_ref(site, action.namespace, action.name, action.target_kind)
            cluster.scale(ref, action.replicas)
        case ActionKind.RESTART:
            pods = _pods_of(action, snapshot)
            cluster.delete([_pod_ref(site, pod) for pod in pods])
            return frozenset(pod.uid for pod in pods)
    return frozenset()


def _marked(site: Site, body: dict[str, Any]) -> dict[str, Any]:
    """The policy with the run's labels, by which a foreign one is told from ours."""
    metadata = body["metadata"]
    return {**body, "metadata": {**metadata, "labels": {**(metadata.get("labels") or {}), **site.run_labels}}}


def _policy_ref(site: Site, action: Action) -> ObjectRef:
    return ObjectRef(
        api_version="networking.k8s.io/v1",
        kind="NetworkPolicy",
        name=action.name,
        namespace=site.placement.placed(action.namespace),
    )


def _labelled(site: Site, action: Action, snapshot: Snapshot) -> tuple[ObjectRef, ...]:
    if action.target_kind == "Namespace":
        return (ObjectRef(api_version="v1", kind="Namespace", name=site.placement.placed(action.name)),)
    return tuple(_pod_ref(site, pod) for pod in _pods_of(action, snapshot))


def _pods_of(action: Action, snapshot: Snapshot) -> tuple[Pod, ...]:
    return tuple(
        pod
        for ref, pod in snapshot.own_pods().items()
        if (ref.namespace, ref.workload) == (action.namespace, action.name)
    )


def _pod_ref(site: Site, pod: Pod) -> ObjectRef:
    namespace = site.placement.placed(pod.namespace)
    return ObjectRef(api_version="v1", kind="Pod", name=pod.name, namespace=namespace)
