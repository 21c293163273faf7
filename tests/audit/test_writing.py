"""The audit as files, for clusters that cannot have all of the board."""

from __future__ import annotations

import json

import pytest
import yaml

from netprobe.audit.board.feature import Phase
from netprobe.audit.board.pods import Needs
from netprobe.audit.planning import lines_of
from netprobe.audit.writing import Line, as_on_board, is_about, scenario_files, with_outside
from netprobe.scenario.load import load_from_files


@pytest.fixture(scope="module")
def written(plan, two_nodes):
    lines = lines_of(plan, two_nodes, thorough=True)

    def write(*lacking, **more):
        return scenario_files(two_nodes, lines, lacking=lacking, **more)

    return write


def line(text: str) -> Line:
    return Line(phase=Phase.DENY, text=text, allowed=True)


@pytest.mark.parametrize("lacking", [(), *((each,) for each in Needs), tuple(Needs)])
def test_the_scenario_can_be_loaded_whatever_is_lacking(written, lacking):
    load_from_files(written(*lacking))


def test_pods_services_and_probes_that_need_what_is_lacking_are_left_out(written):
    def held(**files):
        return {word: word in files["workloads"] for word in ("SCTP", "NodePort")}

    whole, less = ({"workloads": written(*lacking)["workloads.yaml"]} for lacking in ((), tuple(Needs)))
    assert held(**whole) == {"SCTP": True, "NodePort": True}
    assert held(**less) == {"SCTP": False, "NodePort": False}
    intents = json.loads(written(*Needs)["scenario.yaml"])["steps"][0]["intent"]
    told = [*intents["allow"], *intents["deny"]]
    assert told
    assert not [text for text in told if "sctp" in text or "node-port" in text or "home/sig:" in text]


@pytest.mark.parametrize(
    ("text", "needs", "about"),
    [
        ("home/api -> home/sig:8080", Needs.SCTP, True),
        ("home/sig -> home/api:8080", Needs.SCTP, True),
        ("home/api -> home/signals:8080", Needs.SCTP, False),
        ("home/api -> home/shut:8080 via node-port", Needs.EXPOSURE, True),
        ("home/api -> home/shut:8080 via service", Needs.EXPOSURE, False),
        ("home/db -> home/rough:8080", Needs.ROUGH_BLOCKS, False),
    ],
)
def test_a_probe_is_about_what_its_way_or_an_end_of_it_needs(text, needs, about):
    assert is_about(line(text), needs) is about


def blocks_of_rough(files):
    policies = yaml.safe_load_all(files["policies.yaml"])
    (spec,) = (each["spec"] for each in policies if each["metadata"]["name"] == "rough")
    return [(rule["from"][0]["ipBlock"]["cidr"], rule["ports"][0]["port"]) for rule in spec["ingress"]]


def test_one_block_stands_in_two_rules_with_or_without_bits_beyond_its_prefix(written):
    assert blocks_of_rough(written()) == [
        ("${address:home/db/8}", 8080),
        ("${address:home/api/8}", 8081),
    ]
    for ipv6, everything in ((False, "0.0.0.0/0"), (True, "::/0")):
        smooth = blocks_of_rough(written(Needs.ROUGH_BLOCKS, ipv6=ipv6))
        assert smooth == [(everything, 8080), (everything, 8081)]


def test_names_of_a_run_and_of_the_board_are_told_apart_and_back(written):
    theirs = {"namespace": "np-run-home-2", "name": "np-runner", "ports": []}
    files = written(run_id="0a1b2c", bystanders=[theirs])
    assert json.loads(files["scenario.yaml"])["bystanders"] == [theirs]
    del files["scenario.yaml"]
    assert "np-run" not in "".join(files.values())
    assert "np-0a1b2c-home" in files["workloads.yaml"]
    text = "home/api -> np-0a1b2c-home/me:8080/tcp via ip"
    scenario = written(run_id="0a1b2c")["scenario.yaml"]
    assert text in json.loads(scenario)["steps"][0]["intent"]["allow"]
    assert as_on_board(text, "0a1b2c") == "home/api -> np-run-home/me:8080/tcp via ip"


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("a/b -> c/d:80", "a/b -> c/d:80/tcp via ip"),
        ("a/b -> c/d:80/sctp", "a/b -> c/d:80/sctp via ip"),
        ("a/b -> dns/udp", "a/b -> dns/udp via ip"),
        ("a/b -> c/d:80 via node-port", "a/b -> c/d:80/tcp via node-port"),
    ],
)
def test_a_line_in_full_means_one_flow(text, full):
    assert line(text).full == full


@pytest.mark.parametrize(
    ("address", "block"), [("198.51.100.7", "198.51.100.7/32"), ("2001:db8::7", "2001:db8::7/128")]
)
def test_another_host_outside_takes_the_place_of_the_boards(written, address, block):
    files = with_outside(written(), address)
    assert json.loads(files["scenario.yaml"])["external"][0]["address"] == address
    policies = {each["metadata"]["name"]: each["spec"] for each in yaml.safe_load_all(files["policies.yaml"])}
    assert policies["roamer"]["egress"][0]["to"] == [{"ipBlock": {"cidr": block}}]
    load_from_files(files)
