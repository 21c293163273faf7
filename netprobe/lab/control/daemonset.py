"""DaemonSets: one pod on every node that the template may run on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from netprobe.lab.control.conditions import write_counts
from netprobe.lab.control.deleting import delete
from netprobe.lab.control.kinds import is_decor, is_terminating, key_of
from netprobe.lab.control.naming import content_hash
from netprobe.lab.control.owning import controlled_by, controller_of
from netprobe.lab.control.placement import fits_node
from netprobe.lab.control.pods import is_active, is_ready, pod_from_template
from netprobe.lab.store.objects import Event, Key, Object, Store

HASH_LABEL = "controller-revision-hash"


class DaemonSets:
    """Keeps one pod of each DaemonSet per eligible node, replaces outdated ones one at a time."""

    resources = ("daemonsets", "pods", "nodes")

    def __init__(self, store: Store, now: Callable[[], str]) -> None:
        self._store = store
        self._now = now

    def keys(self, event: Event) -> Iterable[Key]:
        """The DaemonSet itself, a pod's controller, or all of them when a node changes."""
        if event.resource == "daemonsets":
            return (key_of("daemonsets", event.object),)
        if event.resource == "nodes":
            return [key_of("daemonsets", one) for one in self._store.list("daemonsets")]
        controller = controller_of(event.object)
        if controller is None or controller["kind"] != "DaemonSet":
            return ()
        return (("daemonsets", event.object["metadata"]["namespace"], controller["name"]),)

    def reconcile(self, key: Key) -> None:
        """Create what is missing, delete what is too much or outdated, write the status."""
        daemon_set = self._store.find(*key)
        if daemon_set is None or is_terminating(daemon_set) or is_decor(daemon_set):
            return
        wanted = content_hash(daemon_set["spec"]["template"])
        nodes = [
            str(node["metadata"]["name"]) for node in self._store.list("nodes") if _eligible(daemon_set, node)
        ]
        pods = [pod for pod in controlled_by(self._store, "pods", daemon_set) if is_active(pod)]
        kept: dict[str, Object] = {}
        for pod in sorted(pods, key=lambda pod: str(pod["metadata"]["creationTimestamp"])):
            node = _target(pod)
            if node not in nodes or node in kept:
                delete(self._store, "pods", pod, self._now)
            else:
                kept[node] = pod
        for node in nodes:
            if node not in kept:
                kept[node] = self._store.create("pods", _pod_for(daemon_set, node, wanted))
        self._replace_outdated(daemon_set, kept, wanted)
        self._write_status(daemon_set, kept, wanted)

    def _replace_outdated(self, daemon_set: Object, kept: dict[str, Object], wanted: str) -> None:
        """Delete outdated pods; of the ready ones only one, and only while all others are ready."""
        if (daemon_set["spec"].get("updateStrategy") or {}).get("type") == "OnDelete":
            return
        outdated = [pod for pod in kept.values() if pod["metadata"]["labels"].get(HASH_LABEL) != wanted]
        unready = [pod for pod in outdated if not is_ready(pod)]
        for pod in unready or (outdated[:1] if all(map(is_ready, kept.values())) else []):
            delete(self._store, "pods", pod, self._now)

    def _write_status(self, daemon_set: Object, kept: dict[str, Object], wanted: str) -> None:
        placed = [pod for pod in kept.values() if pod["spec"].get("nodeName")]
        ready = sum(map(is_ready, placed))
        updated = sum(pod["metadata"]["labels"].get(HASH_LABEL) == wanted for pod in placed)

        def edit(copy: Object) -> None:
            status = copy.setdefault("status", {})
            status.update(
                currentNumberScheduled=len(placed),
                desiredNumberScheduled=len(kept),
                numberMisscheduled=0,
                numberReady=ready,
                observedGeneration=copy["metadata"].get("generation", 1),
            )
            counts = {
                "updatedNumberScheduled": updated,
                "numberAvailable": ready,
                "numberUnavailable": len(kept) - ready,
            }
            write_counts(status, counts)

        meta = daemon_set["metadata"]
        self._store.change("daemonsets", meta["namespace"], meta["name"], edit)


def _eligible(daemon_set: Object, node: Object) -> bool:
    return fits_node(daemon_set["spec"]["template"]["spec"], node)


def _pod_for(daemon_set: Object, node: str, revision: str) -> Object:
    """The pod for one node: it may only run there, whatever else the template asks for."""
    pod = pod_from_template(daemon_set["spec"]["template"], daemon_set, {HASH_LABEL: revision})
    affinity = pod["spec"].setdefault("affinity", {}).setdefault("nodeAffinity", {})
    required = affinity.setdefault("requiredDuringSchedulingIgnoredDuringExecution", {})
    this_node: dict[str, Any] = {"key": "metadata.name", "operator": "In", "values": [node]}
    terms = required.get("nodeSelectorTerms") or [{}]
    required["nodeSelectorTerms"] = [{**term, "matchFields": [this_node]} for term in terms]
    return pod


def _target(pod: Object) -> str:
    """The node that the pod is on, or was made for."""
    if pod["spec"].get("nodeName"):
        return str(pod["spec"]["nodeName"])
    required = pod["spec"]["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    return str(required["nodeSelectorTerms"][0]["matchFields"][0]["values"][0])
