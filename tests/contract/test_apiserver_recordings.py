"""The lab answers as a real Kubernetes 1.36.2 did: every recorded answer and exec session, replayed in order.

``apiserver-1.36.json`` holds what the real server answered, ``not_replayed.toml`` where the lab differs on
purpose. An entry there must name a recording and must differ, else its test fails: the list cannot rot.
"""

from __future__ import annotations

import json
import re
import ssl
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import urllib3
import websocket

pytestmark = pytest.mark.lab

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "apiserver-1.36.json").read_text())
HTTP = {each["name"]: each for each in RECORDED["http"]}
EXEC = {f"exec {each['subprotocol'][:2]}: {' '.join(each['command'])}": each for each in RECORDED["exec"]}
NOT_REPLAYED = tomllib.loads((HERE / "not_replayed.toml").read_text())

DROPPED = {"managedFields", "storageVersionHash", "description"}
OWN_VALUES = {
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "deletionTimestamp",
    "startTime",
    "startedAt",
    "lastTransitionTime",
    "lastHeartbeatTime",
    "continue",
    "serverAddress",
    "containerID",
    "imageID",
    "podIP",
    "clusterIP",
}
"""Fields that must be there, but whose values are each cluster's own."""
OWN_TEXT = (
    (re.compile(r'failed to start exec "[0-9a-f]{64}": '), ""),
    (re.compile(r"^(\d+[dhms])+$"), "(age)"),
    (re.compile(r"\b10\.(244|96)\.\d+\.\d+$"), r"10.\1.(own)"),
)
NAMES = ("name", "resource", "subresource", "type")
"""Fields by which an item of a list is known."""


def essence(value: Any) -> Any:
    """The value without what differs from cluster to cluster."""
    if isinstance(value, dict):
        return {
            key: "(own)" if key in OWN_VALUES else essence(part)
            for key, part in value.items()
            if key not in DROPPED
        }
    if isinstance(value, list):
        return [essence(item) for item in value]
    if isinstance(value, str):
        for pattern, instead in OWN_TEXT:
            value = pattern.sub(instead, value)
    return value


def differences(wanted: Any, ours: Any, path: str, *, cut: bool) -> Iterator[str]:
    """The paths where ``ours`` differs; a ``cut`` recording says nothing of what it leaves out."""
    if isinstance(wanted, dict) and isinstance(ours, dict):
        for key in wanted if cut else dict.fromkeys([*wanted, *ours]):
            here = f"{path}.{key}" if path else key
            if key in wanted and key in ours:
                yield from differences(wanted[key], ours[key], here, cut=cut)
            else:
                yield here
    elif isinstance(wanted, list) and isinstance(ours, list):
        yield from list_differences(wanted, ours, path, cut=cut)
    elif wanted != ours and not (isinstance(ours, dict) and wanted == abbreviated(ours)):
        yield f"{path}: {wanted!r} was recorded, not {ours!r}"


def list_differences(wanted: list[Any], ours: list[Any], path: str, *, cut: bool) -> Iterator[str]:
    by_name = all(isinstance(item, dict) for item in [*wanted, *ours])
    theirs, mine = (named(items) if by_name else by_index(items) for items in (wanted, ours))
    for name in theirs if cut else dict.fromkeys([*theirs, *mine]):
        if name in theirs and name in mine:
            yield from differences(theirs[name], mine[name], f"{path}[{name}]", cut=cut)
        else:
            yield f"{path}[{name}]"
    shared = [name for name in theirs if name in mine]
    if shared != [name for name in mine if name in theirs]:
        yield f"{path}: another order"


def named(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The items by name, or by index where they have none that tells them apart."""
    for key in NAMES:
        found = {item.get(key) or item.get("metadata", {}).get(key): item for item in items}
        if len(found) == len(items) and all(isinstance(name, str) for name in found):
            return found
    return by_index(items)


def by_index(items: list[Any]) -> dict[str, Any]:
    return {str(index): item for index, item in enumerate(items)}


def abbreviated(obj: dict[str, Any]) -> str:
    """What the recording wrote in place of an object: ``(its kind)``, or its name in a list."""
    return f"({obj['kind']})" if "kind" in obj else str(obj["metadata"]["name"])


@dataclass
class Client:
    """Requests to the lab, answered with whatever it says."""

    lab: Any

    def __post_init__(self) -> None:
        self.tls = ssl.create_default_context(cadata=self.lab.ca_pem)
        self.pool = urllib3.PoolManager(ssl_context=self.tls, retries=False, timeout=10)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> urllib3.BaseHTTPResponse:
        """Send a request; the answer is not read yet."""
        headers = {"Authorization": f"Bearer {self.lab.token}", "Content-Type": "application/json"} | headers
        data = body if isinstance(body, str) or body is None else json.dumps(body)
        url = self.lab.server + path
        sent = {name: value for name, value in headers.items() if value}
        return self.pool.request(method, url, body=data, headers=sent, preload_content=False)

    def must(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request that has to succeed; returns its body."""
        answer = self.send(method, path, body, **headers)
        assert answer.status < 300, answer.data
        return answer.json()

    def send_recorded(self, request: dict[str, Any]) -> urllib3.BaseHTTPResponse:
        """Send the request of a recording."""
        headers = {"Content-Type": request.get("contentType", ""), **request.get("headers", {})}
        if request.get("auth") == "none":
            headers["Authorization"] = ""
        return self.send(request["method"], request["path"], request.get("body"), **headers)


POLICIES = "/apis/networking.k8s.io/v1/namespaces/cap/networkpolicies"
PODS = "/api/v1/namespaces/default/pods"
AGNHOST = "registry.k8s.io/e2e-test-images/agnhost:2.53"


def make_pods(client: Client) -> None:
    """The pods of the recording cluster: ``b`` and ``m0`` run, twelve more are there."""
    b = HTTP["a running pod"]["response"]["body"]
    applied = json.loads(b["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"])
    applied["metadata"]["annotations"] = b["metadata"]["annotations"]
    client.must("POST", PODS, applied | {"spec": applied["spec"] | {"nodeName": "node1"}})
    container = {"name": "c", "image": AGNHOST, "args": ["pause"]}
    for number in range(13):
        spec = {"containers": [container], "nodeSelector": {"no": "node"} if number else {}}
        spec["nodeSelector"] = spec["nodeSelector"] or {"kubernetes.io/hostname": "node1"}
        client.must("POST", PODS, {"metadata": {"name": f"m{number}"}, "spec": spec})
    for name in ("b", "m0"):
        watched = f"{PODS}?watch=true&fieldSelector=metadata.name%3D{name}&timeoutSeconds=20"
        for event in lines(client.send("GET", watched)):
            conditions = event["object"]["status"].get("conditions", ())
            if {("Ready", "True")} & {(each["type"], each["status"]) for each in conditions}:
                break
        else:
            pytest.fail(f"pod {name} did not become ready")


def remove_pods(client: Client) -> None:
    for name in ("b", *(f"m{number}" for number in range(13))):
        client.must("DELETE", f"{PODS}/{name}", {"gracePeriodSeconds": 0})


def lines(answer: urllib3.BaseHTTPResponse) -> Iterator[Any]:
    """The events of a watch, each as it comes."""
    rest = b""
    try:
        for chunk in answer.stream(amt=None):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from map(json.loads, whole)
    finally:
        answer.close()


def replay(client: Client, recording: dict[str, Any], changes: int) -> dict[str, Any]:
    """What the lab answers to the request, in the form of the recording; ``changes``: the version before."""
    request, expected = recording["request"], recording["response"]
    if recording["name"].startswith("replace"):
        request = with_present_version(client, recording)
    elif "events" in expected:
        return {"events": list(watch_until_deleted(client, request))}
    elif "watch=true" in request["path"]:
        request = request | {
            "path": re.sub("resourceVersion=1&", f"resourceVersion={changes}&", request["path"])
        }
    answer = client.send_recorded(request)
    kind = answer.headers["Content-Type"]
    if "watch=true" in request["path"]:
        events = [event | {"object": cut_to_metadata(event["object"])} for event in lines(answer)]
        return {"status": answer.status, "contentType": kind, "body": events}
    body = answer.json() if "json" in kind else answer.data.decode()
    return {"status": answer.status, "contentType": kind, "body": body}


def with_present_version(client: Client, recording: dict[str, Any]) -> dict[str, Any]:
    """The recorded PUT with the lab's own uid and version (the one before, if it was a stale one)."""
    present = client.must("GET", f"{POLICIES}/x")["metadata"]
    body = json.loads(json.dumps(recording["request"]["body"]))
    stale = "stale" in recording["name"]
    version = str(int(present["resourceVersion"]) - 1) if stale else present["resourceVersion"]
    body["metadata"] |= {"uid": present["uid"], "resourceVersion": version}
    return recording["request"] | {"body": body}


def cut_to_metadata(obj: dict[str, Any]) -> dict[str, Any]:
    meta = {
        key: obj["metadata"][key]
        for key in ("name", "resourceVersion", "annotations")
        if key in obj["metadata"]
    }
    return {"kind": obj["kind"], "apiVersion": obj["apiVersion"], "metadata": meta}


def watch_until_deleted(client: Client, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The watch during which policy y is deleted, once the initial events have come."""
    path = request["path"].replace("timeoutSeconds=4", "timeoutSeconds=1")
    for event in lines(client.send(request["method"], path)):
        yield event | {"object": cut_to_metadata(event["object"])}
        if event["type"] == "BOOKMARK" and "annotations" in event["object"]["metadata"]:
            client.must("DELETE", f"{POLICIES}/y")


def session(client: Client, recorded: dict[str, Any]) -> dict[str, Any]:
    """An exec session, as what came on each channel, the final Status and the close code."""
    query = [("command", word) for word in recorded["command"]] + [("stdout", "true"), ("stderr", "true")]
    query += [("stdin", "true")] if recorded["sent"] else []
    socket = websocket.create_connection(
        f"{client.lab.server.replace('https', 'wss')}{PODS}/b/exec?{urlencode(query)}",
        sslopt={"context": client.tls},
        subprotocols=[recorded["subprotocol"]],
        header=[f"Authorization: Bearer {client.lab.token}"],
        timeout=20,
    )
    assert socket.subprotocol == recorded["subprotocol"]
    for frame in recorded["sent"]:
        socket.send_binary(bytes([frame["channel"]]) + frame["data"].encode())
    received = []
    while True:
        opcode, data = socket.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            socket.shutdown()
            return by_channel([*received, {"opcode": "close", "code": int.from_bytes(data[:2], "big")}])
        received.append({"opcode": "binary", "channel": data[0], "data": data[1:].decode()})


def by_channel(received: list[dict[str, Any]]) -> dict[str, Any]:
    """The frames joined by channel, with how they begin and end: where output is cut is no contract."""
    frames = [each for each in received if each["opcode"] == "binary"]
    text = {each["channel"]: "" for each in frames}
    for each in frames:
        text[each["channel"]] += each["data"]
    ends = [(frames[0]["channel"], frames[0]["data"]), frames[-1]["channel"]]
    return {
        "status": json.loads(text.pop(3)),
        "output": {str(channel): data for channel, data in text.items()},
        "ends": str(ends),
        "code": received[-1]["code"],
    }


@pytest.fixture(scope="module")
def differing(enforcing_lab: Any) -> dict[str, list[str]]:
    """Replays all; recording name → where the lab's answer differs."""
    client = Client(enforcing_lab)
    make_pods(client)
    version = int(client.must("GET", "/api/v1/namespaces?limit=1")["metadata"]["resourceVersion"])
    found = {}
    try:
        for name, recording in HTTP.items():
            before_each(client, name)
            ours = replay(client, recording, version)
            wanted = recording["response"]
            cut = "cut" in recording.get("note", "") or (
                isinstance(wanted.get("body"), dict) and "kind" not in wanted["body"]
            )
            found[name] = list(differences(essence(wanted), essence(ours), "", cut=cut))
        for name, recorded in EXEC.items():
            wanted, ours = by_channel(recorded["received"]), session(client, recorded)
            found[name] = list(differences(essence(wanted), essence(ours), "", cut=False))
    finally:
        remove_pods(client)
        client.pool.clear()
    return found


def before_each(client: Client, name: str) -> None:
    """What the recording took for granted, or did in a way that the lab refuses."""
    if name == "list":  # server-side apply, which is refused, would have made this one
        client.must("POST", POLICIES, HTTP["server-side apply"]["request"]["body"])
    if name == "delete namespace":  # the lab would be done with it before the next request
        held = {"metadata": {"name": "held", "finalizers": ["netprobe.test/held"]}}
        client.must("POST", "/api/v1/namespaces/cap/configmaps", held)
    if name == "a running pod":
        merge = {"Content-Type": "application/merge-patch+json"}
        path = "/api/v1/namespaces/cap/configmaps/held"
        client.must("PATCH", path, {"metadata": {"finalizers": None}}, **merge)


@pytest.mark.parametrize("name", [*HTTP, *EXEC])
def test_the_lab_answers_as_recorded(differing, name):
    """But for the listed parts, each of which must differ."""
    entry = NOT_REPLAYED.get(name, {"parts": []})
    parts = entry.get("parts")
    if parts is None:
        assert differing[name], "the lab answers as recorded: remove the entry of not_replayed.toml"
        return
    unexpected = [each for each in differing[name] if not each.startswith(tuple(parts))]
    assert not unexpected, "\n".join(unexpected)
    unused = [part for part in parts if not any(each.startswith(part) for each in differing[name])]
    assert unused == [], "these parts agree: remove them from not_replayed.toml"


def test_what_is_not_replayed_is_recorded_and_has_its_reason():
    assert set(NOT_REPLAYED) - set(HTTP) - set(EXEC) == set()
    assert [name for name, entry in NOT_REPLAYED.items() if not entry.get("reason")] == []
    assert [name for name, entry in NOT_REPLAYED.items() if set(entry) - {"reason", "parts"}] == []
