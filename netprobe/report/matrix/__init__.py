"""Offline truth tables in the forms that people read and tools take."""

from __future__ import annotations
