"""Kubernetes' end-to-end tests of NetworkPolicy, as truth tables."""

from __future__ import annotations

import pytest

from netprobe.manifests.document import Document, Places
from netprobe.manifests.policy import decode_policy
from tests.oracle.drawn import policy
from tests.oracle.vectors.upstream import TCP, VECTORS


def test_all_of_them_are_here():
    assert (len(TCP), len(VECTORS)) == (42, 48)


@pytest.mark.parametrize("name", VECTORS)
def test_traffic(name, holds):
    for step in VECTORS[name]:
        holds(step)


RULE = {"from": [{"namespaceSelector": {"matchLabels": {"ns-name": "pod-b"}}}]}


@pytest.mark.parametrize(
    ("name", "ports", "end"),
    [
        ("should support creating NetworkPolicy API operations", [{"port": 80}], None),
        (
            "should support creating NetworkPolicy API with endport field",
            [{"port": 1, "endPort": 65535}],
            65535,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_api(name, ports, end):
    """What those tests create, patch and read back is understood, also after a patch of its metadata."""
    body = policy("x", "example", {"podSelector": {}, "ingress": [RULE | {"ports": ports}]})
    patched = {**body, "metadata": body["metadata"] | {"annotations": {"patched": "true"}}}
    problems: list[object] = []
    read = [decode_policy(Document(body=b, places=Places(file="p")), problems) for b in (body, patched)]
    assert problems == []
    assert read[0] == read[1]
    assert read[0].ingress[0].ports[0].end_port == end
