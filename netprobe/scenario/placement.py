"""Where the author's namespaces live during a run: a pure two-way map of names.

Namespace ``production`` becomes ``np-<run>-production``; with it go ``metadata.namespace`` and the
``kubernetes.io/metadata.name`` label wherever a Namespace carries it or a namespaceSelector asks
for it. Names that the scenario does not declare stay as they are.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that the API server puts on every namespace."""

LONGEST = 63
"""Characters that a namespace name may have."""

FOREIGN = "@cluster"
"""Follows the name of a cluster's own namespace that is called like one of the author's."""

Rename = Callable[[str], str]


class Placement:
    """The map for one run: ``placed`` goes to the cluster's names, ``original`` comes back.

    With ``exact`` every namespace keeps its name. The run id must not occur in the author's names:
    ``np-<run>-`` belongs to netprobe.
    """

    def __init__(self, run_id: str, namespaces: Sequence[str], exact: bool = False) -> None:  # noqa: FBT001, FBT002 - read as a word at the call: exact=True
        self.run_id = run_id
        self.exact = exact
        self._placed = {name: name if exact else _place_name(run_id, name) for name in namespaces}
        self._original = {placed: name for name, placed in self._placed.items()}

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The placed names, in the author's order."""
        return tuple(self._placed.values())

    def placed(self, name: str) -> str:
        """The cluster's name for an author's namespace; undeclared names stay."""
        if name.endswith(FOREIGN):
            return name.removesuffix(FOREIGN)
        return self._placed.get(name, name)

    def original(self, name: str) -> str:
        """The author's name for a cluster's namespace.

        Foreign names stay, unless the author uses the same word: then it reads ``name@cluster``.
        """
        if name in self._original:
            return self._original[name]
        return f"{name}{FOREIGN}" if name in self._placed else name

    def place(self, body: Mapping[str, object], *, kind: str = "") -> dict[str, Any]:
        """A copy of a Kubernetes object with the cluster's names.

        ``kind`` stands in for objects that do not say theirs (items of a list).
        """
        return _renamed(body, kind or str(body.get("kind", "")), self.placed)

    def unplace(self, body: Mapping[str, object], *, kind: str = "") -> dict[str, Any]:
        """A copy of a Kubernetes object with the author's names; undoes ``place``."""
        return _renamed(body, kind or str(body.get("kind", "")), self.original)


def _place_name(run_id: str, name: str) -> str:
    placed = f"np-{run_id}-{name}"
    if len(placed) <= LONGEST:
        return placed
    digest = hashlib.sha256(name.encode()).hexdigest()[:10]
    head = placed[: LONGEST - len(digest) - 1].rstrip("-")
    return f"{head}-{digest}"


def _renamed(body: Mapping[str, object], kind: str, rename: Rename) -> dict[str, Any]:
    """Copy an object, renaming every namespace that it names."""
    renamed: dict[str, Any] = {
        key: _walk(value, rename) if key == "spec" else copy.deepcopy(value) for key, value in body.items()
    }
    metadata = renamed.get("metadata")
    if isinstance(metadata, dict):
        _rename_metadata(metadata, kind, rename)
    for endpoint in renamed.get("endpoints") or ():
        target = endpoint.get("targetRef") if isinstance(endpoint, dict) else None
        if isinstance(target, dict) and target.get("namespace"):
            target["namespace"] = rename(target["namespace"])
    return renamed


def _rename_metadata(metadata: dict[str, Any], kind: str, rename: Rename) -> None:
    if kind == "Namespace":
        if isinstance(metadata.get("name"), str):
            metadata["name"] = rename(metadata["name"])
        labels = metadata.get("labels")
        if isinstance(labels, dict) and isinstance(labels.get(NAME_LABEL), str):
            labels[NAME_LABEL] = rename(labels[NAME_LABEL])
    elif metadata.get("namespace"):
        metadata["namespace"] = rename(metadata["namespace"])


def _walk(value: object, rename: Rename) -> Any:
    """Copy a spec, renaming where it names namespaces.

    A namespaceSelector does, the ``namespaces`` list of an affinity term, and the ``namespaces`` selector
    of a cluster-wide policy.
    """
    if isinstance(value, Mapping):
        walked = {key: _walk(inner, rename) for key, inner in value.items()}
        for key in ("namespaceSelector", "namespaces"):
            if isinstance(walked.get(key), dict):
                walked[key] = _rename_selector(walked[key], rename)
        if "topologyKey" in walked and isinstance(walked.get("namespaces"), list):
            walked["namespaces"] = _renamed_list(walked["namespaces"], rename)
        return walked
    if isinstance(value, list | tuple):
        return [_walk(inner, rename) for inner in value]
    return value


def _rename_selector(selector: dict[str, Any], rename: Rename) -> dict[str, Any]:
    labels = selector.get("matchLabels")
    if isinstance(labels, dict) and isinstance(labels.get(NAME_LABEL), str):
        labels[NAME_LABEL] = rename(labels[NAME_LABEL])
    for requirement in selector.get("matchExpressions") or ():
        if (
            isinstance(requirement, dict)
            and requirement.get("key") == NAME_LABEL
            and isinstance(requirement.get("values"), list)
        ):
            requirement["values"] = _renamed_list(requirement["values"], rename)
    return selector


def _renamed_list(values: list[Any], rename: Rename) -> list[Any]:
    return [rename(value) if isinstance(value, str) else value for value in values]
