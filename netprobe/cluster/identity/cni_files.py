"""CNI configuration files of a node: which one the node takes, and which plugins it names.

A container runtime takes the first valid file by name among ``*.conf``, ``*.conflist`` and ``*.json``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

_ENDINGS = (".conf", ".conflist", ".json")


@dataclass(frozen=True, kw_only=True, slots=True)
class CniConfig:
    """One file: the types of its plugins, in order; ``network`` is the network's name."""

    name: str
    network: str
    plugins: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class CniFiles:
    """The file that is ``taken`` (None: none is valid), the valid ``others``, and ``broken`` names."""

    taken: CniConfig | None
    others: tuple[CniConfig, ...] = ()
    broken: tuple[str, ...] = ()


def read_cni_files(files: Mapping[str, str]) -> CniFiles:
    """Read files by name → text; names with other endings are left out, as a runtime does."""
    valid: list[CniConfig] = []
    broken: list[str] = []
    for name in sorted(name for name in files if name.endswith(_ENDINGS)):
        config = _read(name, files[name])
        if config is None:
            broken.append(name)
        else:
            valid.append(config)
    return CniFiles(taken=valid[0] if valid else None, others=tuple(valid[1:]), broken=tuple(broken))


def _read(name: str, text: str) -> CniConfig | None:
    try:
        document = json.loads(text)
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    plugins = document.get("plugins", [document])
    if not isinstance(plugins, list):
        return None
    types = tuple(str(each["type"]) for each in plugins if isinstance(each, dict) and each.get("type"))
    if not types:
        return None
    return CniConfig(name=name, network=str(document.get("name", "")), plugins=types)
