"""Which CNI a cluster has, for people and for programs."""

from __future__ import annotations
