"""Manifests, or the objects of a cluster, as an Inventory: all that decides flows."""

from __future__ import annotations

from netprobe.manifests.inventory.reading import inventory_of_bodies, read_inventory

__all__ = ["inventory_of_bodies", "read_inventory"]
