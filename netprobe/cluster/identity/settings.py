"""Settings that decide whether a component enforces: where they stand, and what their values mean."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from netprobe.cluster.identity.objects import (
    containers_of,
    flag_value,
    full_name,
    name_of,
    part,
    split_image,
    title,
)
from netprobe.cluster.identity.versions import is_before
from netprobe.cluster.port import Body, Signs
from netprobe.model.identification import Enforces, Evidence, Role


class Reader(Protocol):
    """Where a setting stands."""

    def read(self, workloads: tuple[Body, ...], signs: Signs) -> Iterator[tuple[str | None, Evidence]]:
        """Each value with where it was seen: None where the setting is absent, nothing where it is unseen."""


@dataclass(frozen=True, slots=True)
class Argument:
    """A flag on the command line of the component's containers; None when no container has it."""

    flag: str

    def __str__(self) -> str:
        """The place in words."""
        return f"argument {self.flag}"

    def read(self, workloads: tuple[Body, ...], signs: Signs) -> Iterator[tuple[str | None, Evidence]]:
        """The flag in each workload."""
        del signs
        for body in workloads:
            values = [flag_value(each.arguments, self.flag) for each in containers_of(body)]
            value = next((value for value in values if value is not None), None)
            shown = f"{self.flag}={value}" if value is not None else f"no {self.flag}"
            yield value, Evidence(where=title(body), what=shown)


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable of the component's containers."""

    name: str

    def __str__(self) -> str:
        """The place in words."""
        return f"variable {self.name}"

    def read(self, workloads: tuple[Body, ...], signs: Signs) -> Iterator[tuple[str | None, Evidence]]:
        """The variable in each workload."""
        del signs
        for body in workloads:
            values = [
                each.variables[self.name] for each in containers_of(body) if self.name in each.variables
            ]
            value = values[0] if values else None
            shown = f"no variable {self.name}" if value is None else f"{self.name}={value}"
            yield value, Evidence(where=title(body), what=shown)


@dataclass(frozen=True, slots=True)
class ContainerNamed:
    """Whether the component's workload has a container of this name: its name, or None."""

    name: str

    def __str__(self) -> str:
        """The place in words."""
        return f"container {self.name}"

    def read(self, workloads: tuple[Body, ...], signs: Signs) -> Iterator[tuple[str | None, Evidence]]:
        """The container in each workload."""
        del signs
        for body in workloads:
            has = any(each.name == self.name for each in containers_of(body))
            shown = f"container {self.name}" if has else f"no container {self.name}"
            yield self.name if has else None, Evidence(where=title(body), what=shown)


@dataclass(frozen=True, slots=True)
class ImageTag:
    """The tag of the image whose repository ends so."""

    image: str

    def __str__(self) -> str:
        """The place in words."""
        return f"tag of image …{self.image}"

    def read(self, workloads: tuple[Body, ...], signs: Signs) -> Iterator[tuple[str | None, Evidence]]:
        """The tag in each workload."""
        del signs
        for body in workloads:
            for each in containers_of(body):
                repository, tag = split_image(each.image)
                if f"/{repository}".endswith(f"/{self.image}"):
                    yield tag, Evidence(where=title(body), what=f"image {each.image}")


@dataclass(frozen=True, slots=True)
class ConfigKey:
    """A key of a ConfigMap (``namespace/name``); with ``line``, the value that such a YAML line of it has."""

    config_map: str
    key: str
    line: str = ""

    def __str__(self) -> str:
        """The place in words."""
        return f"ConfigMap {self.config_map}, {self.line or self.key}"

    def read(self, workloads: tuple[Body, ...], signs: Signs) -> Iterator[tuple[str | None, Evidence]]:
        """The value, when the ConfigMap was read."""
        del workloads
        for body in signs.config_maps:
            if full_name(body) == self.config_map:
                value = self._value(part(body, "data").get(self.key))
                name = self.line or self.key
                shown = f"no {name}" if value is None else f"{name}: {value}"
                yield value, Evidence(where=title(body), what=shown)

    def _value(self, text: object) -> str | None:
        if text is None or not self.line:
            return None if text is None else str(text)
        match = re.search(rf"^\s*{re.escape(self.line)}:\s*[\"']?([^\s\"'#]+)", str(text), re.MULTILINE)
        return match[1] if match else None


@dataclass(frozen=True, slots=True)
class NodeArgument:
    """A flag in the arguments that k3s and RKE2 note in an annotation of each node (a JSON list)."""

    annotation: str
    flag: str

    def __str__(self) -> str:
        """The place in words."""
        return f"node annotation {self.annotation}, {self.flag}"

    def read(self, workloads: tuple[Body, ...], signs: Signs) -> Iterator[tuple[str | None, Evidence]]:
        """The flag on each node that notes its arguments."""
        del workloads
        for node in signs.nodes or ():
            noted = part(node, "metadata", "annotations").get(self.annotation)
            if noted is not None:
                value = flag_value(_list(str(noted)), self.flag)
                shown = f"no {self.flag}" if value is None else f"{self.flag} {value}"
                yield value, Evidence(where=f"Node {name_of(node)}", what=f"{self.annotation}: {shown}")


@dataclass(frozen=True, slots=True)
class NodeLabel:
    """The value of a label of nodes."""

    key: str

    def __str__(self) -> str:
        """The place in words."""
        return f"node label {self.key}"

    def read(self, workloads: tuple[Body, ...], signs: Signs) -> Iterator[tuple[str | None, Evidence]]:
        """The label on each node that has it."""
        del workloads
        for node in signs.nodes or ():
            value = part(node, "metadata", "labels").get(self.key)
            if value is not None:
                yield str(value), Evidence(where=f"Node {name_of(node)}", what=f"{self.key}={value}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """What a value means. Of several settings the first that holds and decides counts.

    It holds when a value that is read matches ``value`` (a regular expression for all of it, "" for a
    setting that is absent), or is a version ``before`` that one. ``enforces`` and ``role`` are what
    follows; ``alarms``: the reason is also a warning.
    """

    reads: Reader
    because: str
    value: str = ""
    before: str = ""
    enforces: Enforces | None = None
    role: Role | None = None
    alarms: bool = False

    def holds(self, workloads: tuple[Body, ...], signs: Signs) -> Evidence | None:
        """Where it holds; None when it does not, or cannot be seen."""
        for value, evidence in self.reads.read(workloads, signs):
            if self._fits(value):
                return evidence
        return None

    def _fits(self, value: str | None) -> bool:
        if self.before:
            return value is not None and is_before(value, self.before) is True
        return (
            value is None if not self.value else value is not None and bool(re.fullmatch(self.value, value))
        )


def _list(text: str) -> tuple[str, ...]:
    try:
        words = json.loads(text)
    except ValueError:
        return ()
    return tuple(map(str, words)) if isinstance(words, list) else ()
