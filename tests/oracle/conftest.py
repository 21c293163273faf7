from __future__ import annotations

import textwrap

import pytest

from netprobe.manifests.policy import decode_policy
from netprobe.manifests.yaml_source import read_documents
from netprobe.model.flow import Flow, PodRef
from netprobe.model.topology import ContainerPort, Namespace, Pod
from netprobe.oracle.decide import Oracle

HEAD = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"


@pytest.fixture
def policies():
    """Read policies from YAML documents, each without apiVersion and kind."""

    def read(*texts):
        problems = []
        found = [
            decode_policy(document, problems)
            for text in texts
            for document in read_documents(HEAD + textwrap.dedent(text), "p.yaml")
        ]
        assert problems == []
        return tuple(found)

    return read


@pytest.fixture
def make_pod():
    """Make ``namespace/workload`` with labels and an address of its own."""
    count = 0

    def make(name, /, ports=(80,), **fields):
        nonlocal count
        count += 1
        namespace, _, workload = name.partition("/")
        defaults = {
            "namespace": namespace,
            "name": f"{workload}-{count}",
            "workload": workload,
            "labels": {"app": workload},
            "ips": (f"10.244.0.{count}",),
            "ports": tuple(p if isinstance(p, ContainerPort) else ContainerPort(number=p) for p in ports),
        }
        return Pod(**(defaults | fields))

    return make


@pytest.fixture
def namespace():
    def make(name, **labels):
        return Namespace(name=name, labels={"kubernetes.io/metadata.name": name} | labels)

    return make


@pytest.fixture
def ref():
    def make(name):
        namespace, _, workload = name.partition("/")
        return PodRef(namespace=namespace, workload=workload)

    return make


@pytest.fixture
def decide(ref):
    """Decide one flow between pods named ``namespace/workload`` (or to another kind of destination)."""

    def ask(topology, policies, source, destination, port=80, **fields):
        end = ref(destination) if isinstance(destination, str) else destination
        flow = Flow(source=ref(source), destination=end, port=port, **fields)
        return Oracle(topology, policies).decide(flow)

    return ask
