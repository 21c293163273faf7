"""Identities, read from their files: what objects and nodes a cluster of some CNI shows."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

_ENDING = ".toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What is set on every node. In values, ``{node}`` and ``{address}`` stand for the node's own."""

    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    provider_id: str = ""
    os_image: str = ""
    runtime: str = ""
    condition: Mapping[str, str] | None = None
    """Reason and message of NetworkUnavailable, which is False."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """A look: ``title`` for reports, the ``profile`` that its real counterpart has, and a description.

    ``version`` is the server's, "" for the lab's own. ``crds`` are names of CustomResourceDefinitions;
    ``workloads`` and ``config_maps`` are tables as the file has them, with ``name`` as ``namespace/name``.
    ``cni_files`` stand in /etc/cni/net.d of every node, name → text.
    """

    name: str
    title: str
    profile: str
    description: str
    version: str = ""
    crds: tuple[str, ...] = ()
    nodes: Look = field(default_factory=Look)
    workloads: tuple[Mapping[str, Any], ...] = ()
    config_maps: tuple[Mapping[str, Any], ...] = ()
    cni_files: Mapping[str, str] = field(default_factory=dict)


def read_identities() -> Mapping[str, Identity]:
    """All identities by name, which is that of their file."""
    files = [each for each in resources.files(__package__).iterdir() if each.name.endswith(_ENDING)]
    names = sorted((each.name.removesuffix(_ENDING), each) for each in files)
    return {name: _read(name, file.read_text(encoding="utf-8")) for name, file in names}


def _read(name: str, text: str) -> Identity:
    fields = tomllib.loads(text)
    return Identity(
        name=name,
        **{
            **fields,
            "crds": tuple(fields.get("crds", ())),
            "nodes": Look(**fields.get("nodes", {})),
            "workloads": tuple(fields.get("workloads", ())),
            "config_maps": tuple(fields.get("config_maps", ())),
        },
    )


IDENTITIES: Mapping[str, Identity] = read_identities()
