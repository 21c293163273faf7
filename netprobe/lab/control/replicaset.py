"""ReplicaSets: keep the wanted number of pods, no matter who takes one away."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from netprobe.lab.control.conditions import write_counts
from netprobe.lab.control.deleting import delete
from netprobe.lab.control.kinds import is_decor, is_terminating, key_of
from netprobe.lab.control.owning import controller_of, owner_reference
from netprobe.lab.control.pods import is_active, is_ready, pod_from_template
from netprobe.lab.control.selectors import matches
from netprobe.lab.store.objects import Event, Key, Object, Store


class ReplicaSets:
    """Creates, adopts, releases and deletes pods of ReplicaSets, and counts them in their status."""

    resources = ("replicasets", "pods")

    def __init__(self, store: Store, now: Callable[[], str]) -> None:
        self._store = store
        self._now = now

    def keys(self, event: Event) -> Iterable[Key]:
        """The ReplicaSet itself, a pod's controller (also its former one), or whoever may adopt a pod."""
        if event.resource == "replicasets":
            return (key_of("replicasets", event.object),)
        states = [event.object] if event.previous is None else [event.object, event.previous]
        namespace = event.object["metadata"].get("namespace", "")
        owners = [reference for state in states if (reference := controller_of(state)) is not None]
        keys = [
            ("replicasets", namespace, owner["name"]) for owner in owners if owner["kind"] == "ReplicaSet"
        ]
        if controller_of(event.object) is None and event.type != "DELETED":
            keys += [key_of("replicasets", one) for one in self._store.list("replicasets", namespace)]
        return keys

    def reconcile(self, key: Key) -> None:
        """Claim the matching pods, then create or delete until the number is right."""
        replica_set = self._store.find(*key)
        if replica_set is None or is_terminating(replica_set) or is_decor(replica_set):
            return
        active = [pod for pod in self._claimed(replica_set) if is_active(pod)]
        surplus = len(active) - replica_set["spec"].get("replicas", 1)
        for _ in range(-surplus):
            pod = pod_from_template(replica_set["spec"]["template"], replica_set, {})
            active.append(self._store.create("pods", pod))
        # The least useful go first: not on a node, then not ready, then the youngest.
        active.sort(key=lambda pod: (bool(pod["spec"].get("nodeName")), is_ready(pod)))
        for pod in active[: max(0, surplus)]:
            delete(self._store, "pods", pod, self._now)
        self._write_status(replica_set, active[max(0, surplus) :])

    def _claimed(self, replica_set: Object) -> list[Object]:
        """The set's pods, youngest first.

        A pod whose labels left the selector is released; a stray one that matches is adopted.
        """
        claimed = []
        for pod in self._store.list("pods", replica_set["metadata"]["namespace"]):
            controller = controller_of(pod)
            ours = controller is not None and controller["uid"] == replica_set["metadata"]["uid"]
            wanted = matches(replica_set["spec"]["selector"], pod["metadata"].get("labels"))
            if ours and not wanted and not is_terminating(pod):
                self._edit(pod, lambda copy: _release(copy, replica_set))
            elif ours:
                claimed.append(pod)
            elif controller is None and wanted and is_active(pod):
                claimed.append(self._edit(pod, lambda copy: _adopt(copy, replica_set)))
        return sorted(claimed, key=lambda pod: str(pod["metadata"]["creationTimestamp"]), reverse=True)

    def _edit(self, pod: Object, edit: Callable[[Object], None]) -> Object:
        return self._store.change("pods", pod["metadata"]["namespace"], pod["metadata"]["name"], edit)

    def _write_status(self, replica_set: Object, pods: list[Object]) -> None:
        ready = sum(map(is_ready, pods))

        def edit(copy: Object) -> None:
            status = copy.setdefault("status", {})
            status["replicas"] = len(pods)
            status["observedGeneration"] = copy["metadata"].get("generation", 1)
            counts = {"fullyLabeledReplicas": len(pods), "readyReplicas": ready, "availableReplicas": ready}
            write_counts(status, counts)

        meta = replica_set["metadata"]
        self._store.change("replicasets", meta["namespace"], meta["name"], edit)


def _release(pod: Object, owner: Object) -> None:
    references = pod["metadata"]["ownerReferences"]
    left = [reference for reference in references if reference["uid"] != owner["metadata"]["uid"]]
    pod["metadata"]["ownerReferences"] = left
    if not left:
        del pod["metadata"]["ownerReferences"]


def _adopt(pod: Object, owner: Object) -> None:
    pod["metadata"].setdefault("ownerReferences", []).append(owner_reference(owner))
