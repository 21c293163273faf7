"""The generated configuration: what kind's v1alpha4 takes, written down once more, by hand."""

from __future__ import annotations

import ipaddress
import json
from itertools import product

import pytest
from jsonschema import Draft202012Validator

from netprobe.cluster.providers.kind import base
from netprobe.cluster.providers.kind.base import base_config, config_text
from netprobe.cluster.providers.kind.plan import make_plan
from netprobe.cluster.providers.kind.recipes import built_in, find_recipe
from netprobe.cluster.providers.kind.wish import Wish
from netprobe.errors import EnvironmentFailure

TEXT = {"type": "string"}
LABELS = {
    "type": "object",
    "additionalProperties": {"type": "string", "pattern": "^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$"},
}
NODE = {
    "type": "object",
    "required": ["role"],
    "additionalProperties": False,
    "properties": {
        "role": {"enum": ["control-plane", "worker"]},
        "image": TEXT,
        "labels": LABELS,
        "extraMounts": {"type": "array"},
        "extraPortMappings": {"type": "array"},
        "kubeadmConfigPatches": {"type": "array"},
        "kubeadmConfigPatchesJSON6902": {"type": "array"},
    },
}
NETWORKING = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "ipFamily": {"enum": ["ipv4", "ipv6", "dual"]},
        "apiServerPort": {"type": "integer"},
        "apiServerAddress": TEXT,
        "podSubnet": TEXT,
        "serviceSubnet": TEXT,
        "disableDefaultCNI": {"type": "boolean"},
        "kubeProxyMode": {"enum": ["iptables", "ipvs", "nftables", "none"]},
        "dnsSearch": {"type": "array"},
    },
}
CLUSTER = {
    "type": "object",
    "required": ["kind", "apiVersion", "nodes", "networking"],
    "additionalProperties": False,
    "properties": {
        "kind": {"const": "Cluster"},
        "apiVersion": {"const": "kind.x-k8s.io/v1alpha4"},
        "name": TEXT,
        "nodes": {
            "type": "array",
            "items": NODE,
            "contains": {"properties": {"role": {"const": "control-plane"}}},
        },
        "networking": NETWORKING,
        "featureGates": {"type": "object"},
        "runtimeConfig": {"type": "object"},
        "kubeadmConfigPatches": {"type": "array"},
        "containerdConfigPatches": {"type": "array"},
    },
}
VALID = Draft202012Validator(CLUSTER)


def versions_of(subnets):
    return [ipaddress.ip_network(each).version for each in subnets.split(",")]


@pytest.mark.parametrize("name", built_in())
def test_every_configuration_is_what_kind_takes(name):
    recipe, folder = find_recipe(name)
    for family, proxy in product(recipe.cluster.families, recipe.cluster.proxies):
        wish = Wish(recipe=name, family=family, proxy=proxy, node="kindest/node:v1.34.0")
        config = json.loads(config_text(make_plan(wish, recipe, folder, base_config()).config))
        assert [error.message for error in VALID.iter_errors(config)] == []
        # As kind's own validation has it: one range of each family, no range twice.
        wanted = {"ipv4": [4], "ipv6": [6], "dual": [4, 6]}[family]
        assert versions_of(config["networking"]["podSubnet"]) == wanted
        assert config["networking"]["disableDefaultCNI"] is (name != "kindnet")


def test_the_check_itself_finds_a_wrong_key():
    assert list(VALID.iter_errors({**base_config(), "nodez": []}))
    assert list(VALID.iter_errors({**base_config(), "networking": {"ipFamily": "ipv5"}}))


def test_the_base_lies_in_the_package_or_atop_the_checkout(tmp_path, monkeypatch):
    deep = tmp_path / "a" / "b" / "c" / "d" / "e" / "base.py"
    deep.parent.mkdir(parents=True)
    monkeypatch.setattr(base, "_HERE", deep)
    with pytest.raises(EnvironmentFailure, match=r"kind-config\.yaml is missing"):
        base_config()
    (deep.parent / "kind-config.yaml").write_text("kind: Cluster\nnodes: []\n", encoding="utf-8")
    assert base_config() == {"kind": "Cluster", "nodes": []}
