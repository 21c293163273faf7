"""Hosts beside a kind cluster: what is executed, and that it is all taken back."""

from __future__ import annotations

import pytest

from netprobe.cluster.providers.kind import externals as outside
from netprobe.cluster.providers.kind.externals import Externals
from netprobe.cluster.providers.kind.programs import Programs
from netprobe.cluster.providers.kind.provider import KindProvider
from netprobe.cluster.providers.kind.recipe import Ready
from netprobe.errors import EnvironmentFailure
from netprobe.model.topology import ExternalHost

PARTNER = ExternalHost(name="partner", address="203.0.113.10", ports=(443, 8443))
STRANGER = ExternalHost(name="stranger", address="198.51.100.10", ports=(443,))


@pytest.fixture
def externals(machine, told):
    return Externals(
        programs=Programs(),
        cluster="netprobe-x",
        nodes=("n1", "n2"),
        image="agnhost:1",
        tell=told.stage,
        warn=told.warnings.append,
    )


def text_of(machine):
    return "".join(f"$ {line}\n" for line in machine.lines)


def test_hosts_are_made_in_networks_that_the_nodes_join(machine, shown, told, golden):
    shown.fulfil(Ready(daemonset="kube-system/kindnet"))
    cluster = KindProvider().make("kindnet,name=x", told.terms(image="mirror.example/agnhost:2"))
    before = len(machine.calls)
    provided = cluster.provide_externals([PARTNER, STRANGER])
    assert provided == {
        "partner": ("203.0.113.10", {443: 443, 8443: 8443}),
        "stranger": ("198.51.100.10", {443: 443}),
    }
    cluster.close()
    (folder,) = {call.kubeconfig.rpartition("/")[0] for call in machine.calls if call.kubeconfig}
    lines = [line.replace(folder, "FOLDER") for line in machine.lines[before:]]
    uids = {word.rpartition("/")[2] for line in lines for word in line.split() if "http-override" in word}
    text = "".join(f"$ {line}\n" for line in lines)
    for uid in uids:
        text = text.replace(uid, "UID")
    assert len(uids) == 3
    golden("externals.txt", text)


def test_the_same_hosts_stay_and_others_go(machine, externals):
    externals.provide([PARTNER, STRANGER])
    before = len(machine.calls)
    externals.provide([PARTNER])
    assert machine.lines[before:] == ["docker rm --force netprobe-x-external-stranger"]
    moved = ExternalHost(name="partner", address="203.0.113.11", ports=(443,))
    externals.provide([moved])
    lines = machine.lines[before + 1 :]
    assert lines[0] == "docker rm --force netprobe-x-external-partner-8443 netprobe-x-external-partner"
    assert "--ip=203.0.113.11" in lines[1]
    assert not any("network create" in line for line in lines)


def test_an_address_that_is_somebodys_is_left_out(machine, externals, told):
    foreign = ExternalHost(name="dns", address="8.8.8.8", ports=(53,))
    assert externals.provide([foreign]) == {}
    assert machine.lines == []
    assert "external host dns is left out: 8.8.8.8 is in none of 203.0.113.0/24" in told.warnings[0]


def test_the_nodes_get_addresses_that_no_host_has(machine, externals):
    externals.provide([ExternalHost(name="high", address="203.0.113.250", ports=(1,))])
    assert "--ip-range=203.0.113.224/28" in machine.lines[0]


def test_ipv6_hosts_have_a_network_of_their_own(machine, externals):
    provided = externals.provide([ExternalHost(name="six", address="2001:db8::10", ports=(1,))])
    assert provided == {"six": ("2001:db8::10", {1: 1})}
    assert machine.lines[0].endswith("--ipv6 --subnet=2001:db8::/64 netprobe-x-2001-db8")
    assert "--ip6=2001:db8::10" in machine.lines[3]


def test_a_range_that_is_in_use_is_told(machine, externals):
    machine.answer("network create", code=1, err="Error response from daemon: Pool overlaps with other one")
    with pytest.raises(EnvironmentFailure, match="Pool overlaps") as caught:
        externals.provide([PARTNER])
    assert "docker network ls" in caught.value.remedy


def test_a_container_that_cannot_be_run_is_told_and_taken_back(machine, externals):
    machine.answer("docker run", code=125, err="Unable to find image")
    with pytest.raises(EnvironmentFailure, match="external host partner could not be made"):
        externals.provide([PARTNER])
    externals.remove()
    assert machine.lines[-4:] == [
        "docker rm --force netprobe-x-external-partner",
        "docker network disconnect --force netprobe-x-203.0.113.0 n1",
        "docker network disconnect --force netprobe-x-203.0.113.0 n2",
        "docker network rm netprobe-x-203.0.113.0",
    ]


def test_a_server_that_never_answers_is_told_with_its_log(machine, externals, monkeypatch):
    monkeypatch.setattr(outside, "_SERVING_SECONDS", 0.3)
    machine.answer("/agnhost connect", code=1, err="REFUSED")
    machine.answer("docker logs", err="exec: no such file\n")
    with pytest.raises(EnvironmentFailure, match="does not serve port 443") as caught:
        externals.provide([PARTNER])
    assert "exec: no such file" in caught.value.message


def test_what_cannot_be_removed_is_named_with_the_commands(machine, externals, told):
    externals.provide([PARTNER])
    machine.answer("network rm", code=1, err="network has active endpoints")
    externals.remove()
    assert (
        "docker network rm $(docker network ls --quiet --filter label=netprobe.io/kind=netprobe-x)"
        in (told.warnings[0])
    )
