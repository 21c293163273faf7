"""A comparison of clusters, for people, CI systems and programs."""

from __future__ import annotations
