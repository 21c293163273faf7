"""The board: pods, policies and edges on which every named defect of a network shows."""

from __future__ import annotations
