"""Bodies in protobuf: what kubectl sends is read in tests/lab/cluster/test_kubectl.py, the edges here."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.lab.api.protobuf import MEDIA_TYPE, read_protobuf
from netprobe.lab.api.status_errors import StatusError


def number(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(index, value):
    """A field as the wire has it: an int as varint, text and messages with their length."""
    if isinstance(value, int):
        return number(index << 3) + number(value)
    value = value.encode() if isinstance(value, str) else value
    return number(index << 3 | 2) + number(len(value)) + value


def body(kind, api_version, *fields):
    head = field(1, api_version) + field(2, kind)
    return b"k8s\0" + field(1, head) + field(2, b"".join(fields)) + field(3, "") + field(4, "")


def deployment(*spec):
    meta = field(1, "web") + field(8, b"") + field(11, field(1, "app") + field(2, "web"))
    return body("Deployment", "apps/v1", field(1, meta), field(2, b"".join(spec)), field(3, b""))


def test_zero_is_absent_unless_it_says_something():
    half = field(2, field(1, field(1, 1) + field(2, 0) + field(3, "50%")))
    read = read_protobuf(deployment(field(1, 0), field(4, half), field(5, 0), field(7, 0)))
    assert read == {
        "kind": "Deployment",
        "apiVersion": "apps/v1",
        "metadata": {"name": "web", "labels": {"app": "web"}},
        "spec": {"replicas": 0, "strategy": {"rollingUpdate": {"maxUnavailable": "50%"}}},
    }


def test_bytes_quantities_and_negative_numbers():
    entry = field(3, field(1, "k") + field(2, b"\xff\0"))
    assert read_protobuf(body("ConfigMap", "v1", entry))["binaryData"] == {"k": "/wA="}
    limits = field(8, field(1, field(1, "cpu") + field(2, field(1, "100m"))))
    toleration = field(22, field(5, -1))
    pod = read_protobuf(body("Pod", "v1", field(2, field(2, limits) + toleration)))
    assert pod["spec"]["containers"] == [{"resources": {"limits": {"cpu": "100m"}}}]
    assert pod["spec"]["tolerations"] == [{"tolerationSeconds": -1}]


@pytest.mark.parametrize(
    ("raw", "code", "message"),
    [
        (b"{}", 400, "does not begin as Kubernetes' protobuf does"),
        (b"k8s\0", 400, "couldn't parse the body as protobuf"),
        (deployment()[:-9], 400, "longer than its message"),
        (body("Secret", "v1"), 415, "415: Unsupported Media Type"),
        (deployment(field(99, "x")), 415, "does not read field 99 of DeploymentSpec in protobuf"),
        (deployment(field(1, "x")), 400, "text where a number is due"),
        (deployment(field(3, 7)), 400, "a number where PodTemplateSpec is due"),
        (body("ConfigMap", "v1", field(2, 5)), 400, "a number where map is due"),
        (body("ConfigMap", "v1", field(2, field(1, 5))), 400, "a number where string is due"),
        (body("Namespace", "v1", b"\x0d1234"), 400, "wire type 5"),
        (body("Namespace", "v1", field(1, field(1, b"\xff"))), 400, "couldn't parse"),
    ],
)
def test_what_cannot_be_read_is_refused(raw, code, message):
    with pytest.raises(StatusError, match=message) as refused:
        read_protobuf(raw)
    assert refused.value.code == code


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw):
    for whole in (b"k8s\0" + raw, body("Pod", "v1", raw)):
        with contextlib.suppress(StatusError):
            assert isinstance(read_protobuf(whole), dict)


def test_a_namespace_is_made_from_protobuf(server):
    context = body("Namespace", "v1", field(1, field(1, "wired")), field(2, b""), field(3, b""))
    status, _, made, _ = server.request(
        "POST", "/api/v1/namespaces", context.decode("latin-1"), content_type=MEDIA_TYPE
    )
    assert (status, made["metadata"]["name"]) == (201, "wired")
