"""The lab answers as a real Kubernetes 1.36.2 did: a selection of its recorded answers, replayed in order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RECORDINGS = json.loads((Path(__file__).parent / "recordings.json").read_text())
POLICIES = [each for each in RECORDINGS if each["name"].startswith("networkpolicy: ")]
OTHERS = [each for each in RECORDINGS if each not in POLICIES]

_OWNED = ("managedFields", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "generation")


def replay(server, recording):
    request = recording["request"]
    accept = request.get("headers", {}).get("Accept", "")
    token = None if request.get("auth") == "none" else server.token
    if "Authorization" in request.get("headers", {}):
        token = request["headers"]["Authorization"].removeprefix("Bearer ")
    return server.request(
        request["method"],
        request["path"],
        request.get("body"),
        content_type=request.get("contentType", ""),
        token=token,
        accept=accept,
    )


def essence(body):
    """The body without what differs from cluster to cluster."""
    if not isinstance(body, dict):
        return body
    meta = {k: v for k, v in body.get("metadata", {}).items() if k not in _OWNED}
    rest = {k: v for k, v in body.items() if k != "metadata"}
    if "details" in rest:
        rest["details"] = {k: v for k, v in rest["details"].items() if k != "uid"}
    return {**rest, "metadata": meta}


@pytest.mark.parametrize("recording", POLICIES, ids=lambda each: each["name"])
def test_network_policies_are_defaulted_and_refused_as_recorded(server, recording):
    server.make_namespace("cap")
    status, _, body, _ = replay(server, recording)
    expected = recording["response"]
    assert status == expected["status"], body
    if status == 201:
        assert body["spec"] == expected["body"]["spec"]
    else:
        assert body == expected["body"]


def test_a_session_of_writes_is_answered_as_recorded(server):
    """From the creation of a namespace to its deletion, each answer is compared but for owned metadata."""
    for recording in OTHERS:
        status, kind, body, _ = replay(server, recording)
        expected = recording["response"]
        where = recording["name"]
        assert status == expected["status"], (where, body)
        assert kind == expected["contentType"], where
        if recording.get("compare", True):
            assert essence(body) == essence(expected["body"]), where
