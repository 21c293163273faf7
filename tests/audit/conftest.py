"""A plan that is made once; a small cluster and audits of it, made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import yaml

from netprobe.audit.nodes import AuditedNode
from netprobe.audit.planning import make_plan
from netprobe.manifests.inventory import inventory_of_bodies
from netprobe.model.audit import Audit, Enforcement, FeatureResult, NodeResult, Suspect, Tally
from netprobe.model.inventory import Inventory
from netprobe.oracle.defects.catalogue import DEFECTS


@pytest.fixture(scope="session")
def two_nodes():
    return [AuditedNode(name=name, hostname=name) for name in ("node1", "node2")]


@pytest.fixture(scope="session")
def plan(two_nodes):
    """The plan for two nodes: about a second of predictions, made once."""
    return make_plan(two_nodes)


def namespace(name: str, **labels: str) -> dict:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}


def pod(title: str, address: str, node: str = "node1", **spec: object) -> dict:
    space, name = title.split("/")
    ports = [
        {"name": "http", "containerPort": 80},
        {"name": "metrics", "containerPort": 9090},
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"namespace": space, "name": name, "uid": title, "labels": {"app": name}},
        "spec": {"nodeName": node, "containers": [{"name": "c", "ports": ports}], **spec},
        "status": {"phase": "Running", "podIPs": [{"ip": address}]},
    }


POLICIES = """
- {name: shut, namespace: shop, spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}}
- name: web-only
  namespace: shop
  spec:
    podSelector: {matchLabels: {app: api}}
    policyTypes: [Ingress]
    ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: http}]}]
- name: nobody
  namespace: shop
  spec: {podSelector: {matchLabels: {app: gone}}, policyTypes: [Egress]}
- name: mine
  namespace: np-1-home
  spec: {podSelector: {}, policyTypes: [Ingress]}
"""


@pytest.fixture
def cluster() -> Callable[..., Inventory]:
    """A shop, a mail server and a run of netprobe, with the policies above and ``more``."""

    def build(more: str = "") -> Inventory:
        written = yaml.safe_load(POLICIES) + (yaml.safe_load(more) or [] if more else [])
        policies = [
            {
                "apiVersion": "networking.k8s.io/v1",
                "kind": "NetworkPolicy",
                "metadata": {"name": each["name"], "namespace": each["namespace"]},
                "spec": each["spec"],
            }
            for each in written
        ]
        return inventory_of_bodies(
            [
                namespace("shop"),
                namespace("mail"),
                namespace("np-1-home", **{"netprobe.io/run": "1"}),
                pod("shop/web", "10.0.1.1"),
                pod("shop/api", "10.0.2.1", "node2"),
                pod("shop/db", "10.0.1.2"),
                pod("shop/agent", "192.0.2.1", hostNetwork=True),
                pod("mail/smtp", "10.0.2.2", "node2"),
                pod("np-1-home/probe", "10.0.1.9"),
                *policies,
            ]
        )

    return build


@pytest.fixture
def audit() -> Callable[..., Audit]:
    """An audit of two nodes in which everything leaks, unless told otherwise."""

    def build(
        verdict: Enforcement = Enforcement.PARTIALLY_ENFORCED, *, suspect: str = "", **more: object
    ) -> Audit:
        defect = DEFECTS.get(suspect)
        suspects = ()
        if suspect:
            says = defect.says if defect else "enforces nothing on node2"
            cites = defect.cites if defect else ()
            suspects = (Suspect(name=suspect, says=says, cites=cites, explained=3, deviations=3, against=0),)
        made = Audit(
            verdict=verdict,
            sentence="a sentence",
            nodes=tuple(NodeResult(node=name, verdict=verdict) for name in ("node1", "node2")),
            suspects=suspects,
            deviations=3,
            probes=9,
        )
        return replace(made, **more)

    return build


@pytest.fixture
def feature() -> Callable[..., FeatureResult]:
    """A feature with this verdict."""

    def build(name: str, verdict: Enforcement = Enforcement.NOT_ENFORCED) -> FeatureResult:
        return FeatureResult(name=name, title=name.replace("-", " "), verdict=verdict, tally=Tally(leaked=1))

    return build
