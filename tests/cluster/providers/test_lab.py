"""KubeCluster against the lab: the real client, a real API, real packets.

What every cluster must do stands in tests/contract; here is what is the lab's, or looks inside.
"""

from __future__ import annotations

import threading
import time

import pytest

from netprobe.cluster.kube.session import PodSession
from netprobe.cluster.port import ObjectRef
from netprobe.cluster.providers.lab import LabProvider
from netprobe.errors import EnvironmentFailure, InputError, Refused, SessionLost
from netprobe.model.observation import Outcome
from netprobe.model.topology import ExternalHost
from netprobe.probing.reply import read_reply
from netprobe.probing.request import Batch, Request, RequestKind
from netprobe.probing.script import script_for

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def cluster(bodies):
    cluster = LabProvider().open("")
    try:
        cluster.preflight()
        objects = [bodies.deployment("web"), bodies.deployment("api", replicas=2), bodies.service("api")]
        cluster.apply([bodies.namespace, *objects])
        cluster.wait_ready([bodies.ref(each) for each in objects], 30)
        yield cluster
    finally:
        cluster.close()


@pytest.fixture
def session(cluster, pods_of):
    (web,) = pods_of(cluster, "web")
    session = cluster.open_session("x", web["metadata"]["name"])
    yield session
    session.close()


def ask(session, *requests):
    batch = Batch(id="b1", requests=requests)
    script = script_for(batch)
    output = session.exchange(script.text, script.end_mark, script.seconds + 5)
    return {reply.request: reply for reply in read_reply(batch, output)}


def to(address, port=8080, *, name="r", kind=RequestKind.TCP, timeout=1.0, **more):
    return Request(id=name, kind=kind, address=address, port=port, timeout=timeout, **more)


def test_description(cluster):
    described = cluster.description
    assert (described.name, described.kind, described.title) == ("lab", "lab", "lab (enforcing)")
    assert described.version.startswith("v1.")
    assert cluster.limits.connections_per_second is None


def test_an_unknown_profile():
    with pytest.raises(InputError, match="enforcingg"):
        LabProvider().open("enforcingg")


def test_probes_of_every_kind_in_one_exchange(cluster, session, pods_of):
    apis = [f"x/{pod['metadata']['name']}" for pod in pods_of(cluster, "api")]
    address = pods_of(cluster, "api")[0]["status"]["podIP"]
    replies = ask(
        session,
        to(address, name="ip", expected_peers=frozenset(apis[:1])),
        to("api.x.svc.cluster.local", 80, name="name", expected_peers=frozenset(apis)),
        to("nothing.x.svc.cluster.local", 80, name="unknown"),
        to(address, name="udp", kind=RequestKind.UDP, expected_peers=frozenset(apis[:1])),
        to("10.96.0.10", 53, name="dns", kind=RequestKind.DNS_UDP, lookup="api.x.svc.cluster.local"),
        to("10.96.0.10", 53, name="dnstcp", kind=RequestKind.DNS_TCP, lookup="nothing.x.svc.cluster.local"),
        to(address, 8081, name="closed"),
    )
    outcomes = {name: reply.outcome for name, reply in replies.items()}
    assert outcomes.pop("unknown") is Outcome.NAME_FAILED
    assert outcomes.pop("closed") is Outcome.REJECTED
    assert set(outcomes.values()) == {Outcome.CONNECTED}
    assert (replies["ip"].peer, replies["udp"].peer) == (apis[0], apis[0])
    assert replies["name"].peer in apis


def test_a_policy_is_seen_and_its_end_too(cluster, session, bodies, pods_of):
    address = pods_of(cluster, "api")[0]["status"]["podIP"]
    policy = bodies.closed("api", "Ingress")
    cluster.apply([policy])
    try:
        assert "closed-api" in [each["metadata"]["name"] for each in cluster.read(["x"]).policies]
        closed = [ask(session, to(address, timeout=0.5))["r"].outcome for _ in range(4)]
        assert closed[-1] is Outcome.DROPPED
    finally:
        cluster.delete([bodies.ref(policy)])
    outcomes = [ask(session, to(address, timeout=0.5))["r"].outcome for _ in range(4)]
    assert outcomes[-1] is Outcome.CONNECTED


def test_the_state_holds_what_a_topology_needs(cluster):
    state = cluster.read(["x"])
    assert len(state.nodes) == 2
    assert {"x", "kube-system", "default"} <= {each["metadata"]["name"] for each in state.namespaces}
    assert {pod["metadata"]["namespace"] for pod in state.pods} == {"x", "kube-system"}
    assert {service["metadata"]["name"] for service in state.services} == {"api", "kube-dns"}
    assert {each["kind"] for each in state.endpoint_slices} == {"EndpointSlice"}
    assert (state.dns_namespace, state.unreadable) == ("kube-system", ())


def test_closing_wakes_the_thread_that_waits(session):
    caught = []

    def wait():
        try:
            session.exchange("sleep 30; echo MARK\n", "MARK", 30)
        except SessionLost as lost:
            caught.append(lost)

    thread = threading.Thread(target=wait)
    thread.start()
    assert session.exchange is not None
    began = time.monotonic()
    while thread.is_alive() and time.monotonic() - began < 5:
        session.close()
        thread.join(0.1)
    assert not thread.is_alive()
    assert len(caught) == 1
    session.close()


def test_a_session_that_we_may_not_open_is_refused_not_lost(cluster, pods_of, monkeypatch):
    (web,) = pods_of(cluster, "web")
    connection = cluster._connection
    monkeypatch.setitem(connection.client.configuration.api_key, "BearerToken", "Bearer wrong")
    monkeypatch.setattr(connection.client.configuration, "refresh_api_key_hook", None)
    with pytest.raises(Refused, match="may have expired"):
        PodSession(connection, "x", web["metadata"]["name"])


def test_a_deleted_pod_is_lost_and_replaced(cluster, bodies, pods_of):
    web = bodies.deployment("short-lived")
    cluster.apply([web])
    cluster.wait_ready([bodies.ref(web)], 30)
    (pod,) = pods_of(cluster, "short-lived")
    name = pod["metadata"]["name"]
    session = cluster.open_session("x", name)
    cluster.delete([ObjectRef(api_version="v1", kind="Pod", name=name, namespace="x")])
    with pytest.raises(SessionLost):
        session.exchange("sleep 20; echo MARK\n", "MARK", 10)
    cluster.wait_ready([bodies.ref(web)], 30)
    (new,) = pods_of(cluster, "short-lived")
    assert new["metadata"]["uid"] != pod["metadata"]["uid"]
    cluster.scale(bodies.ref(web), 2)
    cluster.wait_ready([bodies.ref(web)], 30)
    assert len(pods_of(cluster, "short-lived")) == 2
    cluster.scale(bodies.ref(web), 0)
    cluster.wait_ready([bodies.ref(web)], 30)
    assert pods_of(cluster, "short-lived") == []


def test_a_workload_that_cannot_start_is_named_with_its_reason(cluster, bodies):
    broken = bodies.deployment("broken", image="nginx:1.27")
    cluster.apply([broken])
    with pytest.raises(
        EnvironmentFailure, match=r"Deployment x/broken: .*ErrImagePull|ImagePullBackOff"
    ) as caught:
        cluster.wait_ready([bodies.ref(broken)], 1.5)
    assert "kubectl get pods,events -n x" in caught.value.remedy
    cluster.delete([bodies.ref(broken)])


def test_external_hosts(cluster, session):
    host = ExternalHost(name="partner", address="203.0.113.10", ports=(443,))
    assert cluster.provide_externals([host]) == {"partner": ("203.0.113.10", {443: 443})}
    replies = ask(session, to("203.0.113.10", 443, name="open"), to("203.0.113.10", 444, name="closed"))
    assert [replies[name].outcome for name in ("open", "closed")] == [Outcome.CONNECTED, Outcome.REJECTED]


def test_a_namespace_goes_with_all_in_it(cluster, bodies):
    other = {**bodies.namespace, "metadata": {**bodies.namespace["metadata"], "name": "y"}}
    cluster.apply([other])
    with pytest.raises(EnvironmentFailure, match="still exist: y"):
        cluster.wait_gone(["y"], 0.2)
    cluster.delete([bodies.ref(other)])
    cluster.wait_gone(["y"], 30)


def test_a_closed_lab_is_gone():
    cluster = LabProvider().open("none")
    assert cluster.description.title == "lab (none)"
    cluster.close()
    cluster.close()
    with pytest.raises(EnvironmentFailure, match="cannot be reached"):
        cluster.preflight()
