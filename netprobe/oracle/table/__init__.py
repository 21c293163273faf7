"""The answers for all pairs of pods at once, computed on sets of pods instead of one by one."""

from __future__ import annotations
