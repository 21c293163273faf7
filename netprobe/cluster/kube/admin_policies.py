"""Reading the cluster-wide policies of policy.networking.k8s.io, which most clusters do not serve."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netprobe.cluster.kube.rest import Rest
from netprobe.errors import Refused

GROUP = "policy.networking.k8s.io"
_VERSIONS: Mapping[str, Mapping[str, str]] = {
    "v1alpha1": {
        "adminnetworkpolicies": "AdminNetworkPolicies",
        "baselineadminnetworkpolicies": "BaselineAdminNetworkPolicies",
    },
    "v1alpha2": {"clusternetworkpolicies": "ClusterNetworkPolicies"},
}
"""Of each version, the plurals of its kinds in the path and in words."""

Objects = tuple[Mapping[str, Any], ...]


def read_admin_policies(rest: Rest) -> tuple[Objects, tuple[str, ...]]:
    """Return all of them, and what could not be read: not allowed, or of a version unknown here.

    A cluster that does not serve the group, or one of the kinds, has none. Raises Refused for any other
    answer.
    """
    group, unreadable = _get(rest, f"/apis/{GROUP}", f"policies of {GROUP}")
    served = [str(version.get("version")) for version in group.get("versions") or ()]
    unreadable += [f"policies of {GROUP}/{version}" for version in served if version not in _VERSIONS]
    found: list[Mapping[str, Any]] = []
    for version in served:
        for plural, words in _VERSIONS.get(version, {}).items():
            try:
                found += rest.items(f"/apis/{GROUP}/{version}/{plural}")
            except Refused as refused:
                unreadable += _without(refused, words)
    return tuple(found), tuple(unreadable)


def _get(rest: Rest, path: str, words: str) -> tuple[Mapping[str, Any], list[str]]:
    try:
        return rest.get(path), []
    except Refused as refused:
        return {}, _without(refused, words)


def _without(refused: Refused, words: str) -> list[str]:
    """What is missing after this answer; raises it again when it says something else."""
    if refused.status not in (403, 404):
        raise refused
    return [words] if refused.status == 403 else []
