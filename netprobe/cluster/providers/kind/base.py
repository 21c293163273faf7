"""The kind configuration: ``kind-config.yaml``, with what a recipe and the user want of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from netprobe.cluster.providers.kind.recipe import ClusterShape, Family, Proxy
from netprobe.errors import EnvironmentFailure
from netprobe.manifests.yaml_source import read_documents

_NAME = "kind-config.yaml"
_HERE = Path(__file__).resolve()


def base_config() -> dict[str, Any]:
    """The configuration that every cluster begins with; in a wheel it lies here, else atop the checkout."""
    checkout = _HERE.parents[4]
    candidates = [_HERE.parent / _NAME]
    if (checkout / "pyproject.toml").is_file():
        candidates.append(checkout / _NAME)
    for path in candidates:
        if path.is_file():
            (document,) = read_documents(path.read_text(encoding="utf-8"), str(path))
            return document.body
    raise EnvironmentFailure(f"netprobe's {_NAME} is missing", remedy="install netprobe again")


def pod_subnet(shape: ClusterShape, family: Family) -> str:
    """The pods' addresses as kind takes them."""
    subnets = shape.pod_subnet
    by_family = {"ipv4": subnets.ipv4, "ipv6": subnets.ipv6, "dual": f"{subnets.ipv4},{subnets.ipv6}"}
    return by_family[family]


def kind_config(
    base: Mapping[str, Any],
    shape: ClusterShape,
    *,
    family: Family,
    proxy: Proxy,
    node: str,
    labels: Mapping[str, str],
) -> dict[str, Any]:
    """The base with the recipe's network, the nodes' image ("": kind's own) and labels on every node."""
    config: dict[str, Any] = copy.deepcopy(dict(base))
    networking = dict(config.get("networking") or {})
    networking |= {
        "disableDefaultCNI": not shape.default_cni,
        "podSubnet": pod_subnet(shape, family),
        "ipFamily": family,
        "kubeProxyMode": proxy,
    }
    config["networking"] = networking
    image = {"image": node} if node else {}
    config["nodes"] = [
        {**each, **image, "labels": {**(each.get("labels") or {}), **labels}}
        for each in config.get("nodes") or [{"role": "control-plane"}]
    ]
    return config


def config_text(config: Mapping[str, Any]) -> str:
    """The configuration as a file: JSON, which is YAML too."""
    return json.dumps(config, indent=2) + "\n"
