"""The simulated cluster answers as a real one would, fault by fault, in virtual time."""

from __future__ import annotations

import pytest

from netprobe.cluster.port import ObjectRef
from netprobe.cluster.providers.simulated import SimulatedCluster, SimulatedProvider
from netprobe.cluster.providers.simulation.faults import Faults
from netprobe.errors import EnvironmentFailure, Refused, SessionLost
from netprobe.manifests.topology import read_topology
from netprobe.model.observation import Outcome
from netprobe.model.topology import ExternalHost
from netprobe.probing.reply import read_reply
from netprobe.probing.request import Batch, Request, RequestKind
from netprobe.probing.script import script_for

DNS = "10.96.0.10"


@pytest.fixture
def started(bodies):
    """A simulated cluster with web on node1, api (two replicas) on node2, and a Service for api."""

    def start(**given):
        cluster = SimulatedCluster(**given)
        objects = [
            bodies.deployment("web", node="node1"),
            bodies.deployment("api", replicas=2, node="node2"),
            bodies.service("api"),
        ]
        cluster.apply([bodies.namespace, *objects])
        cluster.wait_ready([bodies.ref(each) for each in objects], 10)
        return cluster

    return start


@pytest.fixture
def ask(pods_of):
    """Ask from web: requests in one batch, replies by name (of the last attempt)."""

    def ask(cluster, *requests, deadline=60.0, source="web"):
        (pod,) = pods_of(cluster, source)[:1]
        session = cluster.open_session("x", pod["metadata"]["name"])
        batch = Batch(id="b1", requests=requests)
        script = script_for(batch)
        output = session.exchange(script.text, script.end_mark, deadline)
        return {reply.request: reply for reply in read_reply(batch, output)}

    return ask


def to(address, port=8080, *, name="r", kind=RequestKind.TCP, **more):
    return Request(id=name, kind=kind, address=address, port=port, timeout=2.5, **more)


def every_kind(address):
    return [
        to(address, name="ip"),
        to("api.x.svc.cluster.local", 80, name="name"),
        to(address, name="udp", kind=RequestKind.UDP),
        to(DNS, 53, name="dns", kind=RequestKind.DNS_UDP, lookup="api.x.svc.cluster.local"),
        to(DNS, 53, name="dnstcp", kind=RequestKind.DNS_TCP, lookup="api.x.svc.cluster.local"),
    ]


@pytest.fixture
def address(pods_of):
    return lambda cluster, workload="api": pods_of(cluster, workload)[0]["status"]["podIP"]


def test_everything_is_open_without_policies(started, ask, address, pods_of):
    cluster = started()
    replies = ask(cluster, *every_kind(address(cluster)))
    assert {reply.outcome for reply in replies.values()} == {Outcome.CONNECTED}
    name = pods_of(cluster, "api")[0]["metadata"]["name"]
    assert (replies["ip"].peer, replies["udp"].peer) == (f"x/{name}", name)


def test_a_policy_closes_what_the_oracle_says(started, ask, address, bodies):
    cluster = started()
    cluster.apply([bodies.closed("web", "Egress")])
    replies = ask(cluster, *every_kind(address(cluster)), to(address(cluster, "web"), name="own"))
    outcomes = {name: reply.outcome for name, reply in replies.items()}
    assert outcomes.pop("own") is Outcome.CONNECTED, "a pod always reaches itself"
    assert outcomes.pop("name") is Outcome.NAME_FAILED, "the nameserver is out of reach"
    assert set(outcomes.values()) == {Outcome.DROPPED}
    cluster.delete([bodies.ref(bodies.closed("web"))])
    assert ask(cluster, to(address(cluster)))["r"].outcome is Outcome.CONNECTED


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        (Faults(), Outcome.DROPPED),
        (Faults(enforces=False), Outcome.CONNECTED),
        (Faults(unenforced_nodes=frozenset({"node2"})), Outcome.CONNECTED),
        (Faults(unenforced_nodes=frozenset({"node1"})), Outcome.DROPPED),
        (Faults(leaks=frozenset({("web", "api")})), Outcome.CONNECTED),
        (Faults(dead=frozenset({"api"})), Outcome.DROPPED),
        (Faults(dead=frozenset({"api"}), enforces=False), Outcome.REJECTED),
    ],
)
def test_faults_of_a_network_with_a_policy(started, ask, address, bodies, faults, outcome):
    cluster = started(faults=faults)
    cluster.apply([bodies.closed("api", "Ingress")])
    assert ask(cluster, to(address(cluster)))["r"].outcome is outcome


def test_a_blocked_edge_an_impostor_and_a_closed_port(started, ask, address):
    cluster = started(faults=Faults(blocks=frozenset({("web", "api")}), impostors=(("web", "x/impostor"),)))
    replies = ask(
        cluster,
        to(address(cluster), name="blocked"),
        to(address(cluster, "web"), name="impostor", expected_peers=frozenset({"x/web"})),
        to(address(cluster, "web"), 8081, name="closed"),
    )
    assert [replies[name].outcome for name in ("blocked", "impostor", "closed")] == [
        Outcome.DROPPED,
        Outcome.WRONG_PEER,
        Outcome.REJECTED,
    ]


def test_dead_dns(started, ask, address):
    cluster = started(faults=Faults(dns_dead=True))
    outcomes = {name: reply.outcome for name, reply in ask(cluster, *every_kind(address(cluster))).items()}
    assert outcomes == {
        "ip": Outcome.CONNECTED,
        "udp": Outcome.CONNECTED,
        "name": Outcome.NAME_FAILED,
        "dns": Outcome.DROPPED,
        "dnstcp": Outcome.DROPPED,
    }


def test_a_policy_takes_effect_after_its_delay(started, ask, address, bodies):
    cluster = started(faults=Faults(policy_delay=3.0))
    cluster.apply([bodies.closed("api", "Ingress")])
    assert ask(cluster, to(address(cluster)))["r"].outcome is Outcome.CONNECTED
    cluster.clock.wait(3.0)
    assert ask(cluster, to(address(cluster)))["r"].outcome is Outcome.DROPPED


def test_attempts_of_one_batch_see_a_policy_take_effect(started, ask, address, bodies, pods_of):
    cluster = started(faults=Faults(policy_delay=1.5))
    cluster.apply([bodies.closed("api", "Ingress")])
    session = cluster.open_session("x", pods_of(cluster, "web")[0]["metadata"]["name"])
    batch = Batch(id="b1", requests=(to(address(cluster), attempts=3),))
    script = script_for(batch)
    replies = read_reply(batch, session.exchange(script.text, script.end_mark, 10))
    assert [reply.outcome for reply in replies] == [Outcome.CONNECTED, Outcome.CONNECTED, Outcome.DROPPED]
    starts = [reply.started for reply in replies]
    assert starts[1] - starts[0] == pytest.approx(1.05)


def test_exchanges_take_as_long_as_they_would(started, ask, address, bodies):
    cluster = started()
    began = cluster.clock.now()
    ask(cluster, to(address(cluster)))
    assert cluster.clock.now() - began < 0.1
    cluster.apply([bodies.closed("api", "Ingress")])
    began = cluster.clock.now()
    ask(cluster, to(address(cluster), attempts=3))
    assert cluster.clock.now() - began == pytest.approx(2 * 1.05 + 2.5)


def test_an_overloaded_batch_times_out_as_a_whole(started, ask, address):
    cluster = started(faults=Faults(overload_flows=3))
    requests = [to(address(cluster), name=f"r{number}") for number in range(4)]
    assert {reply.outcome for reply in ask(cluster, *requests).values()} == {Outcome.DROPPED}
    assert {reply.outcome for reply in ask(cluster, *requests[:3]).values()} == {Outcome.CONNECTED}


def test_a_lost_exchange_leaves_a_part_and_a_closed_session(started, address, pods_of):
    cluster = started(faults=Faults(lost_exchanges=frozenset({2})))
    session = cluster.open_session("x", pods_of(cluster, "web")[0]["metadata"]["name"])
    batch = Batch(id="b1", requests=(to(address(cluster)),))
    script = script_for(batch)
    session.exchange(script.text, script.end_mark, 10)
    with pytest.raises(SessionLost) as caught:
        session.exchange(script.text, script.end_mark, 10)
    assert {reply.outcome for reply in read_reply(batch, caught.value.partial)} == {Outcome.ERROR}
    with pytest.raises(SessionLost, match="closed"):
        session.exchange(script.text, script.end_mark, 10)


def test_a_deadline_that_is_too_short(started, ask, address, bodies):
    cluster = started()
    cluster.apply([bodies.closed("api", "Ingress")])
    began = cluster.clock.now()
    with pytest.raises(SessionLost, match="no end mark within 1 s"):
        ask(cluster, to(address(cluster)), deadline=1.0)
    assert cluster.clock.now() - began == pytest.approx(1.0)


def test_a_replaced_pod_ends_its_sessions(started, pods_of):
    cluster = started()
    (old,) = pods_of(cluster, "web")
    session = cluster.open_session("x", old["metadata"]["name"])
    cluster.replace_pods("web")
    (new,) = pods_of(cluster, "web")
    assert new["metadata"]["uid"] != old["metadata"]["uid"]
    assert new["status"]["podIP"] != old["status"]["podIP"]
    with pytest.raises(SessionLost, match="gone"):
        session.exchange("cat /etc/resolv.conf; echo M\n", "M", 5)
    with pytest.raises(SessionLost, match="not found"):
        cluster.open_session("x", old["metadata"]["name"])


def test_a_restarted_container_keeps_its_pod(started, pods_of):
    cluster = started()
    before = pods_of(cluster, "web")[0]["metadata"]["uid"]
    cluster.restart_containers("web")
    (pod,) = pods_of(cluster, "web")
    assert pod["metadata"]["uid"] == before
    assert [status["restartCount"] for status in pod["status"]["containerStatuses"]] == [1]


def test_resolv_conf(started, pods_of):
    cluster = started()
    session = cluster.open_session("x", pods_of(cluster, "web")[0]["metadata"]["name"])
    text = session.exchange("cat /etc/resolv.conf; echo MARK\n", "MARK", 5)
    assert f"nameserver {DNS}\n" in text
    assert text.startswith("search x.svc.cluster.local ")
    with pytest.raises(ValueError):
        session.exchange("reboot; echo MARK\n", "MARK", 5)


def test_a_hook_sees_every_exchange_before_it_is_answered(started, ask, address, bodies):
    cluster = started()
    seen = []

    def hook(number):
        seen.append(number)
        cluster.apply([bodies.closed("api", "Ingress")])

    cluster.on_exchange = hook
    assert ask(cluster, to(address(cluster)))["r"].outcome is Outcome.DROPPED
    assert (seen, cluster.exchanges, len(cluster.sessions_opened)) == ([1], 1, 1)


def test_external_hosts(started, ask):
    host = ExternalHost(name="partner", address="203.0.113.10", ports=(443,))
    cluster = started()
    assert ask(cluster, to("203.0.113.10", 443))["r"].outcome is Outcome.DROPPED
    assert cluster.provide_externals([host]) == {"partner": ("203.0.113.10", {443: 443})}
    assert ask(cluster, to("203.0.113.10", 443))["r"].outcome is Outcome.CONNECTED
    assert ask(cluster, to("203.0.113.10", 444))["r"].outcome is Outcome.REJECTED
    assert started(has_externals=False).provide_externals([host]) == {}


def test_the_state_makes_a_topology(started):
    state = started().read(["x"])
    topology = read_topology(
        namespaces=state.namespaces,
        nodes=state.nodes,
        pods=state.pods,
        services=state.services,
        endpoint_slices=state.endpoint_slices,
        nameserver=DNS,
    )
    in_x = [(pod.workload, pod.index, pod.node) for pod in topology.pods if pod.namespace == "x"]
    assert sorted(in_x) == [("api", 0, "node2"), ("api", 1, "node2"), ("web", 0, "node1")]
    api = next(service for service in topology.services if service.name == "api")
    assert [backend.port for backend in api.backends] == [8080, 8080]
    assert len({address for pod in topology.pods for address in pod.ips}) == len(topology.pods)


def test_objects_are_written_and_removed_as_by_a_server(started, bodies, pods_of):
    cluster = started()
    api = bodies.ref(bodies.deployment("api"))
    cluster.scale(api, 3)
    assert len(pods_of(cluster, "api")) == 3
    cluster.scale(api, 1)
    assert len(pods_of(cluster, "api")) == 1
    name = pods_of(cluster, "api")[0]["metadata"]["name"]
    cluster.label(
        ObjectRef(api_version="v1", kind="Pod", name=name, namespace="x"), {"tier": "back", "app": None}
    )
    labels = next(each for each in cluster.read(["x"]).pods if each["metadata"]["name"] == name)["metadata"][
        "labels"
    ]
    assert (labels["tier"], "app" in labels) == ("back", False)
    cluster.delete([ObjectRef(api_version="v1", kind="Namespace", name="x")])
    cluster.wait_gone(["x"], 5)
    assert cluster.read(["x"]).pods == cluster.read([]).pods


def test_writes_that_a_server_would_refuse(bodies):
    cluster = SimulatedCluster()
    with pytest.raises(Refused, match='namespaces "x" not found'):
        cluster.apply([bodies.deployment("web")])
    with pytest.raises(EnvironmentFailure, match="Deployment x/web"):
        cluster.wait_ready([bodies.ref(bodies.deployment("web"))], 1)
    with pytest.raises(EnvironmentFailure, match="kube-system"):
        cluster.wait_gone(["kube-system"], 5)


def test_the_provider():
    assert SimulatedProvider().open("").faults.enforces
    assert not SimulatedProvider().open("none").faults.enforces
