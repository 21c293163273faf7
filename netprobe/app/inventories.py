"""What the offline commands look at: manifests, or what a cluster holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from netprobe.app.clusters import check_there, open_cluster
from netprobe.errors import InputError
from netprobe.manifests.inventory import inventory_of_bodies
from netprobe.manifests.load import load_inventory
from netprobe.model.inventory import Inventory

SCENARIO = "scenario.yaml"
"""The file that makes a folder a scenario."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Where:
    """Where to look: ``paths`` of files and folders ("-" is ``stdin``), or a ``cluster``.

    ``namespace`` is that of objects which say none.
    """

    paths: Sequence[str] = ()
    cluster: str | None = None
    namespace: str = "default"
    stdin: TextIO | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An inventory, and what a person should know about how it was read."""

    inventory: Inventory
    notes: tuple[str, ...] = ()


def find_inventory(where: Where, more: Sequence[str] = ()) -> Found:
    """Read what there is; ``more`` are further paths. Raises InputError, EnvironmentFailure."""
    paths = [*where.paths, *more]
    if where.cluster is None:
        if not paths:
            raise InputError(
                "there is nothing to look at",
                remedy="name files or folders of manifests, - for standard input, or --cluster context",
            )
        inventory = load_inventory(paths, default_namespace=where.namespace, stdin=where.stdin)
        return Found(inventory=inventory, notes=(*_scenarios(paths), *_notes(inventory)))
    if paths:
        raise InputError("manifests and a cluster cannot be looked at together", remedy="give one of them")
    if where.cluster.partition(":")[0] == "lab":
        raise InputError(
            "a new lab holds nothing to look at", remedy="give --cluster running-lab or --cluster context"
        )
    check_there(where.cluster)
    with closing(open_cluster(where.cluster)) as cluster:
        census = cluster.census()
    inventory = inventory_of_bodies(census.bodies, file=where.cluster)
    unreadable = tuple(f"not readable here, so not looked at: {words}" for words in census.unreadable)
    return Found(inventory=inventory, notes=(*unreadable, *_notes(inventory)))


def _scenarios(paths: Sequence[str]) -> Iterator[str]:
    """Say of folders with a scenario that it is no story here: all its policies count at once."""
    for path in paths:
        if (Path(path) / SCENARIO).is_file():
            yield f"{path} is a scenario; its steps are not followed, all policies of the folder count"


def _notes(inventory: Inventory) -> list[str]:
    notes = [str(remark.problem) for remark in inventory.remarks]
    if inventory.ignored:
        kinds = ", ".join(f"{kind} ({count})" for kind, count in inventory.ignored.items())
        notes.append(f"not looked at, since they decide nothing about flows: {kinds}")
    return notes
