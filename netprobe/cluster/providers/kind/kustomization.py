"""Manifests with other images and patches, as a kustomization that kubectl applies in one go (pure).

So no moment passes in which the unpatched objects are in force.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from netprobe.cluster.providers.kind.recipe import Patch, Step


def kustomization_text(step: Step, resources: Sequence[str]) -> str:
    """The text of ``kustomization.yaml`` (JSON, which is YAML too) over manifests by URL or file name."""
    body = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": list(resources),
        "images": [{"name": image.name, "newTag": image.tag} for image in step.images],
        "patches": [_patch(patch) for patch in step.patches],
    }
    return json.dumps({key: value for key, value in body.items() if value}, indent=2) + "\n"


def _patch(patch: Patch) -> dict[str, object]:
    target = {"kind": patch.kind, "name": patch.name}
    if patch.operations is not None:
        return {"target": target, "patch": json.dumps(patch.operations)}
    head = {"apiVersion": patch.api_version, "kind": patch.kind, "metadata": {"name": patch.name}}
    return {"target": target, "patch": json.dumps({**head, **(patch.merge or {})})}
