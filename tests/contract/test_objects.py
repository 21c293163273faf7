"""Marks, writes, waits and reads: what the runner asks of the API, and what the client refuses."""

from __future__ import annotations

import time

import pytest

from netprobe.cluster.port import ObjectRef
from netprobe.errors import EnvironmentFailure, Refused
from netprobe.runner.deploy import ref_to, workload_ref
from netprobe.runner.site import EXPIRES, RUN_LABEL
from netprobe.scenario.dressing import dress


def metadata(body):
    return body["metadata"]


@pytest.fixture
def namespace(deployed):
    return deployed.site.placement.placed("street")


@pytest.fixture
def configuration(deployed, namespace):
    """A policy that selects no pod: the smallest object to write."""

    def make(name, **selector):
        return {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": name, "namespace": namespace, "labels": dict(deployed.site.run_labels)},
            "spec": {
                "podSelector": {"matchLabels": {"app": "nobody", **selector}},
                "policyTypes": ["Ingress"],
            },
        }

    return make


@pytest.fixture
def workload(deployed, namespace):
    """A Deployment dressed as a run's, with what ``spec`` adds to its pods; removed after the test."""
    made = []

    def make(name, image=None, **spec):
        body = {
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {
                "selector": {"matchLabels": {"app": name}},
                "template": {
                    "metadata": {"labels": {"app": name}},
                    "spec": {"containers": [{"name": "c", "ports": [{"containerPort": 8080}]}], **spec},
                },
            },
        }
        site = deployed.site
        made.append(
            dress(
                body,
                image=image or site.options.image,
                run_labels=site.run_labels,
                annotations=site.annotations,
            )
        )
        return made[-1]

    yield make
    deployed.cluster.delete([ref_to(body) for body in made])


def found(cluster, namespace, name):
    policies = cluster.read([namespace]).policies
    return [
        each
        for each in policies
        if (metadata(each)["namespace"], metadata(each)["name"]) == (namespace, name)
    ]


def test_everything_in_a_run_carries_its_marks(cluster, deployed):
    """Who finds an object must see which run made it, and from when on it may go."""
    site, names = deployed.site, deployed.site.namespaces
    state = cluster.read(names)
    bodies = [each for each in state.namespaces if metadata(each)["name"] in names]
    assert len(bodies) == 3
    for kind in (state.pods, state.services, state.endpoint_slices):
        own = [each for each in kind if metadata(each)["namespace"] in names]
        assert own
        bodies += own
    for body in bodies:
        labels = metadata(body)["labels"]
        assert (labels[RUN_LABEL], labels[EXPIRES]) == (site.options.run_id, site.run_labels[EXPIRES])
    now = site.options.started.timestamp()
    assert now < int(site.run_labels[EXPIRES]) <= now + 24 * 3600


def test_apply_creates_and_replaces(cluster, namespace, configuration):
    """A step that changes a policy replaces it: what the new one does not say must be gone."""
    cluster.apply([configuration("twice", tier="old")])
    cluster.apply([configuration("twice", tier="old")])
    (first,) = found(cluster, namespace, "twice")
    cluster.apply([configuration("twice")])
    (second,) = found(cluster, namespace, "twice")
    assert first["spec"]["podSelector"]["matchLabels"] == {"app": "nobody", "tier": "old"}
    assert second["spec"]["podSelector"]["matchLabels"] == {"app": "nobody"}
    assert metadata(first)["uid"] == metadata(second)["uid"]


def test_delete_may_be_repeated(cluster, namespace, configuration):
    """Cleaning up after an interruption deletes what may never have been created."""
    body = configuration("gone")
    cluster.delete([ref_to(body)])
    cluster.apply([body])
    cluster.delete([ref_to(body)])
    cluster.delete([ref_to(body)])
    assert found(cluster, namespace, "gone") == []


def test_labels_are_merged_and_removed(cluster, deployed, namespace):
    """A step relabels running pods: the others of their labels must stay, their UID too."""
    pod = deployed.pod("street", "visitor")
    ref = ObjectRef(api_version="v1", kind="Pod", name=pod.name, namespace=namespace)

    def read():
        (body,) = (each for each in deployed.bodies() if metadata(each)["uid"] == pod.uid)
        return metadata(body)["labels"]

    before = read()
    cluster.label(ref, {"contract": "yes"})
    assert read() == {**before, "contract": "yes"}
    cluster.label(ref, {"contract": None})
    assert read() == before


def test_scaling_and_waiting(cluster, deployed, namespace, workload):
    """wait_ready means all pods of the number last asked for, not those of before."""
    body = workload("scaled")
    ref = workload_ref(deployed.site, "street", "scaled", "Deployment")
    cluster.apply([body])
    for replicas in (1, 2, 0):
        cluster.scale(ref, replicas)
        cluster.wait_ready([ref], 240)
        ready = [
            each
            for each in deployed.bodies()
            if metadata(each)["labels"].get("app") == "scaled" and not metadata(each).get("deletionTimestamp")
        ]
        assert len(ready) == replicas


def test_a_pod_that_fits_no_node_is_explained(cluster, workload, namespace):
    """A run that cannot begin says which workload, and why, in the scheduler's words."""
    body = workload("homeless", nodeSelector={"netprobe.io/no-such-node": "true"})
    cluster.apply([body])
    began = time.monotonic()
    with pytest.raises(EnvironmentFailure, match=rf"Deployment {namespace}/homeless: .*node") as caught:
        cluster.wait_ready([ref_to(body)], 3)
    assert time.monotonic() - began < 15
    assert namespace in caught.value.remedy


def test_an_image_that_cannot_be_pulled_is_explained(cluster, workload, namespace):
    """The commonest failure on a cluster without access to the registry. ``.invalid`` never resolves."""
    body = workload("imageless", image="registry.invalid/netprobe/none:1")
    cluster.apply([body])
    with pytest.raises(
        EnvironmentFailure, match=rf"{namespace}/imageless: .*(ErrImagePull|ImagePullBackOff)"
    ):
        cluster.wait_ready([ref_to(body)], 20 if cluster.description.kind != "lab" else 3)


def test_the_state_holds_what_the_oracle_needs(cluster, deployed):
    """The oracle decides from this reading alone: what is missing in it would be decided wrongly."""
    names = set(deployed.site.namespaces)
    state = cluster.read(sorted(names))
    assert state.unreadable == ()
    known = {metadata(each)["name"] for each in state.namespaces}
    assert {"default", "kube-system", state.dns_namespace} | names <= known
    nodes = {metadata(each)["name"] for each in state.nodes}
    own = [each for each in state.pods if metadata(each)["namespace"] in names]
    assert own
    assert {each["spec"]["nodeName"] for each in own} <= nodes
    assert all(each["status"]["podIPs"] for each in own)
    assert any(metadata(each)["namespace"] == state.dns_namespace for each in state.pods)
    services = {(metadata(each)["namespace"], metadata(each)["name"]) for each in state.services}
    shop = deployed.site.placement.placed("shop")
    assert (shop, "web") in services
    assert any(namespace == state.dns_namespace for namespace, _ in services)
    ready = {
        address
        for each in state.endpoint_slices
        if metadata(each)["namespace"] == shop
        for endpoint in each["endpoints"]
        if endpoint["conditions"]["ready"]
        for address in endpoint["addresses"]
    }
    assert ready == {str(deployed.pod("shop", "web", index).ips[0]) for index in (0, 1)}


def test_writes_outside_of_the_run_are_refused(cluster, deployed, configuration):
    """netprobe changes nothing that it did not create, whatever it is asked."""
    foreign = configuration("foreign")
    foreign["metadata"]["namespace"] = "default"
    ref = ref_to(foreign)
    scaled = ObjectRef(api_version="apps/v1", kind="Deployment", name="coredns", namespace="kube-system")
    writes = [
        lambda: cluster.apply([foreign]),
        lambda: cluster.delete([ref]),
        lambda: cluster.label(ref, {"a": "b"}),
        lambda: cluster.scale(scaled, 0),
        lambda: cluster.label(ObjectRef(api_version="v1", kind="Namespace", name="default"), {"a": "b"}),
    ]
    for write in writes:
        with pytest.raises(EnvironmentFailure, match="not touched"):
            write()
    assert found(cluster, "default", "foreign") == []


def test_foreign_namespaces_are_not_deleted(cluster):
    """The one mistake that could not be undone."""
    for name in ("default", "kube-system", "np-nobody-shop"):
        with pytest.raises(EnvironmentFailure, match="not touched"):
            cluster.delete([ObjectRef(api_version="v1", kind="Namespace", name=name)])


def test_a_namespace_without_the_mark_is_not_created(cluster, deployed):
    """What does not say whose it is could never be cleaned up."""
    name = f"np-{deployed.site.options.run_id}-unmarked"
    with pytest.raises(EnvironmentFailure, match=RUN_LABEL):
        cluster.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}])
    assert name not in {metadata(each)["name"] for each in cluster.read(()).namespaces}


def test_a_refusal_has_the_servers_words(cluster, configuration):
    """The author of a broken policy reads what the API server says of it."""
    broken = configuration("broken")
    broken["spec"]["policyTypes"] = ["Sideways"]
    with pytest.raises(Refused, match=r"NetworkPolicy .*/broken.*Sideways") as caught:
        cluster.apply([broken])
    assert (caught.value.status, caught.value.reason) == (422, "Invalid")
