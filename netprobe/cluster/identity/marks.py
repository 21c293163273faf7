"""Other things by which a CNI or a platform is known: nodes, CRDs, the server's address, files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from netprobe.cluster.identity.cni_files import read_cni_files
from netprobe.cluster.identity.objects import full_name, name_of, part, title
from netprobe.cluster.port import Body, Signs
from netprobe.model.identification import Evidence


class Mark(Protocol):
    """One way to recognise something; its text says which."""

    def find(self, signs: Signs) -> tuple[Evidence, ...]:
        """What was seen of it; empty when it is not there."""


@dataclass(frozen=True, slots=True)
class CustomGroup:
    """CustomResourceDefinitions of an API group. They stay when a CNI is removed."""

    group: str

    def __str__(self) -> str:
        """The mark in words."""
        return f"CRDs of {self.group}"

    def find(self, signs: Signs) -> tuple[Evidence, ...]:
        """The group, with the number of its kinds."""
        kinds = [name for name in signs.custom or () if name.endswith(f".{self.group}")]
        if kinds:
            return (Evidence(where=f"CRDs of {self.group}", what=f"{len(kinds)}"),)
        return (Evidence(where=f"API group {self.group}"),) if self.group in (signs.custom or ()) else ()


@dataclass(frozen=True, slots=True)
class OnNodes:
    """Something on nodes.

    ``what`` is ``label``, ``annotation``, ``taint`` or ``condition`` (with a ``key``; the value of a
    condition is its reason), or ``name``, ``kubelet``, ``os-image``, ``runtime`` or ``provider-id``. A
    ``key`` ending in ``*`` is a prefix. ``value`` is a regular expression for the beginning of the value.
    """

    what: str
    key: str = ""
    value: str = ""

    def __str__(self) -> str:
        """The mark in words."""
        thing = f"{self.what} {self.key}".strip()
        return f"node {thing}" + (f" {_plain(self.value)}" if self.value else "")

    def find(self, signs: Signs) -> tuple[Evidence, ...]:
        """The first such thing, with the number of nodes that have one."""
        shown = [shown for node in signs.nodes or () if (shown := self._on(node))]
        if not shown:
            return ()
        return (Evidence(where=f"{len(shown)} of {len(signs.nodes or ())} nodes", what=shown[0]),)

    def nodes(self, signs: Signs) -> tuple[str, ...]:
        """The names of the nodes that have it."""
        return tuple(name_of(node) for node in signs.nodes or () if self._on(node))

    def _on(self, node: Body) -> str:
        for key, value in _things(node, self.what):
            is_named = key.startswith(self.key[:-1]) if self.key.endswith("*") else key == self.key
            if is_named and re.match(self.value, value):
                shown = "" if self.what == "annotation" else value  # which may be long
                return " ".join(word for word in (self.what, key, shown) if word)
        return ""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The host of the API server's URL ends so."""

    ending: str

    def __str__(self) -> str:
        """The mark in words."""
        return f"API server at *{self.ending}"

    def find(self, signs: Signs) -> tuple[Evidence, ...]:
        """The host."""
        host = urlsplit(signs.server).hostname or ""
        return (Evidence(where="API server", what=host),) if host.endswith(self.ending) else ()


@dataclass(frozen=True, slots=True)
class ServerVersion:
    """The server's version holds this."""

    part: str

    def __str__(self) -> str:
        """The mark in words."""
        return f"server version with {self.part}"

    def find(self, signs: Signs) -> tuple[Evidence, ...]:
        """The version."""
        return (Evidence(where="server version", what=signs.version),) if self.part in signs.version else ()


@dataclass(frozen=True, slots=True)
class ContextName:
    """The kubeconfig context is called so (a regular expression for the whole name)."""

    pattern: str

    def __str__(self) -> str:
        """The mark in words."""
        return f"context {_plain(self.pattern)}"

    def find(self, signs: Signs) -> tuple[Evidence, ...]:
        """The context."""
        is_so = re.fullmatch(self.pattern, signs.context) is not None
        return (Evidence(where="context", what=signs.context),) if is_so else ()


@dataclass(frozen=True, slots=True)
class NamedObject:
    """A ConfigMap, or a HelmChart of k3s and RKE2, by ``namespace/name``."""

    kind: str
    name: str

    def __str__(self) -> str:
        """The mark in words."""
        return f"{self.kind} {self.name}"

    def find(self, signs: Signs) -> tuple[Evidence, ...]:
        """The object."""
        bodies = signs.config_maps if self.kind == "ConfigMap" else signs.helm_charts
        return tuple(Evidence(where=title(body)) for body in bodies if full_name(body) == self.name)


@dataclass(frozen=True, slots=True)
class CniFile:
    """The CNI configuration that a node takes has a plugin of this type, or this file name."""

    plugin: str = ""
    file: str = ""

    def __str__(self) -> str:
        """The mark in words."""
        ways = [f"with a plugin of type {self.plugin}"] if self.plugin else []
        return " ".join(["CNI file", *([self.file] if self.file else []), *ways])

    def find(self, signs: Signs) -> tuple[Evidence, ...]:
        """The file."""
        taken = read_cni_files(signs.cni_files or {}).taken
        if taken is None:
            return ()
        is_so = (not self.plugin or self.plugin in taken.plugins) and (
            not self.file or self.file == taken.name
        )
        words = f"plugins {', '.join(taken.plugins)}"
        return (Evidence(where=f"CNI file {taken.name}", what=words),) if is_so else ()


def _things(node: Body, what: str) -> Iterator[tuple[str, str]]:
    info = part(node, "status", "nodeInfo")
    match what:
        case "label" | "annotation":
            yield from _texts(part(node, "metadata", f"{what}s"))
        case "taint":
            yield from ((str(each.get("key")), "") for each in part(node, "spec").get("taints") or ())
        case "condition":
            for each in part(node, "status").get("conditions") or ():
                yield str(each.get("type")), str(each.get("reason", ""))
        case "name":
            yield "", name_of(node)
        case "provider-id":
            yield "", str(part(node, "spec").get("providerID", ""))
        case _:
            keys = {"kubelet": "kubeletVersion", "os-image": "osImage", "runtime": "containerRuntimeVersion"}
            yield "", str(info.get(keys[what], ""))


def _texts(values: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    yield from ((key, str(value)) for key, value in values.items())


def _plain(pattern: str) -> str:
    """A regular expression as a person reads it."""
    return pattern.replace("\\", "").replace(".*", "*").replace("|", " or ")
