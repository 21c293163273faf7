"""Who answers: each server says namespace, name and UID on every path, and does nothing else."""

from __future__ import annotations

import pytest

from netprobe.model.observation import Outcome
from netprobe.probing.request import Request, RequestKind

PATHS = (
    "/",
    "/clientip",
    "/dial?host=127.0.0.1&port=8080&request=hostname",
    "/echo?msg=liar&code=500",
    "/exit?code=3",
    "/exit",
    "/header?key=Host",
    "/healthz",
    "/hostname",
    "/hostName",
    "/redirect?location=http://192.0.2.1/&code=302",
    "/shell?cmd=id",
    "/shell?shellCommand=touch+/tmp/owned",
    "/shutdown?timeout=0&wait=0",
    "/upload",
    "/no/such/path",
)


def pods(deployed):
    return [deployed.pod("shop", "web"), deployed.pod("shop", "web", 1), deployed.pod("street", "visitor")]


def test_every_path_says_who_answers_and_does_nothing(deployed, shell):
    """Without this an address that went to another pod would pass, and agnhost's shell would be open."""
    before = restarts(deployed)
    for pod in pods(deployed):
        commands = [
            f"curl -q -s -m 10 -w '\\n%{{http_code}}\\n' 'http://{pod.ips[0]}:8080{path}'" for path in PATHS
        ]
        commands.append(
            f"curl -q -s -m 10 -w '\\n%{{http_code}}\\n' -d cmd=id http://{pod.ips[0]}:8080/shell"
        )
        answers = shell("\n".join(commands)).splitlines()
        assert [line for line in answers if line] == [deployed.identity(pod), "200"] * len(commands)
        assert shell("ls /tmp | grep -c owned", pod) == "0\n"
    assert restarts(deployed) == before


def restarts(deployed):
    return {
        body["metadata"]["uid"]: [each["restartCount"] for each in body["status"]["containerStatuses"]]
        for body in deployed.bodies()
    }


def test_udp_says_the_name_of_the_pod(deployed, shell):
    """UDP has no handshake: only the right answer proves that the datagram reached the right pod."""
    for pod in pods(deployed)[:2]:
        assert shell(f"printf hostname | nc -u -n -w 3 -W 1 {pod.ips[0]} 8081").strip() == pod.name


def test_a_wrong_answerer_is_seen(deployed, probe):
    """An address that leads to another pod than the API says is neither open nor closed."""
    right, wrong, visitor = pods(deployed)
    for expected, outcome in ((right, Outcome.CONNECTED), (wrong, Outcome.WRONG_PEER)):
        request = Request(
            id="r",
            kind=RequestKind.TCP,
            address=str(right.ips[0]),
            port=8080,
            timeout=5.0,
            expected_peers=frozenset({f"{deployed.placed(expected)}/{expected.name}"}),
        )
        assert probe(visitor, request).outcome is outcome


@pytest.mark.parametrize("workload", ["web", "visitor"])
def test_the_api_and_the_pod_agree_on_its_address(deployed, shell, workload):
    """Probes are addressed by status.podIP: it must be the address that the pod itself has."""
    pod = deployed.pod("shop" if workload == "web" else "street", workload)
    address = str(pod.ips[0])
    assert shell(f"curl -q -s -m 10 http://{address}:8080/", pod) == deployed.identity(pod)
