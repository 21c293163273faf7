"""Where a flow goes on the wire."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.cluster.providers.simulated import SimulatedCluster
from netprobe.cluster.providers.simulation.clock import VirtualClock
from netprobe.model.flow import Flow, PodRef
from netprobe.model.protocol import Protocol, Via
from netprobe.model.topology import Backend, Node, Pod, Service, ServicePort, Topology
from netprobe.runner.figures import Figures
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Nobody
from netprobe.runner.site import Site
from netprobe.runner.snapshot import Snapshot
from netprobe.runner.targets import NoTarget, Target, Targets
from netprobe.scenario.placement import Placement

WEB, API = (PodRef(namespace="shop", workload=name) for name in ("web", "api"))


def pod(workload, node, *ips):
    return Pod(namespace="shop", name=f"{workload}-1", workload=workload, ips=ips, node=node, uid=workload)


def service(node_port=30080):
    return Service(
        namespace="shop",
        name="api",
        cluster_ips=("10.96.0.1",),
        ports=(ServicePort(port=80, target=8080, node_port=node_port),),
        backends=(
            Backend(service_port=80, protocol=Protocol.TCP, address="10.0.0.2", port=8080, pod="api-1"),
        ),
    )


TOWN = Topology(
    pods=(pod("web", "one", "10.0.0.1", "fd00::1"), pod("api", "two", "10.0.0.2", "fd00::2")),
    services=(service(),),
    nodes=tuple(Node(name=name, addresses=(f"172.30.0.{n}",)) for n, name in enumerate(("one", "two"), 2)),
)


@pytest.fixture
def target():
    site = Site(
        cluster=SimulatedCluster(),
        options=RunOptions(run_id="t1"),
        placement=Placement(run_id="t1", namespaces=("shop",)),
        watcher=Nobody(),
        figures=Figures(VirtualClock()),
        began=0.0,
    )

    def find(via, topology=TOWN, **more):
        flow = Flow(source=WEB, destination=API, port=8080, via=via, **more)
        return Targets(site, Snapshot(topology=topology)).of(flow)

    return find


def by_service(target, topology=TOWN):
    return target(Via.NODE_PORT, topology, service="api", service_port=80)


def test_the_second_address_is_that_of_the_other_family(target):
    found = target(Via.SECOND_IP)
    assert isinstance(found, Target)
    assert (found.address, found.port) == ("fd00::2", 8080)
    assert found.peers == target(Via.IP).peers


@pytest.mark.parametrize("single", [0, 1])
def test_where_an_end_has_one_family_there_is_no_second_address(target, single):
    pods = tuple(
        replace(each, ips=each.ips[:1]) if number == single else each for number, each in enumerate(TOWN.pods)
    )
    found = target(Via.SECOND_IP, replace(TOWN, pods=pods))
    assert found == NoTarget(reason="the pods here have one address family", skip=True)


def test_a_port_of_a_node_is_asked_where_no_pod_behind_it_runs(target):
    found = by_service(target)
    assert (found.address, found.port) == ("172.30.0.2", 30080)
    assert found.backends == ((TOWN.pods[1], 8080, Protocol.TCP),)


def test_of_such_nodes_one_without_the_sender_is_taken(target):
    three = replace(TOWN, nodes=(*TOWN.nodes, Node(name="three", addresses=("172.30.0.4",))))
    assert by_service(target, three).address == "172.30.0.4"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"services": (service(node_port=0),)}, "Service api has no port on the nodes"),
        ({"nodes": TOWN.nodes[1:]}, "there is no node without a pod behind the Service"),
    ],
)
def test_without_such_a_port_or_node_it_is_skipped(target, changes, reason):
    assert by_service(target, replace(TOWN, **changes)) == NoTarget(reason=reason, skip=True)
