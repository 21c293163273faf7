from __future__ import annotations

import pytest

from netprobe.errors import EnvironmentFailure
from netprobe.model.topology import Pod, Topology
from netprobe.runner.pod_addresses import cidr_in
from netprobe.runner.snapshot import Snapshot


def pod(workload, *ips):
    return Pod(namespace="shop", name=f"{workload}-x", workload=workload, ips=ips)


def test_an_address_is_a_block_of_its_own_of_the_first_family():
    topology = Topology(pods=(pod("web", "10.0.0.7", "fd00::7"), pod("api", "fd00::8")))
    cidr = cidr_in(Snapshot(topology=topology))
    assert (cidr("shop/web"), cidr("shop/api")) == ("10.0.0.7/32", "fd00::8/128")


@pytest.mark.parametrize("name", ["shop/none", "shop/db"])
def test_a_pod_without_an_address_stops_the_run(name):
    cidr = cidr_in(Snapshot(topology=Topology(pods=(pod("db"),))))
    with pytest.raises(EnvironmentFailure, match=f"{name} has no address"):
        cidr(name)
