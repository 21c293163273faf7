"""Lists of objects, in YAML and JSON, with the places of their items."""

from __future__ import annotations

import json
import textwrap

import pytest

from netprobe.manifests.sources.lists import find_list
from netprobe.manifests.sources.splitting import Chunk

ITEM = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {name}
  annotations:
    text: |
      - not an item
spec:
  ingress:
  - ports:
    - port: {port}
"""


def as_list(indent, *, port=80, kind="List"):
    items = [
        textwrap.indent("- " + textwrap.indent(ITEM.format(name=name, port=port), "  ")[2:], indent)
        for name in "ab"
    ]
    return f"apiVersion: v1\nitems:\n{''.join(items)}kind: {kind}\nmetadata: {{}}\n"


@pytest.mark.parametrize("indent", ["", "  "])
def test_a_list_is_read_item_by_item_with_the_places_in_the_file(load, complaints, indent):
    text = as_list(indent)
    assert find_list(Chunk(text=text)) is not None
    inventory = load({"a.yaml": "# above\n---\n" + text})
    places = [(found.name, found.place.line, found.place.column) for found in inventory.policies]
    assert places == [("a", 5, 3 + len(indent)), ("b", 16, 3 + len(indent))]
    column = 15 + len(indent)
    assert complaints({"a.yaml": as_list(indent, port=0)}) == [
        f"a.yaml:{line}:{column}: spec.ingress[0].ports[0].port: 0 must be between 1 and 65535"
        for line in (13, 24)
    ]


@pytest.mark.parametrize("indent", ["", "  "])
def test_items_of_unknown_kinds_are_not_even_parsed(load, indent):
    text = as_list(indent).replace("kind: NetworkPolicy", "kind: Secret", 1).replace("port: 80", "port: [", 1)
    inventory = load({"a.yaml": text})
    assert ([found.name for found in inventory.policies], inventory.ignored) == (["b"], {"Secret": 1})


def test_the_frame_of_a_list_is_read_too(complaints):
    text = as_list("").replace("metadata: {}", "metadata: {a: 1")
    assert complaints({"a.yaml": text}) == [
        "a.yaml:26:11: this '{' mapping is not closed, or a ',' is missing in it"
    ]


def test_a_list_with_aliases_across_its_items_is_read_whole(load):
    text = as_list("").replace("ports:\n", "ports: &ports\n", 1)
    begin = text.rindex("ports:\n      - port: 80")
    text = text[:begin] + "ports: *ports\n" + text[begin:].partition("80\n")[2]
    assert find_list(Chunk(text=text)) is None
    assert [found.ingress[0].ports[0].port for found in load({"a.yaml": text}).policies] == [80, 80]


def test_items_of_a_typed_list_have_its_kind(load):
    pod = {"metadata": {"name": "a"}, "spec": {"containers": [{"name": "x"}]}}
    body = {"apiVersion": "v1", "kind": "PodList", "items": [pod]}
    as_yaml = (
        "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: b}\n  spec: {containers: [{name: x}]}\n"
    )
    inventory = load({"a.json": json.dumps(body), "b.yaml": as_yaml})
    assert [found.name for found in inventory.topology.pods] == ["a", "b"]


@pytest.mark.parametrize("indent", [None, 2])
def test_json_has_the_places_that_yaml_has(complaints, indent):
    policy = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "a"},
        "spec": {"ingress": [{"ports": [{"port": 0}]}]},
    }
    listed = {"kind": "List", "apiVersion": "v1", "metadata": {"items": [1]}, "items": [policy, policy]}
    text = json.dumps(policy, indent=indent) + "\n" + json.dumps(listed, indent=indent)
    found = complaints({"a.json": text})
    spots = [place.partition(": ")[0].split(":")[1:] for place in found]
    ends = [text.splitlines()[int(line) - 1][int(column) - 1 :][:1] for line, column in spots]
    assert ends == ["0", "0", "0"]
    assert len({tuple(spot) for spot in spots}) == 3


def test_json_that_is_not_quite_json_is_left_to_yaml(load, complaints):
    flow = "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: a}, spec: {}} # flow"
    assert [found.name for found in load({"a.json": flow}).policies] == ["a"]
    assert complaints(
        {"a.json": '{"apiVersion": "v1", "kind": "Namespace", "kind": "x", "metadata": {"name": "a"}}'}
    ) == ['a.json:1:43: the key "kind" is here twice; it is given first in line 1']
