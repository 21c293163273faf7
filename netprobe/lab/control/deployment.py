"""Deployments: one ReplicaSet per pod template, rolled from the old to the new."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence

from netprobe.lab.control.deleting import delete
from netprobe.lab.control.events import Recorder
from netprobe.lab.control.kinds import is_decor, is_terminating, key_of
from netprobe.lab.control.naming import content_hash
from netprobe.lab.control.owning import controlled_by, controller_of, owner_reference
from netprobe.lab.control.rollout import Rollout, deployment_status, plan_rollout
from netprobe.lab.store.objects import Event, Key, Object, Store

HASH_LABEL = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"


class Deployments:
    """Makes ReplicaSets of Deployments, scales them along a rollout, and reports their status."""

    resources = ("deployments", "replicasets", "pods")

    def __init__(self, store: Store, now: Callable[[], str]) -> None:
        self._store = store
        self._now = now
        self._recorder = Recorder(store, now, "deployment-controller")

    def keys(self, event: Event) -> Iterable[Key]:
        """The Deployment itself, or the one behind a ReplicaSet, or behind a pod that is gone for good."""
        if event.resource == "deployments":
            return (key_of("deployments", event.object),)
        if event.resource == "pods":
            return self._behind_pod(event)
        return _behind(event.object)

    def reconcile(self, key: Key) -> None:
        """Create the template's ReplicaSet, move replicas towards it, write the status."""
        deployment = self._store.find(*key)
        if deployment is None or is_terminating(deployment) or is_decor(deployment):
            return
        if not deployment["spec"].get("paused"):
            self._roll(deployment)
        self._write_status(deployment)

    def _behind_pod(self, event: Event) -> Iterable[Key]:
        """A Recreate rollout waits until the last old pod has left the store."""
        controller = controller_of(event.object)
        if event.type != "DELETED" or controller is None:
            return ()
        namespace = event.object["metadata"]["namespace"]
        replica_set = self._store.find("replicasets", namespace, controller["name"])
        return () if replica_set is None else _behind(replica_set)

    def _roll(self, deployment: Object) -> None:
        current, old = self._split(deployment)
        if current is None:
            current = self._store.create("replicasets", self._new_replica_set(deployment, old))
        rollout = Rollout(
            deployment=deployment, current=current, old=tuple(old), old_pods=sum(map(self._pods_of, old))
        )
        for replica_set, replicas in plan_rollout(rollout):
            self._scale(deployment, replica_set, replicas)
        self._forget_history(deployment, old)

    def _split(self, deployment: Object) -> tuple[Object | None, list[Object]]:
        """The ReplicaSet of the present template, and the others, oldest revision first."""
        wanted = content_hash(deployment["spec"]["template"])
        owned = sorted(controlled_by(self._store, "replicasets", deployment), key=_revision)
        current = next((one for one in owned if one["metadata"]["labels"].get(HASH_LABEL) == wanted), None)
        return current, [one for one in owned if one is not current]

    def _new_replica_set(self, deployment: Object, old: Sequence[Object]) -> Object:
        template = copy.deepcopy(deployment["spec"]["template"])
        mark = {HASH_LABEL: content_hash(deployment["spec"]["template"])}
        labels = {**(template.setdefault("metadata", {}).get("labels") or {}), **mark}
        template["metadata"]["labels"] = labels
        selector = copy.deepcopy(deployment["spec"]["selector"])
        selector["matchLabels"] = {**(selector.get("matchLabels") or {}), **mark}
        return {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "metadata": {
                "name": f"{deployment['metadata']['name']}-{mark[HASH_LABEL]}",
                "namespace": deployment["metadata"]["namespace"],
                "labels": dict(labels),
                "annotations": {REVISION: str(1 + max(map(_revision, old), default=0))},
                "ownerReferences": [owner_reference(deployment)],
            },
            "spec": {"replicas": 0, "selector": selector, "template": template},
            "status": {"replicas": 0},
        }

    def _scale(self, deployment: Object, replica_set: Object, replicas: int) -> None:
        def edit(copy: Object) -> None:
            copy["spec"]["replicas"] = replicas

        meta, present = replica_set["metadata"], replica_set["spec"].get("replicas", 1)
        if present != replicas:
            how = "up" if replicas > present else "down"
            what = f"Scaled {how} replica set {meta['name']} from {present} to {replicas}"
            self._recorder.record(deployment, "ScalingReplicaSet", what)
        self._store.change("replicasets", meta["namespace"], meta["name"], edit)

    def _pods_of(self, replica_set: Object) -> int:
        return sum(1 for _ in controlled_by(self._store, "pods", replica_set))

    def _forget_history(self, deployment: Object, old: Sequence[Object]) -> None:
        limit = deployment["spec"].get("revisionHistoryLimit", 10)
        idle = [one for one in old if not one["spec"].get("replicas") and not self._pods_of(one)]
        for replica_set in idle[: max(0, len(idle) - limit)]:
            delete(self._store, "replicasets", replica_set, self._now)

    def _write_status(self, deployment: Object) -> None:
        current, old = self._split(deployment)

        def edit(copy: Object) -> None:
            copy["status"] = deployment_status(copy, current, old, self._now())
            if current is not None:
                annotations = copy["metadata"].setdefault("annotations", {})
                annotations[REVISION] = str(_revision(current))

        meta = deployment["metadata"]
        self._store.change("deployments", meta["namespace"], meta["name"], edit)


def _behind(replica_set: Object) -> Iterable[Key]:
    controller = controller_of(replica_set)
    if controller is None or controller["kind"] != "Deployment":
        return ()
    return (("deployments", replica_set["metadata"]["namespace"], controller["name"]),)


def _revision(replica_set: Object) -> int:
    return int((replica_set["metadata"].get("annotations") or {}).get(REVISION, "0"))
