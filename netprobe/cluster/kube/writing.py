"""Writing objects, only into namespaces that this run has created."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_fixed

from netprobe.cluster.kube.kinds import collection_path, kind_named, object_path, reference_to
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.port import Body, ObjectRef
from netprobe.errors import EnvironmentFailure, Refused

RUN_LABEL = "netprobe.io/run"
"""The label of every namespace that netprobe creates; its value is the run."""

EXPIRES_LABEL = "netprobe.io/expires"
"""The other label of such a namespace: when others may remove it."""


class Writer:
    """Creates, replaces, changes and deletes; refuses whatever lies outside the run's own namespaces."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._runs: dict[str, str] = {}
        self._lock = threading.Lock()

    def apply(self, body: Body) -> None:
        """Create the object, or replace it; raises EnvironmentFailure for a foreign namespace."""
        ref = reference_to(body)
        if ref.kind == "Namespace":
            self._apply_namespace(ref, body)
            return
        self._check_own(ref)
        try:
            self._rest.create(collection_path(ref.kind, ref.namespace), body)
        except Refused as refused:
            if refused.reason != "AlreadyExists":
                raise _about(ref, refused) from refused
            self._replace(ref, body)

    def delete(self, ref: ObjectRef) -> None:
        """Delete the object; absent is fine. A namespace is deleted only while it carries our label."""
        self._check_own(ref)
        if ref.kind == "Namespace":
            self._check_label(ref)
        try:
            self._rest.delete(object_path(ref))
        except Refused as refused:
            if refused.status not in (404, 409):
                raise _about(ref, refused) from refused

    def delete_leftover(self, namespace: str, run: str) -> None:
        """Delete a namespace of an earlier run, exactly as it was when its labels were checked here.

        Absent is fine. Raises EnvironmentFailure when it does not carry both labels, that of the run and
        its expiry: then it is not netprobe's, or not that run's any more.
        """
        ref = ObjectRef(api_version="v1", kind="Namespace", name=namespace)
        try:
            present = self._rest.get(object_path(ref))
            if not run or _labels(present).get(RUN_LABEL) != run or EXPIRES_LABEL not in _labels(present):
                raise EnvironmentFailure(
                    f"{ref} is not deleted: it does not carry {RUN_LABEL}={run} and {EXPIRES_LABEL}.",
                    remedy=f"Look at it, then `kubectl delete namespace {namespace}`.",
                )
            metadata = present["metadata"]
            if "deletionTimestamp" not in metadata:
                same = {key: metadata[key] for key in ("uid", "resourceVersion")}
                self._rest.delete(object_path(ref), same)
        except Refused as refused:
            if refused.status != 404:
                raise _about(ref, refused) from refused

    def merge(self, ref: ObjectRef, patch: Mapping[str, Any], subresource: str = "") -> None:
        """Merge a patch into the object."""
        self._check_own(ref)
        try:
            self._rest.merge(object_path(ref) + subresource, patch)
        except Refused as refused:
            raise _about(ref, refused) from refused

    def _apply_namespace(self, ref: ObjectRef, body: Body) -> None:
        run = _labels(body).get(RUN_LABEL, "")
        if not run:
            raise EnvironmentFailure(f"{ref} is not created: it does not carry the label {RUN_LABEL}.")
        if ref.name in self._runs:
            self._replace(ref, body)
            return
        # Ours before the server has answered: should the answer be lost, it can still be deleted.
        with self._lock:
            self._runs[ref.name] = run
        try:
            self._rest.create(collection_path("Namespace"), body)
        except Refused as refused:
            with self._lock:
                del self._runs[ref.name]
            if refused.reason == "AlreadyExists":
                raise EnvironmentFailure(
                    f"Namespace {ref.name} exists already; netprobe uses only namespaces that it creates.",
                    remedy="Delete it, or let netprobe choose the names.",
                ) from refused
            raise _about(ref, refused) from refused

    def _replace(self, ref: ObjectRef, body: Body) -> None:
        tries = Retrying(
            retry=retry_if_exception(lambda e: isinstance(e, Refused) and e.reason == "Conflict"),
            wait=wait_fixed(0.1),
            stop=stop_after_attempt(5),
            reraise=True,
        )
        try:
            tries(self._replace_once, ref, body)
        except Refused as refused:
            raise _about(ref, refused) from refused

    def _replace_once(self, ref: ObjectRef, body: Body) -> None:
        """PUT over the version that is there, with the fields that the server has assigned."""
        present = self._rest.get(object_path(ref))
        new: dict[str, Any] = dict(body)
        metadata = dict(new.get("metadata") or {})
        new["metadata"] = metadata | {"resourceVersion": present["metadata"]["resourceVersion"]}
        if ref.kind == "Service":
            assigned = {
                key: value
                for key, value in present["spec"].items()
                if key in ("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")
            }
            new["spec"] = assigned | dict(new.get("spec") or {})
        self._rest.replace(object_path(ref), new)

    def _check_own(self, ref: ObjectRef) -> None:
        namespace = ref.name if ref.kind == "Namespace" else ref.namespace
        if kind_named(ref.kind).namespaced or ref.kind == "Namespace":
            with self._lock:
                if namespace in self._runs:
                    return
        raise EnvironmentFailure(
            f"{ref} is not touched: netprobe writes only in namespaces that it created in this run."
        )

    def _check_label(self, ref: ObjectRef) -> None:
        """Raise EnvironmentFailure when the namespace is no longer the one that this run created."""
        try:
            body = self._rest.get(object_path(ref))
        except Refused as refused:
            if refused.status == 404:
                return
            raise _about(ref, refused) from refused
        if _labels(body).get(RUN_LABEL) != self._runs[ref.name]:
            raise EnvironmentFailure(
                f"{ref} is not deleted: it no longer carries {RUN_LABEL}={self._runs[ref.name]}.",
                remedy=f"Look at it, then `kubectl delete namespace {ref.name}`.",
            )


def _labels(body: Body) -> Mapping[str, str]:
    metadata = body.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, Mapping) else None
    return labels if isinstance(labels, Mapping) else {}


def _about(ref: ObjectRef, refused: Refused) -> Refused:
    """The refusal, with the object that it is about."""
    words = refused.message.removeprefix("The API server refused: ")
    return Refused(
        f"The API server refused {ref}: {words}",
        status=refused.status,
        reason=refused.reason,
        remedy=refused.remedy,
    )
