"""Projects of a user, with scenarios of their own, tested on a simulated cluster in virtual time."""

from __future__ import annotations

import json
import os

import pytest

# pytester forgets what a session in this process has imported; what is here already stays.
from netprobe.cluster.providers import simulated
from netprobe.pytest_plugin import collection, hand, parallel
from netprobe.report import to_json, to_junit

STAYS = (collection, hand, parallel, simulated, to_json, to_junit)

SCENARIO = """
netprobe: 1
name: NAME
title: A test
grid:
  namespaces: [red]
  pods: [a, b]
  ports: [80]
steps:
- name: deny a
  apply: [deny-a.yaml]
  intent:
    default: allow
    deny: ["* -> red/a"]
"""

DENY_A = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-a, namespace: red}
spec: {podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress]}
"""

B_TO_A = "deny a/red/b[0]->red/a[0]:80/tcp/ip"
A_TO_B = "deny a/red/a[0]->red/b[0]:80/tcp/ip"


class Project:
    """A folder with scenarios, and pytest in it."""

    def __init__(self, pytester):
        self.pytester = pytester
        self.path = pytester.path

    def scenario(self, folder="scenarios/small", text=SCENARIO, **files):
        """Write a scenario; ``files`` are further ones by name without ``.yaml``."""
        target = self.path / folder
        target.mkdir(parents=True)
        (target / "scenario.yaml").write_text(text.replace("NAME", target.name))
        for name, body in {"deny_a": DENY_A, **files}.items():
            (target / f"{name.replace('_', '-')}.yaml").write_text(body)
        return target

    def run(self, *arguments, cluster="simulated"):
        """Run pytest in this process."""
        return self.pytester.runpytest_inprocess(*_words(arguments, cluster), no_reraise_ctrlc=True)

    def run_apart(self, *arguments, cluster="simulated"):
        """Run pytest in a process of its own."""
        return self.pytester.runpytest_subprocess(*_words(arguments, cluster), timeout=60)

    def json(self, name):
        return json.loads((self.path / name).read_text())


def _words(arguments, cluster):
    given = ["-p", "no:cacheprovider", "-p", "no:hypothesispytest", *arguments]
    return [*given, "--netprobe-cluster", cluster] if cluster else given


@pytest.fixture
def project(pytester, monkeypatch):
    for name in [name for name in os.environ if name.startswith("NETPROBE_")]:
        monkeypatch.delenv(name)
    return Project(pytester)


@pytest.fixture
def edges():
    """The names of the two tests of the small scenario: the open edge, the denied one."""
    return A_TO_B, B_TO_A


@pytest.fixture
def scenario_text():
    return SCENARIO
