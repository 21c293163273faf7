from __future__ import annotations

import pytest

from netprobe.manifests.workload import decode_workload
from netprobe.model.place import Place
from netprobe.model.protocol import Protocol
from netprobe.model.scenario import Workload
from netprobe.model.topology import ContainerPort

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, labels: {not: these}}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      containers:
      - name: one
        image: example/one
        ports: [{containerPort: 80, name: http}, {containerPort: 53, protocol: UDP}]
      - name: two
        ports: [{containerPort: 53}]
"""


def complaints(document, text):
    problems = []
    assert decode_workload(document(text), problems) is None
    return [str(problem) for problem in problems]


def test_a_deployment(document):
    problems = []
    assert decode_workload(document(DEPLOYMENT), problems) == Workload(
        namespace="shop",
        name="web",
        kind="Deployment",
        replicas=3,
        labels={"app": "web", "tier": "front"},
        ports=(
            ContainerPort(number=80, name="http"),
            ContainerPort(number=53, protocol=Protocol.UDP),
            ContainerPort(number=53),
        ),
        place=Place(file="a.yaml", line=1, column=1),
    )
    assert problems == []


def test_replicas_default_to_one_and_zero_stays(document):
    absent = decode_workload(document(DEPLOYMENT.replace("  replicas: 3\n", "")), [])
    zero = decode_workload(document(DEPLOYMENT.replace("replicas: 3", "replicas: 0")), [])
    assert (absent.replicas, zero.replicas) == (1, 0)


def test_a_daemon_set_has_one_replica_here(document):
    text = DEPLOYMENT.replace("Deployment", "DaemonSet").replace("  replicas: 3\n", "")
    assert decode_workload(document(text), []).replicas == 1


def test_a_pod_carries_its_own_labels(document):
    text = """\
        apiVersion: v1
        kind: Pod
        metadata: {name: web, labels: {app: web}}
        spec: {hostNetwork: true, containers: [{name: a}]}
        """
    workload = decode_workload(document(text), [], default_namespace="home")
    assert (workload.namespace, workload.kind, workload.labels) == ("home", "Pod", {"app": "web"})
    assert workload.host_network


CONTAINERS = "spec.template.spec.containers"


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("53, protocol: UDP", "53", "15:17", f"{CONTAINERS}[1].ports[0]: TCP port 53 is declared twice"),
        ("{containerPort: 53}", "{containerPort: 54, name: http}", "15:43",
         f'{CONTAINERS}[1].ports[0].name: the port name "http" is given twice'),
        ("Port: 80", "Port: 0", "13:33", f"{CONTAINERS}[0].ports[0].containerPort: 0 must be between"),
        ("name: http", "name: HTTP", "13:43", f'{CONTAINERS}[0].ports[0].name: the port name "HTTP"'),
        ("replicas: 3", "replicas: -1", "5:13", "spec.replicas: -1 must not be negative"),
        ("{app: web}}", "{app: api}}", "6:27", "spec.selector.matchLabels: app=api is not among the labels"),
        ("kind: Deployment", "kind: CronJob", "2:7", "kind: CronJob is not a workload"),
        ("apps/v1", "apps/v2", "1:13", "apiVersion: a Deployment must have apps/v1, not apps/v2"),
        ("name: two", "name: Two", "14:15", f'{CONTAINERS}[1].name: "Two" must be lowercase letters'),
        ("name: web, ", "name: a.b, ", "3:18", 'metadata.name: "a.b" must be lowercase letters'),
        ("name: http", "nam: http", "13:37", 'unknown field "nam" in spec.template.spec'),
    ],
)  # fmt: skip
def test_mistakes(document, old, new, place, words):
    assert DEPLOYMENT.count(old) == 1
    (complaint,) = complaints(document, DEPLOYMENT.replace(old, new))
    assert complaint.startswith(f"a.yaml:{place}: {words}")


def test_a_pod_without_containers_is_refused(document):
    head = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
    assert complaints(document, head + "spec: {containers: []}\n") == [
        "a.yaml:4:20: spec.containers: must hold at least one container"
    ]
    assert complaints(document, head + "spec: {}\n") == ["a.yaml:4:1: spec.containers: is required"]
