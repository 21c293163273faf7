"""A shop in a file: two tiers, replicas, a Service, a pod with two addresses, and policies about them."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

SHOP = """
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, labels: {team: a}}
    ---
    apiVersion: v1
    kind: Namespace
    metadata: {name: lab}
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web, namespace: shop}
    spec:
      replicas: 3
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec: {containers: [{name: c, image: i, ports: [{containerPort: 8080, name: http}]}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: db, namespace: shop, labels: {app: db}}
    spec:
      containers: [{name: c, image: i, ports: [{containerPort: 5432}, {containerPort: 53, protocol: UDP}]}]
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: web, namespace: shop}
    spec: {selector: {app: web}, ports: [{name: plain, port: 80, targetPort: http}]}
    ---
    apiVersion: v1
    kind: Pod
    metadata: {name: probe, namespace: lab, labels: {app: web}}
    spec: {containers: [{name: c, image: i, ports: [{containerPort: 9000}]}]}
"""

SHUT = """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: db, namespace: shop}
    spec:
      podSelector: {matchLabels: {app: db}}
      ingress:
      - from:
        - podSelector: {matchLabels: {app: web}}
        - ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.9/32]}
        ports: [{port: 5432}]
"""


@pytest.fixture
def shop(tmp_path, monkeypatch) -> Path:
    """A folder with ``shop.yaml`` and ``shut.yaml``, in which the test stands."""
    (tmp_path / "shop.yaml").write_text(textwrap.dedent(SHOP), encoding="utf-8")
    (tmp_path / "shut.yaml").write_text(textwrap.dedent(SHUT), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
