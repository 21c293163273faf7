"""What a cluster shows before it is audited: its CNI, and the policies that are there."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.app.node_look import with_differences, with_files
from netprobe.cluster.identity.identify import identify
from netprobe.cluster.port import Cluster
from netprobe.errors import EnvironmentFailure, InputError
from netprobe.manifests.inventory import inventory_of_bodies
from netprobe.model.identification import Identification
from netprobe.model.inventory import Inventory
from netprobe.runner.node_files import NodeFiles


@dataclass(frozen=True, kw_only=True, slots=True)
class Sights:
    """What was seen; None for what the cluster did not show, and ``unseen`` says why."""

    identification: Identification | None
    inventory: Inventory | None
    unseen: tuple[str, ...] = ()


def look(cluster: Cluster, files: NodeFiles | None = None) -> Sights:
    """Look at signs of the CNI and at all that decides flows; never fails for want of permission.

    ``files`` are CNI files of nodes, where the user allowed to look at them.
    """
    unseen: list[str] = []
    identification = _identification(cluster, files, unseen)
    inventory = _inventory(cluster, unseen)
    return Sights(identification=identification, inventory=inventory, unseen=tuple(unseen))


def _identification(cluster: Cluster, files: NodeFiles | None, unseen: list[str]) -> Identification | None:
    try:
        if files is None:
            seen = identify(cluster.signs())
        else:
            seen = with_differences(identify(with_files(cluster.signs(), files)), files)
    except EnvironmentFailure as error:
        unseen.append(f"which CNI this is could not be seen: {error.message}")
        return None
    if seen.unseen:
        unseen.append(f"of the CNI these could not be seen: {', '.join(seen.unseen)}")
    return seen


def _inventory(cluster: Cluster, unseen: list[str]) -> Inventory | None:
    """All that decides flows; InputError stands for a policy that netprobe does not understand."""
    try:
        census = cluster.census()
        return inventory_of_bodies(census.bodies)
    except (EnvironmentFailure, InputError) as error:
        unseen.append(f"which policies of this cluster are affected could not be seen: {error.message}")
        return None
