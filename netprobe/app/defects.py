"""Named defects for the offline commands: what a faulty network would make of the policies."""

from __future__ import annotations

from dataclasses import replace

from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.model.inventory import Inventory
from netprobe.oracle.defects.catalogue import DEFECTS
from netprobe.oracle.defects.defect import Defect
from netprobe.oracle.defects.faulty import denied_by, read_by


def find_defect(name: str) -> Defect:
    """Return the defect; raises InputError with the nearest name."""
    if name in DEFECTS:
        return DEFECTS[name]
    near = did_you_mean(name, DEFECTS) or f"defects are: {', '.join(DEFECTS)}"
    raise InputError(f'there is no defect "{name}"', remedy=near)


def defect_note(name: str) -> str:
    """Say that answers are those of a network with the defect; "" for a sound one. Raises InputError."""
    if not name:
        return ""
    defect = find_defect(name)
    return f"these are the answers of a network with the defect {name}, which {defect.says}"


def with_defect(inventory: Inventory, name: str) -> Inventory:
    """Return the inventory with its policies as a network with the defect reads them ("" is sound).

    Raises InputError for an unknown name, and for a defect that lies in single flows.
    """
    if not name:
        return inventory
    defect = find_defect(name)
    if not defect.is_about_policies:
        raise InputError(
            f"{name} is about single flows, not about how policies are read, so a table cannot show it",
            remedy="look at a flow with netprobe explain",
        )
    return replace(
        inventory,
        policies=read_by(defect, inventory.policies),
        admin_policies=(*denied_by(defect, inventory.policies), *inventory.admin_policies),
    )
