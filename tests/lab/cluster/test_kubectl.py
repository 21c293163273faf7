"""kubectl against a lab: apply, get, wait, exec, scale, delete."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.lab,
    pytest.mark.skipif(
        shutil.which("kubectl", path=str(Path(sys.executable).parent)) is None,
        reason="kubectl is not installed",
    ),
]

MANIFEST = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - {name: c, image: agnhost, args: [netexec, --http-port=8080], ports: [{containerPort: 8080}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop}
spec: {podSelector: {}}
"""


@pytest.fixture
def kubectl(enforcing, tmp_path):
    config = tmp_path / "kubeconfig"
    enforcing.lab.write_kubeconfig(config)

    def run(*arguments, stdin="", fails=False):
        done = subprocess.run(
            [str(Path(sys.executable).parent / "kubectl"), *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=40,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "KUBECONFIG": str(config)},
        )
        assert (done.returncode != 0) is fails, done.stderr
        return done.stderr if fails else done.stdout

    return run


def test_a_session_with_kubectl(kubectl):
    assert "deployment.apps/web created" in kubectl("apply", "-f", "-", stdin=MANIFEST)
    assert "deployment.apps/web unchanged" in kubectl("apply", "-f", "-", stdin=MANIFEST)
    kubectl("wait", "-n", "shop", "--for=condition=Available", "deployment/web", "--timeout=20s")
    kubectl("rollout", "status", "-n", "shop", "deployment/web", "--timeout=20s")
    changed = MANIFEST.replace("podSelector: {}", "podSelector: {matchLabels: {app: web}}")
    assert "networkpolicy.networking.k8s.io/deny configured" in kubectl("apply", "-f", "-", stdin=changed)
    table = kubectl("get", "pods", "-n", "shop", "-o", "wide").splitlines()
    assert table[0].split()[:7] == ["NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE"]
    assert [row.split()[1:3] for row in table[1:]] == [["1/1", "Running"]] * 2
    assert kubectl("exec", "-n", "shop", "deploy/web", "--", "sh", "-c", "echo hello") == "hello\n"
    assert kubectl("exec", "-i", "-n", "shop", "deploy/web", "--", "cat", stdin="in\n") == "in\n"
    failed = kubectl("exec", "-n", "shop", "deploy/web", "--", "sh", "-c", "exit 3", fails=True)
    assert "command terminated with exit code 3" in failed
    kubectl("scale", "-n", "shop", "deployment/web", "--replicas=1")
    described = kubectl("describe", "networkpolicy", "-n", "shop", "deny")
    assert "app=web" in described
    assert "Started" in kubectl("events", "-n", "shop")
    kubectl("delete", "namespace", "shop", "--timeout=20s")
    assert "NotFound" in kubectl("get", "namespace", "shop", fails=True)


def test_an_unknown_field_is_refused_before_anything_is_made(kubectl):
    typo = MANIFEST.replace("replicas: 2", "replica: 2").replace("shop", "default")
    refused = kubectl("apply", "-n", "default", "-f", "-", stdin=typo, fails=True)
    assert 'unknown field "spec.replica"' in refused
    left = json.loads(kubectl("get", "deployments", "-n", "default", "-o", "json"))
    assert left["items"] == []
