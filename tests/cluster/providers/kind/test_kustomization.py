"""Kustomizations, as the real kubectl reads them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from netprobe.cluster.providers.kind.kustomization import kustomization_text
from netprobe.cluster.providers.kind.recipe import Step
from netprobe.manifests.yaml_source import read_documents

KUBECTL = Path(sys.executable).parent / "kubectl"
MANIFEST = """
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: kube-system}
spec:
  selector: {matchLabels: {app: agent}}
  template:
    metadata: {labels: {app: agent}}
    spec:
      initContainers: [{name: install, image: docker.io/x/agent, imagePullPolicy: Always}]
      containers:
      - name: agent
        image: docker.io/x/agent
        args: [--a]
        volumeMounts: [{name: kubeconfig, mountPath: /kc}, {name: run, mountPath: /run}]
      volumes: [{name: kubeconfig, hostPath: {path: /kc}}, {name: run, hostPath: {path: /run}}]
"""
MERGE = {
    "spec": {
        "template": {
            "spec": {
                "containers": [{"name": "agent", "volumeMounts": [{"mountPath": "/kc", "$patch": "delete"}]}],
                "initContainers": [{"name": "install", "imagePullPolicy": "IfNotPresent"}],
                "volumes": [{"name": "kubeconfig", "$patch": "delete"}],
            }
        }
    }
}
ADD = [{"op": "add", "path": "/spec/template/spec/containers/0/args/-", "value": "--b"}]


@pytest.mark.skipif(shutil.which(KUBECTL) is None, reason="kubectl is not installed")
def test_images_and_patches_are_what_kubectl_makes_of_them(tmp_path):
    step = Step.model_validate(
        {
            "apply": ["https://example.org/agent.yaml"],
            "images": [{"name": "docker.io/x/agent", "tag": "v1"}],
            "patches": [
                {"kind": "DaemonSet", "name": "agent", "merge": MERGE},
                {"kind": "DaemonSet", "name": "agent", "operations": ADD},
            ],
        }
    )
    (tmp_path / "agent.yaml").write_text(MANIFEST, encoding="utf-8")
    (tmp_path / "kustomization.yaml").write_text(kustomization_text(step, ["agent.yaml"]), encoding="utf-8")
    done = subprocess.run(
        [KUBECTL, "kustomize", tmp_path], capture_output=True, text=True, timeout=60, check=True
    )
    (document,) = read_documents(done.stdout, "built")
    spec = document.body["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    assert container["image"] == "docker.io/x/agent:v1"
    assert container["args"] == ["--a", "--b"]
    assert [mount["name"] for mount in container["volumeMounts"]] == ["run"]
    assert [volume["name"] for volume in spec["volumes"]] == ["run"]
    (init,) = spec["initContainers"]
    assert (init["image"], init["imagePullPolicy"]) == ("docker.io/x/agent:v1", "IfNotPresent")


def test_what_a_step_does_not_change_is_not_in_it():
    text = kustomization_text(Step.model_validate({"apply": ["a.yaml"]}), ["a.yaml"])
    assert set(json.loads(text)) == {"apiVersion", "kind", "resources"}
