"""Late loading: names in tables to what they stand for, imported when it is asked for."""

from __future__ import annotations

import importlib
from typing import Any


def load(dotted: str) -> Any:
    """Return the object at ``package.module:name``."""
    module, _, name = dotted.partition(":")
    return getattr(importlib.import_module(module), name)
