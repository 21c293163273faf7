"""Kernel parameters of the present network namespace."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def set_sysctls(values: Mapping[str, str]) -> None:
    """Write each parameter (``net.ipv4.ip_forward``); raises OSError, FileNotFoundError when unknown."""
    for name, value in values.items():
        _path(name).write_text(value, encoding="ascii")


def set_known_sysctls(values: Mapping[str, str]) -> None:
    """Write those of the parameters that this kernel has."""
    set_sysctls({name: value for name, value in values.items() if _path(name).exists()})


def _path(name: str) -> Path:
    return Path("/proc/sys", name.replace(".", "/"))
