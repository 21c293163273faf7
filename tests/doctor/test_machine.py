"""This machine, for the embedded lab."""

from __future__ import annotations

from dataclasses import replace

from netprobe.doctor.machine import check_machine
from netprobe.lab.cluster.fitness import Fitness
from netprobe.model.checkup import Health

FIT = Fitness(
    kernel="Linux 6.18",
    root=True,
    programs={"ip": "/sbin/ip", "nft": "/sbin/nft"},
    features={"nftables": "", "veth": "", "bridge": "", "sctp": ""},
)


def checked(**changed):
    return {each.name: each for each in check_machine(replace(FIT, **changed))}


def test_a_machine_that_can_hold_a_lab():
    checks = checked()
    assert {each.health for each in checks.values()} == {Health.OK}
    assert "as root" in checks["namespaces"].found
    assert "without root" in checked(root=False)["namespaces"].found


def test_missing_programs_are_named_with_their_packages():
    check = checked(programs={"ip": "", "nft": "/sbin/nft", "nc": ""})["programs"]
    assert check.health is Health.FAILED
    assert check.found == "ip, nc are not installed"
    assert check.remedy.endswith("apt-get install iproute2 netcat-openbsd")


def test_without_namespaces_nothing_is_tried():
    checks = checked(refused="the lab may not make network namespaces", remedy="run as root", features={})
    assert (checks["namespaces"].health, checks["namespaces"].remedy) == (Health.FAILED, "Run as root")
    assert checks["kernel"].health is checks["sctp"].health is Health.UNSEEN


def test_a_kernel_that_lacks_something():
    check = checked(features={"nftables": "Error: Could not process rule", "veth": "", "sctp": "x"})["kernel"]
    assert check.health is Health.FAILED
    assert check.details == ("nftables: Error: Could not process rule",)


def test_no_sctp_is_no_fault():
    check = checked(features={"nftables": "", "sctp": "Protocol not supported"})["sctp"]
    assert check.health is Health.OK
    assert "the kernel has none (Protocol not supported)" in check.found


def test_labs():
    assert checked(running=("lab",))["labs"].found.startswith("running: lab (")
    dead = checked(dead=("old",))["labs"]
    assert dead.health is Health.WARNING
    assert "netprobe lab status" in dead.remedy
