"""What the fingerprints look at, so that no more of a cluster is read."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.cluster.identity.known.platforms import PLATFORMS
from netprobe.cluster.identity.known.registry import FINGERPRINTS
from netprobe.cluster.identity.marks import Mark, NamedObject
from netprobe.cluster.identity.settings import ConfigKey
from netprobe.cluster.identity.workloads import Workload


def _marks() -> Iterator[Mark]:
    for platform in PLATFORMS:
        yield from platform.marks
    for each in FINGERPRINTS:
        yield from (*each.proofs, *each.hints)


def _homes(kind: str) -> tuple[str, ...]:
    """The namespaces where workloads of a kind are at home."""
    workloads = (mark for mark in _marks() if isinstance(mark, Workload))
    return tuple(sorted({mark.home for mark in workloads if mark.kind == kind}))


def _config_maps() -> tuple[str, ...]:
    readers = (setting.reads for each in FINGERPRINTS for setting in each.settings)
    keyed = {reader.config_map for reader in readers if isinstance(reader, ConfigKey)}
    named = (mark for mark in _marks() if isinstance(mark, NamedObject))
    return tuple(sorted(keyed | {mark.name for mark in named if mark.kind == "ConfigMap"}))


DAEMON_SET_HOMES = _homes("DaemonSet")
"""Where DaemonSets are looked for when they may not be listed everywhere."""

DEPLOYMENT_HOMES = _homes("Deployment")
"""Where Deployments are looked for."""

CONFIG_MAPS = _config_maps()
"""The ConfigMaps to read, as ``namespace/name``."""
