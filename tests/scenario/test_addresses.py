from __future__ import annotations

from netprobe.scenario.addresses import named_pods, with_addresses, with_stand_ins

BODY = {
    "spec": {
        "ingress": [
            {"from": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["${address:a/web}", "10.0.0.1/32"]}}]},
            {"from": [{"ipBlock": {"cidr": "${address:b/db}"}}], "ports": [{"port": 80}]},
        ]
    }
}


def test_every_named_pod_is_found_in_order():
    assert list(named_pods(BODY)) == ["a/web", "b/db"]


def test_addresses_take_their_place_and_the_rest_stays():
    filled = with_addresses(BODY, {"a/web": "10.1.0.1/32", "b/db": "fd00::1/128"}.__getitem__)
    first, second = filled["spec"]["ingress"]
    assert first["from"][0]["ipBlock"]["except"] == ["10.1.0.1/32", "10.0.0.1/32"]
    assert second == {"from": [{"ipBlock": {"cidr": "fd00::1/128"}}], "ports": [{"port": 80}]}
    assert "${address:a/web}" in BODY["spec"]["ingress"][0]["from"][0]["ipBlock"]["except"]


def test_a_stand_in_is_an_address_that_no_pod_has():
    assert with_stand_ins("${address:a/web}") == "192.0.2.1/32"
    assert list(named_pods(with_stand_ins(BODY))) == []


def test_a_stand_in_is_of_the_family_of_its_block():
    block = {"ipBlock": {"cidr": "::/0", "except": ["${address:a/web}"]}}
    assert with_stand_ins(block)["ipBlock"]["except"] == ["2001:db8::1/128"]


def test_an_address_with_a_prefix_keeps_the_bits_beyond_it_but_as_a_stand_in():
    assert list(named_pods("${address:a/web/8}")) == ["a/web"]
    assert with_addresses("${address:a/web/8}", lambda _: "10.1.0.1/32") == "10.1.0.1/8"
    assert with_stand_ins("${address:a/web/8}") == "192.0.0.0/8"
