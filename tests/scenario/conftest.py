"""A small application in two namespaces, and loaders for scenarios made of texts."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping

import pytest

from netprobe.errors import InputError
from netprobe.model.scenario import Scenario
from netprobe.scenario.load import load_from_files

APP = """\
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: Namespace
metadata:
  name: ops
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      containers:
      - {name: web, image: nginx, ports: [{containerPort: 8080, name: http}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - {name: db, image: postgres, ports: [{containerPort: 5432}, {containerPort: 5432, protocol: UDP}]}
---
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: ops, labels: {app: probe}}
spec:
  containers:
  - {name: probe, image: busybox}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: http}]
"""

DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}}
"""

HEAD = "netprobe: 1\nname: demo\nworkloads: [app.yaml]\n"
STEP = "steps: [{name: one}]\n"

Load = Callable[..., Scenario]
Problems = Callable[..., list[str]]


def _files(scenario: str, files: Mapping[str, str]) -> dict[str, str]:
    return {
        "app.yaml": APP,
        "deny.yaml": DENY,
        **files,
        "scenario.yaml": HEAD + textwrap.dedent(scenario),
    }


@pytest.fixture
def load() -> Load:
    """Load the application with the rest of a scenario.yaml (which begins in line 4)."""
    return lambda scenario=STEP, **files: load_from_files(
        _files(scenario, {name.replace("_", "."): text for name, text in files.items()})
    )


@pytest.fixture
def problems() -> Problems:
    """Load likewise, and give the problems as they are printed."""

    def refuse(scenario: str = STEP, **files: str) -> list[str]:
        with pytest.raises(InputError) as caught:
            load_from_files(_files(scenario, {name.replace("_", "."): text for name, text in files.items()}))
        assert caught.value.exit_code == 2
        return [str(problem) for problem in caught.value.problems]

    return refuse


@pytest.fixture
def refused() -> Callable[[Mapping[str, str]], list[str]]:
    """Load exactly these texts, and give the problems as they are printed."""

    def refuse(files: Mapping[str, str]) -> list[str]:
        with pytest.raises(InputError) as caught:
            load_from_files(files)
        return [str(problem) for problem in caught.value.problems]

    return refuse
