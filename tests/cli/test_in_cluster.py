"""The manifests of docs/in-cluster: of the right shape, admitted where only restricted pods are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from kubernetes import client

from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.rest import Rest
from netprobe.config.load import load_config
from netprobe.errors import Refused

FOLDER = Path(__file__).parents[2] / "docs" / "in-cluster"
JOB, CRON = (yaml.safe_load((FOLDER / name).read_text()) for name in ("job.yaml", "cronjob.yaml"))
DOCKERFILE = (FOLDER / "Dockerfile").read_text()


def unknown_keys(body, kind, where=""):
    """Keys that the official client does not know in an object of this kind."""
    if (found := re.fullmatch(r"(?:list|List)\[(.+)\]", kind)) is not None:
        return [key for each in body for key in unknown_keys(each, found[1], where)]
    model = getattr(client, kind, None)
    if model is None or not isinstance(body, dict):
        return []
    names = {key: attribute for attribute, key in model.attribute_map.items()}
    wrong = [f"{where}.{key}" for key in body if key not in names]
    for key in body.keys() & names.keys():
        wrong += unknown_keys(body[key], model.openapi_types[names[key]], f"{where}.{key}")
    return wrong


@pytest.mark.parametrize(("body", "kind"), [(JOB, "V1Job"), (CRON, "V1CronJob")])
def test_every_field_is_one_that_kubernetes_has(body, kind):
    assert unknown_keys(body, kind) == []
    assert unknown_keys({"spec": {"concurencyPolicy": "Forbid"}}, "V1CronJob") == [".spec.concurencyPolicy"]


def test_the_cron_job_makes_the_job():
    template = CRON["spec"]["jobTemplate"]["spec"]
    assert template == JOB["spec"]
    assert CRON["spec"]["concurrencyPolicy"] == "Forbid"
    assert template["activeDeadlineSeconds"] > template["template"]["spec"]["terminationGracePeriodSeconds"]


def test_the_account_is_the_one_that_gets_the_roles():
    bodies = list(yaml.safe_load_all((FOLDER / "rbac.yaml").read_text()))
    account = next(body["metadata"] for body in bodies if body["kind"] == "ServiceAccount")
    for body in (JOB, CRON):
        assert body["metadata"]["namespace"] == account["namespace"]
    assert JOB["spec"]["template"]["spec"]["serviceAccountName"] == account["name"]


@pytest.mark.lab
def test_the_pod_is_admitted_where_only_restricted_ones_are(enforcing_lab):
    connection = connect_to(yaml.safe_load(enforcing_lab.kubeconfig()))
    rest = Rest(connection)
    namespace = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": "in-cluster-test",
            "labels": {"pod-security.kubernetes.io/enforce": "restricted"},
        },
    }
    rest.create("/api/v1/namespaces", namespace)
    try:
        spec = JOB["spec"]["template"]["spec"]
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "netprobe"}, "spec": spec}
        path = "/api/v1/namespaces/in-cluster-test/pods"
        assert rest.would_create(path, pod)["spec"]["containers"][0]["name"] == "netprobe"
        careless = {key: value for key, value in spec.items() if key != "securityContext"}
        with pytest.raises(Refused, match="violates PodSecurity"):
            rest.would_create(path, {**pod, "spec": careless})
        assert rest.items(path) == (), "a dry run creates nothing"
    finally:
        rest.delete("/api/v1/namespaces/in-cluster-test")
        connection.client.rest_client.close()


def test_the_image_is_small_and_harmless():
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(stages) == 2
    assert all(re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", stage) for stage in stages), "the base is pinned"
    last = DOCKERFILE.rpartition("FROM ")[2]
    user = re.search(r"^USER (\d+):(\d+)$", last, re.MULTILINE)
    assert user is not None
    pod = JOB["spec"]["template"]["spec"]["securityContext"]
    assert (int(user[1]), int(user[2])) == (pod["runAsUser"], pod["runAsGroup"])
    assert "apt-get" not in DOCKERFILE


def test_what_it_copies_is_there_and_not_ignored():
    allowed = {
        line[1:] for line in (FOLDER / "Dockerfile.dockerignore").read_text().split() if line[0] == "!"
    }
    copied = [
        word
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
        for word in line.split()
    ]
    assert {Path(word).name for word in copied} == allowed
    for word in copied:
        assert (FOLDER.parents[1] / word).exists()


def test_the_pod_writes_only_where_it_may(tmp_path):
    container = JOB["spec"]["template"]["spec"]["containers"][0]
    mounts = {mount["mountPath"] for mount in container["volumeMounts"]}
    folder = re.search(r"^WORKDIR (\S+)$", DOCKERFILE.rpartition("FROM ")[2], re.MULTILINE)
    assert folder is not None
    assert mounts == {folder[1], "/tmp"}
    (assigned,) = re.findall(r"NETPROBE_CLUSTER=(\S+)", DOCKERFILE)
    assert load_config({}, {"NETPROBE_CLUSTER": assigned}, tmp_path).cluster == "context:in-cluster"
