"""Whatever a file holds, the end is an inventory, or problems with their places: no other exception."""

from __future__ import annotations

import copy
import io
import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from netprobe.errors import InputError
from netprobe.manifests.document import Document, Places
from netprobe.manifests.inventory import read_inventory
from netprobe.manifests.load import load_inventory
from netprobe.model.inventory import Inventory

LABELS = {
    "matchLabels": {"app": "web"},
    "matchExpressions": [{"key": "a", "operator": "In", "values": ["b"]}],
}
POD_SPEC = {
    "nodeName": "node1",
    "hostNetwork": False,
    "containers": [{"name": "a", "ports": [{"containerPort": 80, "name": "http", "protocol": "TCP"}]}],
    "initContainers": [{"name": "b", "restartPolicy": "Always", "ports": [{"containerPort": 81}]}],
}
TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": POD_SPEC}
PORTS = [{"portNumber": {"port": 80, "protocol": "TCP"}}, {"portRange": {"start": 1, "end": 2}}]
PROTOCOLS = [
    {"tcp": {"destinationPort": {"range": {"start": 1, "end": 2}}}},
    {"destinationNamedPort": "http"},
]
NAMESPACED_PODS = {"pods": {"namespaceSelector": {}, "podSelector": LABELS}}


def an(api_version, kind, *, name="web", namespace="shop", labels=None, **rest):
    metadata = {"name": name, "namespace": namespace, "labels": labels or {"app": "web"}}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata} | rest


OBJECTS = [
    an("v1", "Namespace", name="shop"),
    an("v1", "Node", status={"addresses": [{"type": "InternalIP", "address": "192.0.2.1"}]}),
    an("v1", "Pod", spec=POD_SPEC, status={
        "phase": "Running",
        "podIP": "10.0.0.1",
        "podIPs": [{"ip": "10.0.0.1"}],
        "conditions": [{"type": "Ready", "status": "True"}],
    }) | {"metadata": {
        "generateName": "web-",
        "name": "web-1",
        "ownerReferences": [{"kind": "ReplicaSet", "name": "web-5d", "controller": True}],
        "labels": {"app": "web", "pod-template-hash": "5d"},
        "creationTimestamp": "2026-01-01T00:00:00Z",
    }},
    *(an("apps/v1", kind, spec={"replicas": 2, "selector": LABELS, "template": TEMPLATE})
      for kind in ("Deployment", "DaemonSet", "ReplicaSet")),
    an("apps/v1", "StatefulSet", spec={"ordinals": {"start": 1}, "selector": LABELS, "template": TEMPLATE}),
    an("v1", "ReplicationController", spec={"selector": {"app": "web"}, "template": TEMPLATE}),
    an("batch/v1", "Job", spec={"parallelism": 2, "template": TEMPLATE}),
    an("batch/v1", "CronJob", spec={"jobTemplate": {"spec": {"template": TEMPLATE}}}),
    an("v1", "Service", name="kube-dns", namespace="kube-system", spec={
        "type": "ClusterIP",
        "clusterIP": "10.96.0.10",
        "clusterIPs": ["10.96.0.10"],
        "ipFamilies": ["IPv4"],
        "selector": {"app": "web"},
        "ports": [{"port": 53, "protocol": "UDP", "name": "dns", "targetPort": "http"}],
    }),
    an("v1", "Service", spec={"type": "ExternalName", "externalName": "example.com"}),
    an("discovery.k8s.io/v1", "EndpointSlice", labels={"kubernetes.io/service-name": "web"},
       endpoints=[{"addresses": ["10.0.0.1"], "conditions": {"ready": True},
                   "targetRef": {"kind": "Pod", "name": "web-1"}}],
       ports=[{"port": 80, "name": "", "protocol": "TCP"}]),
    an("networking.k8s.io/v1", "NetworkPolicy", spec={
        "podSelector": LABELS,
        "policyTypes": ["Ingress"],
        "ingress": [{"from": [{"podSelector": LABELS, "namespaceSelector": {}},
                              {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}],
                     "ports": [{"port": 80, "endPort": 90, "protocol": "TCP"}, {"port": "http"}]}],
    }),
    an("policy.networking.k8s.io/v1alpha1", "AdminNetworkPolicy", spec={
        "priority": 1,
        "subject": NAMESPACED_PODS,
        "ingress": [{"action": "Pass", "from": [NAMESPACED_PODS], "ports": PORTS}],
        "egress": [{"action": "Allow", "name": "x", "to": [{"networks": ["10.0.0.0/8"]}, {"nodes": {}},
                                                            {"domainNames": ["example.com"]}]}],
    }),
    an("policy.networking.k8s.io/v1alpha1", "BaselineAdminNetworkPolicy", name="default",
       spec={"subject": {"namespaces": {}}, "ingress": [{"action": "Deny", "from": [{"namespaces": {}}]}]}),
    an("policy.networking.k8s.io/v1alpha2", "ClusterNetworkPolicy", spec={
        "tier": "Admin",
        "priority": 1,
        "subject": NAMESPACED_PODS,
        "egress": [{"action": "Accept", "to": [NAMESPACED_PODS], "protocols": PROTOCOLS}],
    }),
]  # fmt: skip


def paths(value, path=()):
    """Every way into the value."""
    yield path
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(part, (*path, key))


WAYS = [(number, path) for number, each in enumerate(OBJECTS) for path in paths(each) if path]
ODD = st.sampled_from(
    [None, True, 0, -1, 80, 10**30, 1.5, "", "x", "A b", "10.0.0.0/33", "é", [], {}, [None], [[]], ["x"],
     [{}], {"": None}, {"x": {}}, {"x": "y"}, {"matchLabels": []}, "v1", "List"]
)  # fmt: skip


def put(objects, way, value):
    number, path = way
    target = objects[number]
    for part in path[:-1]:
        if not isinstance(target, dict | list) or (isinstance(target, dict) and part not in target):
            return
        if isinstance(target, list) and (not isinstance(part, int) or part >= len(target)):
            return
        target = target[part]
    if isinstance(target, dict) or (
        isinstance(target, list) and isinstance(path[-1], int) and path[-1] < len(target)
    ):
        target[path[-1]] = copy.deepcopy(value)


def read(objects):
    problems = []
    documents = [Document(body=body, places=Places(file="a.yaml")) for body in objects]
    inventory = read_inventory(documents, problems)
    assert isinstance(inventory, Inventory)
    return inventory, problems


def test_what_is_mutated_is_whole_before():
    inventory, problems = read(OBJECTS)
    assert problems == []
    assert len(inventory.admin_policies) == 3


class Plain(yaml.SafeDumper):
    """Writes what is there twice twice, instead of an alias."""

    def ignore_aliases(self, data):
        return True


def as_texts():
    """The objects in the ways they are written in."""
    listed = {"apiVersion": "v1", "kind": "List", "items": OBJECTS}
    return {
        "yaml": yaml.dump_all(OBJECTS, Dumper=Plain),
        "yaml with aliases": yaml.dump_all(OBJECTS, Dumper=yaml.SafeDumper),
        "yaml list": yaml.dump(listed, Dumper=Plain),
        "yaml list with aliases": yaml.dump(listed, Dumper=yaml.SafeDumper),
        "flow": yaml.dump_all(OBJECTS, Dumper=Plain, default_flow_style=True),
        "json": "".join(json.dumps(each) for each in OBJECTS),
        "json documents": "\n---\n".join(json.dumps(each, indent=2) for each in OBJECTS),
        "json list": json.dumps(listed, indent=1),
    }


@pytest.mark.parametrize("way", as_texts())
def test_objects_are_read_the_same_however_they_are_written(way):
    text = as_texts()[way]
    inventory = load_inventory(["-"], stdin=io.StringIO(text))
    expected, _ = read(OBJECTS)
    assert (inventory.topology, inventory.policies, inventory.admin_policies) == (
        expected.topology,
        expected.policies,
        expected.admin_policies,
    )


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(WAYS), ODD), min_size=1, max_size=6))
def test_mutated_manifests_end_in_an_inventory_or_problems(changes):
    objects = copy.deepcopy(OBJECTS)
    for way, value in changes:
        put(objects, way, value)
    read(objects)


WORDS = [
    *(
        "apiVersion: v1\n",
        "kind: Pod\n",
        "kind: List\n",
        "items:\n",
        "metadata: {name: a}\n",
        "spec:\n",
        "containers:\n",
    ),
    *(
        "- ",
        "  ",
        "---\n",
        "...\n",
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ": ",
        "&a ",
        "*a",
        "|\n",
        "#",
        "{{ .x }}",
        "\n",
        "x",
    ),
    *("<<: ", "\\u", "\t", "%YAML 1.1\n", "é", "null", "? ", '"kind": "Pod"', ","),
]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map("".join))
def test_text_of_any_kind_ends_in_an_inventory_or_an_input_error(text):
    try:
        inventory = load_inventory(["-"], stdin=io.StringIO(text))
    except InputError as error:
        assert all(1 <= problem.place.line <= text.count("\n") + 2 for problem in error.problems)  # noqa: PT017
    else:
        assert isinstance(inventory, Inventory)
