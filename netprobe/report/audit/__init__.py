"""The result of an audit, for people, CI systems and programs."""

from __future__ import annotations
