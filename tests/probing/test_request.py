from __future__ import annotations

import math

import pytest

from netprobe.probing.request import Batch, Request, RequestKind, is_dns_name, is_ip_address


def request(**changed):
    given = {"id": "r1", "kind": RequestKind.TCP, "address": "10.0.0.1", "port": 80, "timeout": 2.5}
    return Request(**{**given, **changed})


@pytest.mark.parametrize(
    "changed",
    [
        {"id": ""},
        {"id": "R1"},
        {"id": "a b"},
        {"id": "a\n"},
        {"id": "a" * 33},
        {"port": 0},
        {"port": 65536},
        {"timeout": 0},
        {"timeout": -1},
        {"timeout": math.inf},
        {"timeout": math.nan},
        {"timeout": 61},
        {"attempts": 0},
        {"attempts": 21},
        {"address": ""},
        {"address": "10.0.0.1; rm -rf /"},
        {"address": "$(reboot)"},
        {"address": "fe80::1%eth0"},
        {"address": "fe80::1%$(reboot)"},
        {"address": "a..b"},
        {"address": "-a.b"},
        {"address": "a\n.b"},
        {"address": "a.b\n"},
        {"address": "10.0.0"},
        {"address": "0x7f.1"},
        {"address": "a." + "b" * 64},
        {"address": ".".join(["abcdefgh"] * 29)},
        {"kind": RequestKind.UDP, "address": "api.shop.svc"},
        {"kind": RequestKind.DNS_UDP},
        {"kind": RequestKind.DNS_UDP, "lookup": "-debug"},
        {"kind": RequestKind.DNS_UDP, "lookup": "a b"},
        {"lookup": "a.b"},
    ],
)
def test_what_cannot_stand_in_a_script_is_refused(changed):
    with pytest.raises(ValueError):
        request(**changed)


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "fd00::1", "api.shop.svc.cluster.local", "api.shop.", "x", "a0x", "_a._tcp.b"]
)
def test_addresses_and_names(address):
    assert request(address=address).is_ip == (address in ("10.0.0.1", "fd00::1"))


def test_a_batch_refuses_repeated_ids_and_strange_spacing():
    with pytest.raises(ValueError, match="repeat"):
        Batch(id="b", requests=(request(), request(port=81)))
    with pytest.raises(ValueError, match="spacing"):
        Batch(id="b", requests=(), spacing=0)
    with pytest.raises(ValueError, match="batch id"):
        Batch(id="b;", requests=())


def test_attempts_of_a_batch_are_those_of_its_most_patient_request():
    assert Batch(id="b", requests=()).attempts == 0
    assert Batch(id="b", requests=(request(), request(id="r2", attempts=3))).attempts == 3


def test_predicates_do_not_raise():
    assert not is_ip_address("fe80::1%1")
    assert not is_dns_name("")
    assert not is_dns_name(".")
    assert is_dns_name("a.b.")
