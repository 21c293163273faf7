"""The workloads as a step leaves them: scaled and relabelled, but otherwise the author's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netprobe.model.flow import PodRef
from netprobe.model.scenario import Action, ActionKind, Scenario, Step, Workload


def population(scenario: Scenario, step: Step) -> tuple[Workload, ...]:
    """The workloads, in the author's order, after the actions of all steps up to this one.

    SCALE changes ``replicas``. LABEL changes the labels of the running pods, and RESTART takes that
    back, because the new pods come from the unchanged template.
    """
    written = {(workload.namespace, workload.name): workload for workload in scenario.workloads}
    standing = dict(written)
    for action in _actions_until(scenario, step):
        key = (action.namespace, action.name)
        if key not in standing:
            continue
        workload = standing[key]
        if action.kind is ActionKind.SCALE:
            standing[key] = replace(workload, replicas=action.replicas)
        elif action.kind is ActionKind.LABEL and action.target_kind != "Namespace":
            standing[key] = replace(workload, labels=relabelled(workload.labels, action.labels))
        elif action.kind is ActionKind.RESTART:
            standing[key] = replace(workload, labels=written[key].labels)
    return tuple(standing.values())


def pods_of(workload: Workload) -> tuple[PodRef, ...]:
    """The stable names of a workload's pods."""
    return tuple(
        PodRef(namespace=workload.namespace, workload=workload.name, index=index)
        for index in range(workload.replicas)
    )


def relabelled(labels: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    """Merge changes into labels; None takes a label away."""
    merged = {**labels, **changes}
    return {key: value for key, value in merged.items() if value is not None}


def _actions_until(scenario: Scenario, step: Step) -> tuple[Action, ...]:
    actions: list[Action] = []
    for each in scenario.steps:
        actions.extend(each.actions)
        if each.name == step.name:
            break
    return tuple(actions)
