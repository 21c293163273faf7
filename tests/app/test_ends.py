"""Ends of a flow as a person writes them."""

from __future__ import annotations

import pytest

from netprobe.app.ends import another_than, find_end, parse_port, port_number, split_destination, undeclared
from netprobe.app.inventories import Where, find_inventory
from netprobe.errors import InputError
from netprobe.model.protocol import Protocol


@pytest.fixture
def inventory(shop):
    return find_inventory(Where(paths=["shop.yaml"])).inventory


def remedy_of(action, *arguments):
    with pytest.raises(InputError) as caught:
        action(*arguments)
    return f"{caught.value.message} | {caught.value.remedy}"


@pytest.mark.parametrize(
    ("text", "end", "port", "protocol"),
    [
        ("shop/db:5432", "shop/db", 5432, "TCP"),
        ("db:53/udp", "db", 53, "UDP"),
        ("shop/web[1]:http", "shop/web[1]", "http", "TCP"),
        ("service/shop/web:80/TCP", "service/shop/web", 80, "TCP"),
        ("10.0.0.1:9/sctp", "10.0.0.1", 9, "SCTP"),
        ("[fd00::1]:443", "[fd00::1]", 443, "TCP"),
    ],
)
def test_a_destination_is_an_end_with_a_port(text, end, port, protocol):
    found = split_destination(text)
    assert (found.end, found.port, found.protocol) == (end, port, Protocol(protocol))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("shop/db", '"shop/db" does not say a port | write namespace/pod:port'),
        ("shop/db:", '"shop/db:" does not say a port'),
        (":80", '":80" does not say a port'),
        ("shop/db:80/icmp", '"shop/db:80/icmp" does not end in a protocol | protocols are: tcp, udp, sctp'),
        ("shop/db:70000", "port 70000 must be between 1 and 65535"),
        ("fd00::1:80", '"fd00::1:80" does not say a port | write [ADDRESS]:port'),
        ("1:2:3:4:5:6:7:8:80", "does not say where the address ends | write [ADDRESS]:port"),
    ],
)
def test_a_destination_that_cannot_be_read_says_how_to_write_it(text, words):
    assert words in remedy_of(split_destination, text)


def test_a_port_is_a_number_with_or_without_a_protocol():
    assert parse_port("80") == (80, Protocol.TCP)
    assert parse_port("53/udp") == (53, Protocol.UDP)
    assert '"http" is not a port' in remedy_of(parse_port, "http")
    assert "protocols are" in remedy_of(parse_port, "80/")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("shop/db", "shop/db"),
        ("db", "shop/db"),
        ("web[2]", "shop/web[2]"),
        ("lab/probe", "lab/probe"),
        ("service/web", "Service shop/web"),
        ("service/shop/web", "Service shop/web"),
        ("192.0.2.1", "192.0.2.1"),
        ("[fd00::1]", "fd00::1"),
    ],
)
def test_an_end_is_a_pod_a_service_or_an_address(text, words, inventory):
    assert find_end(text, inventory, "shop").words == words


def test_of_several_replicas_the_first_is_chosen_and_said(inventory):
    assert find_end("web", inventory, "shop").note == "shop/web has 3 pods; this is about shop/web[0]"
    assert find_end("web[0]", inventory, "shop").note == ""


def test_a_workload_and_itself_are_two_of_its_pods(inventory):
    web, db = find_end("web", inventory, "shop"), find_end("db", inventory, "shop")
    assert another_than(web, web).words == "shop/web[1]"
    assert another_than(db, db) is db
    only = find_end("web[0]", inventory, "shop")
    assert another_than(only, only) is only


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("shop/wbe", 'there is no pod or workload shop/wbe | did you mean "shop/web"?'),
        ("db", "there is no pod or workload default/db | did you mean shop/db?"),
        ("other/web", "there is no pod or workload other/web | did you mean shop/web?"),
        ("shop/web[3]", "there is no pod or workload shop/web[3]"),
        ("shop/zzzzz", "there are: lab/probe, shop/db, shop/web"),
        ("example.com", "policies know addresses, not host names"),
        ("service/shop/wbe", 'there is no Service shop/wbe | did you mean "shop/web"?'),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(text, words, inventory):
    assert words in remedy_of(find_end, text, inventory, "default")


def test_a_port_by_name_is_that_of_the_pod_or_service(inventory):
    web, service = (find_end(text, inventory, "shop") for text in ("web", "service/web"))
    assert port_number(web, split_destination("web:http")) == 8080
    assert port_number(service, split_destination("service/web:plain")) == 80
    assert 'no TCP port named "htpt" | did you mean "http"?' in remedy_of(
        port_number, web, split_destination("web:htpt")
    )
    probe = find_end("lab/probe", inventory, "shop")
    assert "write its number" in remedy_of(port_number, probe, split_destination("lab/probe:http"))


def test_a_port_that_the_pod_does_not_declare_is_noted(inventory):
    pod = find_end("shop/db", inventory, "").pod
    assert undeclared(pod, 5432, Protocol.TCP) == ""
    assert undeclared(pod, 53, Protocol.TCP) == "shop/db declares 5432/tcp, 53/udp, but not 53/tcp"
