"""What controllers read from pods, and how they make them from a template."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from netprobe.lab.control.kinds import is_terminating
from netprobe.lab.control.naming import generated_name
from netprobe.lab.control.owning import owner_reference
from netprobe.lab.store.objects import Object

ENDED = frozenset({"Succeeded", "Failed"})


def phase_of(pod: Object) -> str:
    """The pod's phase; Pending until the kubelet says otherwise."""
    return str((pod.get("status") or {}).get("phase") or "Pending")


def is_active(pod: Object) -> bool:
    """Whether the pod counts as a replica: not being deleted and not ended."""
    return not is_terminating(pod) and phase_of(pod) not in ENDED


def is_ready(pod: Object) -> bool:
    """Whether the kubelet reports the pod as Ready."""
    return condition_of(pod, "Ready").get("status") == "True"


def condition_of(obj: Object, kind: str) -> Mapping[str, Any]:
    """A condition of status.conditions by type; empty when it is not there."""
    for condition in (obj.get("status") or {}).get("conditions") or ():
        if condition["type"] == kind:
            found: Mapping[str, Any] = condition
            return found
    return {}


def pod_from_template(template: Mapping[str, Any], owner: Object, labels: Mapping[str, str]) -> Object:
    """A new pod of ``owner``: the template's metadata and spec, and ``labels`` on top."""
    meta = template.get("metadata") or {}
    spec = copy.deepcopy(template["spec"])
    spec.setdefault("serviceAccountName", "default")
    pod_meta: Object = {
        "generateName": f"{owner['metadata']['name']}-",
        "name": generated_name(f"{owner['metadata']['name']}-"),
        "namespace": owner["metadata"]["namespace"],
        "labels": {**(meta.get("labels") or {}), **labels},
        "ownerReferences": [owner_reference(owner)],
    }
    if meta.get("annotations"):
        pod_meta["annotations"] = dict(meta["annotations"])
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": pod_meta,
        "spec": spec,
        "status": {"phase": "Pending"},
    }
