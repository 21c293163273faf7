"""The scheduler: gives pods a node, or says why they have none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from netprobe.lab.control.conditions import Condition, set_condition
from netprobe.lab.control.events import Recorder
from netprobe.lab.control.placement import Unsupported, choose_node
from netprobe.lab.control.pods import condition_of, is_active
from netprobe.lab.store.objects import Event, Key, Object, Store

COMPONENT = "default-scheduler"
ALL_WAITING: Key = ("pods", "", "")
"""The scheduler's only key: waiting pods are placed in one pass, so that they see each other."""


class Scheduler:
    """Writes spec.nodeName and the PodScheduled condition."""

    resources = ("pods", "nodes")

    def __init__(self, store: Store, now: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._events = Recorder(store, now, COMPONENT)

    def keys(self, event: Event) -> Iterable[Key]:
        """Look again when a pod waits, when one makes room or changes its labels, or a node changes."""
        if event.resource == "nodes" or event.type == "DELETED" or _waits(event.object):
            return (ALL_WAITING,)
        before = event.previous
        relabelled = before is not None and before["metadata"].get("labels") != event.object["metadata"].get(
            "labels"
        )
        return (ALL_WAITING,) if relabelled else ()

    def reconcile(self, key: Key) -> None:  # noqa: ARG002 - there is only one key
        """Place every waiting pod, in the order in which they were created."""
        waiting = [pod for pod in self._store.list("pods") if _waits(pod)]
        if not waiting:
            return
        nodes = list(self._store.list("nodes"))
        by_node: dict[str, list[Object]] = defaultdict(list)
        for pod in self._store.list("pods"):
            if pod["spec"].get("nodeName") and is_active(pod):
                by_node[pod["spec"]["nodeName"]].append(pod)
        for pod in sorted(waiting, key=lambda pod: int(pod["metadata"]["resourceVersion"])):
            node, reason = _place(pod, nodes, by_node)
            if node:
                by_node[node].append(self._bind(pod, node))
            else:
                self._refuse(pod, reason)

    def _bind(self, pod: Object, node: str) -> Object:
        def edit(copy: Object) -> None:
            copy["spec"]["nodeName"] = node
            condition = Condition(type="PodScheduled", holds=True)
            set_condition(copy.setdefault("status", {}), condition, self._now())

        name, namespace = pod["metadata"]["name"], pod["metadata"]["namespace"]
        bound = self._store.change("pods", namespace, name, edit)
        self._events.record(bound, "Scheduled", f"{namespace}/{name} goes to {node}.")
        return bound

    def _refuse(self, pod: Object, reason: str) -> None:
        """Tell once per reason: the event is written when the condition changes."""
        if condition_of(pod, "PodScheduled").get("message") == reason:
            return

        condition = Condition(type="PodScheduled", holds=False, reason="Unschedulable", message=reason)

        def edit(copy: Object) -> None:
            set_condition(copy.setdefault("status", {}), condition, self._now())

        refused = self._store.change("pods", pod["metadata"]["namespace"], pod["metadata"]["name"], edit)
        self._events.record(refused, "FailedScheduling", reason, warning=True)


def _waits(pod: Object) -> bool:
    spec = pod["spec"]
    return (
        not spec.get("nodeName")
        and is_active(pod)
        and spec.get("schedulerName", COMPONENT) == COMPONENT
        and not spec.get("schedulingGates")
    )


def _place(pod: Object, nodes: list[Object], by_node: dict[str, list[Object]]) -> tuple[str, str]:
    try:
        node = choose_node(pod, nodes, by_node)
    except Unsupported as what:
        return "", f"The lab's scheduler does not support {what}."
    reason = f"0 of {len(nodes)} nodes take this pod: its node selector, affinity or spread excludes them."
    return (node, "") if node else ("", reason)
