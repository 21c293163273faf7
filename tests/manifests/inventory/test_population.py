"""Who stands in the topology as a pod."""

from __future__ import annotations

import textwrap

import pytest

from netprobe.manifests.inventory import inventory_of_bodies
from netprobe.manifests.yaml_source import read_documents

CONTAINERS = "containers: [{name: main, image: x, ports: [{containerPort: 80, name: http}]}]"


def controller(kind, name="api", namespace="shop", more="", version="apps/v1"):
    return textwrap.dedent(f"""\
        ---
        apiVersion: {version}
        kind: {kind}
        metadata: {{name: {name}, namespace: {namespace}}}
        spec:
          selector: {{matchLabels: {{app: {name}}}}}
          template:
            metadata: {{labels: {{app: {name}}}}}
            spec: {{{CONTAINERS}}}
        """) + textwrap.indent(f"{more}\n", "  ")


def pod(
    name, *, owner="", labels="{}", phase="Running", ip="10.0.0.1", created="2026-01-01T00:00:00Z", more=""
):
    kind, _, owner_name = owner.partition("/")
    owners = (
        f"[{{kind: {kind}, name: {owner_name}, controller: true, apiVersion: v1, uid: u}}]" if owner else "[]"
    )
    return textwrap.dedent(f"""\
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: {name}
          namespace: shop
          labels: {labels}
          creationTimestamp: {created}
          ownerReferences: {owners}
          {more}
        spec: {{nodeName: node1, {CONTAINERS}}}
        status: {{phase: {phase}, podIP: {ip}, conditions: [{{type: Ready, status: "True"}}]}}
        """)


def people(inventory):
    return [(p.workload, p.index, p.siblings, p.name) for p in inventory.topology.pods]


@pytest.mark.parametrize(
    ("replicas", "count"), [("", 1), ("replicas: 3", 3), ("replicas: 0", 1), ("replicas: 5000", 1000)]
)
def test_a_deployment_becomes_one_pod_for_each_replica(read, replicas, count):
    pods = read(controller("Deployment", more=replicas)).topology.pods
    assert [(p.workload, p.index, p.siblings) for p in pods] == [("api", n, count - 1) for n in range(count)]
    assert len({p.name for p in pods}) == count
    assert (pods[0].phase, pods[0].ready, pods[0].ips) == ("Running", True, ())


def test_the_pods_of_a_stateful_set_have_the_names_and_labels_they_will_have(read):
    inventory = read(controller("StatefulSet", more="replicas: 2\nordinals: {start: 5}"))
    assert people(inventory) == [("api", 0, 1, "api-5"), ("api", 1, 1, "api-6")]
    assert inventory.topology.pods[1].labels == {
        "app": "api",
        "statefulset.kubernetes.io/pod-name": "api-6",
        "apps.kubernetes.io/pod-index": "6",
    }


def test_a_daemon_set_has_a_pod_on_each_known_node(read):
    nodes = "".join(f"---\napiVersion: v1\nkind: Node\nmetadata: {{name: node{n}}}\n" for n in (1, 2))
    assert [p.node for p in read(controller("DaemonSet") + nodes).topology.pods] == ["node1", "node2"]
    assert people(read(controller("DaemonSet"))) == [("api", 0, 0, "api-0")]


def test_jobs_and_cron_jobs_make_pods_with_the_labels_that_the_server_adds(read):
    inventory = read(f"""\
        apiVersion: batch/v1
        kind: Job
        metadata: {{name: import, namespace: shop}}
        spec:
          parallelism: 2
          template: {{spec: {{{CONTAINERS}}}}}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {{name: nightly, namespace: shop}}
        spec:
          jobTemplate: {{spec: {{template: {{metadata: {{labels: {{a: b}}}}, spec: {{{CONTAINERS}}}}}}}}}
        """)
    assert people(inventory) == [
        ("import", 0, 1, "import-0"),
        ("import", 1, 1, "import-1"),
        ("nightly", 0, 0, "nightly-0"),
    ]
    labels = [p.labels for p in inventory.topology.pods]
    assert labels[0] == {"job-name": "import", "batch.kubernetes.io/job-name": "import"}
    assert labels[2] == {"a": "b"}


def test_an_object_with_a_generated_name_goes_by_the_beginning_of_it(read):
    text = f"""\
        apiVersion: batch/v1
        kind: Job
        metadata: {{generateName: import-}}
        spec: {{template: {{spec: {{{CONTAINERS}}}}}}}
        """
    assert people(read(text)) == [("import", 0, 0, "import-0")]


def test_a_replication_controller_needs_no_selector(read):
    text = f"""\
        apiVersion: v1
        kind: ReplicationController
        metadata: {{name: old}}
        spec: {{replicas: 2, template: {{metadata: {{labels: {{a: b}}}}, spec: {{{CONTAINERS}}}}}}}
        """
    assert [p.labels for p in read(text).topology.pods] == [{"a": "b"}] * 2


def test_a_bare_pod_is_its_own_workload_and_without_status_it_runs(read):
    text = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: tool}}\nspec: {{{CONTAINERS}}}\nstatus: {{}}\n"
    (found,) = read(text, default_namespace="here").topology.pods
    assert (found.namespace, found.workload, found.name, found.phase, found.ready) == (
        "here",
        "tool",
        "tool",
        "Running",
        True,
    )


def test_ports_of_sidecars_come_after_those_of_containers_and_init_containers_have_none(read):
    text = """\
        apiVersion: v1
        kind: Pod
        metadata: {name: tool}
        spec:
          initContainers:
          - {name: proxy, restartPolicy: Always, ports: [{containerPort: 15001, name: proxy}]}
          - {name: setup, ports: [{containerPort: 99}]}
          containers:
          - {name: a, ports: [{containerPort: 80}, {containerPort: 80, protocol: UDP}]}
          - {name: b, ports: [{containerPort: 80}]}
        """
    (found,) = read(text).topology.pods
    assert [(port.number, str(port.protocol)) for port in found.ports] == [
        (80, "TCP"),
        (80, "UDP"),
        (80, "TCP"),
        (15001, "TCP"),
    ]


def test_a_dump_of_a_deployment_with_its_pods_counts_them_once(read):
    labels = "{app: api, pod-template-hash: 5d9c}"
    inventory = read(
        controller("Deployment", more="replicas: 2")
        + pod("api-5d9c-zz", owner="ReplicaSet/api-5d9c", labels=labels, ip="10.0.0.2")
        + pod("api-5d9c-aa", owner="ReplicaSet/api-5d9c", labels=labels)
    )
    assert people(inventory) == [("api", 0, 1, "api-5d9c-aa"), ("api", 1, 1, "api-5d9c-zz")]
    first = inventory.topology.pods[0]
    assert (first.ips, first.node, first.phase, first.ready) == (("10.0.0.1",), "node1", "Running", True)


def test_replica_sets_of_a_deployment_are_not_counted_beside_it(read):
    owned = "ownerReferences: [{kind: Deployment, name: api, controller: true}]"
    current = controller("ReplicaSet", name="api-5d9c", more="replicas: 2").replace(
        "namespace: shop}", f"namespace: shop, {owned}}}"
    )
    old = current.replace("5d9c", "77aa").replace("replicas: 2", "replicas: 0")
    assert people(read(controller("Deployment") + current + old)) == [("api", 0, 0, "api-0")]
    assert people(read(current + old)) == [("api", 0, 1, "api-5d9c-0"), ("api", 1, 1, "api-5d9c-1")]


def test_pods_of_a_job_of_a_cron_job_are_the_cron_jobs_with_or_without_the_job(read):
    cron = f"""\
---
apiVersion: batch/v1
kind: CronJob
metadata: {{name: nightly, namespace: shop}}
spec: {{jobTemplate: {{spec: {{template: {{spec: {{{CONTAINERS}}}}}}}}}}}
"""
    running = pod("nightly-289-x", owner="Job/nightly-289")
    assert people(read(cron + running)) == [("nightly", 0, 0, "nightly-289-x")]
    ended = pod("nightly-289-x", owner="Job/nightly-289", phase="Succeeded")
    assert people(read(cron + ended)) == [("nightly", 0, 1, "nightly-0"), ("nightly", 1, 1, "nightly-289-x")]


def test_a_static_pod_and_one_of_an_unknown_controller(read):
    inventory = read(pod("etcd-node1", owner="Node/node1") + pod("pg-1", owner="Cluster/pg"))
    assert people(inventory) == [("etcd-node1", 0, 0, "etcd-node1"), ("pg", 0, 0, "pg-1")]


def test_pods_on_their_way_out_are_left_out(read):
    assert people(read(pod("a", more="deletionTimestamp: 2026-01-01T00:00:00Z") + pod("b"))) == [
        ("b", 0, 0, "b")
    ]


def test_two_workloads_of_one_name_share_their_indices_and_no_name(read):
    both = controller("Deployment", more="replicas: 2") + controller("StatefulSet") + pod("api-1")
    assert people(read(both)) == [
        ("api", 0, 2, "api-0"),
        ("api", 1, 2, "api-2"),
        ("api", 2, 2, "api-3"),
        ("api-1", 0, 0, "api-1"),
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (controller("Deployment", more="replicas: -1"), "spec.replicas: -1 must not be negative"),
        (controller("Deployment", version="extensions/v1beta1"), "a Deployment must have apps/v1"),
        (controller("Deployment").replace("{app: api}", "{app: b}", 1), "app=b is not among the labels"),
        (controller("Deployment").replace("name: http", "name: HTTP"), "ports[0].name: the port name"),
        (controller("Deployment").replace(": 80", ": 80000"), "80000 must be between 1 and 65535"),
        (controller("Deployment").replace(": 80", ": [80]"), "must be a whole number, not a list"),
        (controller("Deployment").replace(CONTAINERS, "containers: []"), "must hold at least one container"),
        (controller("Deployment").replace("name: api,", "name: Api,"), 'metadata.name: "Api" must be'),
        (controller("Deployment").replace("kind: Deployment", "x: y"), "kind: is required"),
    ],
)  # fmt: skip
def test_what_every_api_server_refuses_is_refused_with_its_place(refused, text, complaint):
    (problem,) = refused(text)
    assert problem.startswith("a.yaml:")
    assert complaint in problem


def test_objects_of_a_cluster_are_never_refused():
    text = (
        controller("Deployment", more="replicas: -1")
        .replace(": 80", ": strange")
        .replace("app: api", "a: 7", 1)
    )
    bodies = [document.body for document in read_documents(text, "a.yaml")]
    bodies += [
        {"apiVersion": "v1", "kind": "Pod"},
        {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}},
    ]
    inventory = inventory_of_bodies(bodies)
    assert people(inventory) == [("api", 0, 0, "api-0")]
    assert [node.name for node in inventory.topology.nodes] == ["n"]
