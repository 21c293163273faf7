"""What else happened during a step: restarted pods and foreign changes spoil the flows they touch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from netprobe.manifests.admin import decode_admin_policy_body
from netprobe.model.flow import Flow, PodRef
from netprobe.model.topology import Pod
from netprobe.oracle.selectors import selects
from netprobe.runner.snapshot import Snapshot


def disturbances(
    flows: Iterable[Flow], entered: Snapshot, before: Snapshot, after: Snapshot
) -> Mapping[str, str]:
    """Compare the state that the decisions rest on (``before``) with the one after measuring.

    ``entered`` is the state with which the step began, before its own writes: a server that died
    while they were made is another one than the baseline met. Returns, by flow key, what spoiled
    its evidence, in words.
    """
    pods = {**_restarted_pods(entered, after), **_changed_pods(before, after)}
    namespaces = {
        **_changed_namespaces(before, after),
        **_changed_admin_policies(before, after),
        **_changed_policies(before, after),
    }
    found = {}
    for flow in flows:
        ends = [flow.source]
        if isinstance(flow.destination, PodRef):
            ends.append(flow.destination)
        causes = [pods[ref] for ref in ends if ref in pods]
        causes += [namespaces[ref.namespace] for ref in ends if ref.namespace in namespaces]
        if causes:
            found[flow.key] = causes[0]
    return found


def _restarted_pods(entered: Snapshot, after: Snapshot) -> Mapping[PodRef, str]:
    now = after.pods()
    return {
        ref: f"{ref.namespace}/{ref.workload} restarted during the step"
        for ref, old in entered.pods().items()
        if (new := now.get(ref)) and new.uid == old.uid and new.restarts != old.restarts
    }


def _changed_pods(before: Snapshot, after: Snapshot) -> Mapping[PodRef, str]:
    now = after.pods()
    changes = {ref: _change(ref, pod, now.get(ref)) for ref, pod in before.pods().items()}
    return {ref: change for ref, change in changes.items() if change}


def _change(ref: PodRef, old: Pod, new: Pod | None) -> str:
    name = f"{ref.namespace}/{ref.workload}"
    if new is None:
        return f"a pod of {name} went away during the step"
    if new.uid != old.uid:
        return f"{name} was replaced by another pod during the step"
    if new.restarts != old.restarts:
        return f"{name} restarted during the step"
    if new.ips != old.ips:
        return f"{name} changed its address during the step"
    if new.labels != old.labels:
        return f"somebody relabelled {name} during the step"
    return ""


def _changed_namespaces(before: Snapshot, after: Snapshot) -> Mapping[str, str]:
    ours = {ref.namespace for ref in before.pods()}
    now = {namespace.name: namespace for namespace in after.topology.namespaces}
    return {
        old.name: f"somebody relabelled namespace {old.name} during the step"
        for old in before.topology.namespaces
        if old.name in ours and (old.name not in now or now[old.name].labels != old.labels)
    }


def _changed_admin_policies(before: Snapshot, after: Snapshot) -> Mapping[str, str]:
    """By namespace that the subject of a changed cluster-wide policy selects, as it was or as it is now."""
    old, new = _admin_by_name(before), _admin_by_name(after)
    found = {}
    for kind, name in sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key)):
        for body in filter(None, (old.get((kind, name)), new.get((kind, name)))):
            selector = decode_admin_policy_body(body).subject.namespaces
            for namespace in before.topology.namespaces:
                if selects(selector, namespace.labels):
                    found[namespace.name] = f"somebody changed {kind} {name} during the step"
    return found


def _admin_by_name(snapshot: Snapshot) -> Mapping[tuple[str, str], Mapping[str, object]]:
    found = {}
    for body in snapshot.admin_policies:
        metadata = body["metadata"]
        assert isinstance(metadata, Mapping)
        found[str(body["kind"]), str(metadata["name"])] = body
    return found


def _changed_policies(before: Snapshot, after: Snapshot) -> Mapping[str, str]:
    old, new = _by_name(before), _by_name(after)
    changed = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return {
        namespace: f"somebody changed NetworkPolicy {namespace}/{name} during the step"
        for namespace, name in changed
    }


def _by_name(snapshot: Snapshot) -> Mapping[tuple[str, str], Mapping[str, object]]:
    found = {}
    for body in snapshot.policies:
        metadata = body["metadata"]
        assert isinstance(metadata, Mapping)
        found[str(metadata["namespace"]), str(metadata["name"])] = body
    return found
