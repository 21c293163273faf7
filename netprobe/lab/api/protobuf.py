"""Bodies in Kubernetes' protobuf encoding, read into what the same object is in JSON.

``kubectl create`` and ``kubectl auth can-i`` send nothing else. The encoding is described on
https://kubernetes.io/docs/reference/using-api/api-concepts/ (Protobuf encoding): four magic bytes, then a
``runtime.Unknown`` that says which kind is inside. Fields are known by their numbers in ``_TABLE``; a number
that is not there is refused, never passed over.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from netprobe.lab.api.status_errors import StatusError, bad_request, unsupported_media_type

MEDIA_TYPE = "application/vnd.kubernetes.protobuf"
_MAGIC = b"k8s\x00"

_TABLE = """
Unknown: 1 type TypeMeta, 2 raw raw, 3 contentEncoding string, 4 contentType string
TypeMeta: 1 apiVersion string, 2 kind string
ObjectMeta: 1 name string, 2 generateName string, 3 namespace string, 4 selfLink string, 5 uid string
ObjectMeta: 6 resourceVersion string, 7 generation int, 8 creationTimestamp -, 9 deletionTimestamp -
ObjectMeta: 10 deletionGracePeriodSeconds int, 11 labels map, 12 annotations map, 14 finalizers *string
ObjectMeta: 17 managedFields -
LabelSelector: 1 matchLabels map, 2 matchExpressions *LabelSelectorRequirement
LabelSelectorRequirement: 1 key string, 2 operator string, 3 values *string
DeleteOptions: 1 gracePeriodSeconds int?, 2 preconditions Preconditions, 3 orphanDependents bool?
DeleteOptions: 4 propagationPolicy string, 5 dryRun *string
Preconditions: 1 uid string, 2 resourceVersion string
Namespace: 1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status -
NamespaceSpec: 1 finalizers *string
ConfigMap: 1 metadata ObjectMeta, 2 data map, 3 binaryData bytesmap, 4 immutable bool?
ServiceAccount: 1 metadata ObjectMeta, 4 automountServiceAccountToken bool?
Service: 1 metadata ObjectMeta, 2 spec ServiceSpec, 3 status -
ServiceSpec: 1 ports *ServicePort, 2 selector map, 3 clusterIP string, 4 type string, 5 externalIPs *string
ServiceSpec: 7 sessionAffinity string, 8 loadBalancerIP string, 9 loadBalancerSourceRanges *string
ServiceSpec: 10 externalName string, 11 externalTrafficPolicy string, 12 healthCheckNodePort int
ServiceSpec: 13 publishNotReadyAddresses bool, 17 ipFamilyPolicy string, 18 clusterIPs *string
ServiceSpec: 19 ipFamilies *string, 20 allocateLoadBalancerNodePorts bool?, 21 loadBalancerClass string
ServiceSpec: 22 internalTrafficPolicy string, 23 trafficDistribution string
ServicePort: 1 name string, 2 protocol string, 3 port int, 4 targetPort either, 5 nodePort int
ServicePort: 6 appProtocol string
Pod: 1 metadata ObjectMeta, 2 spec PodSpec, 3 status -
PodTemplateSpec: 1 metadata ObjectMeta, 2 spec PodSpec
PodSpec: 2 containers *Container, 3 restartPolicy string, 4 terminationGracePeriodSeconds int?
PodSpec: 5 activeDeadlineSeconds int?, 6 dnsPolicy string, 7 nodeSelector map, 8 serviceAccountName string
PodSpec: 9 serviceAccount string, 10 nodeName string, 11 hostNetwork bool, 12 hostPID bool, 13 hostIPC bool
PodSpec: 14 securityContext PodSecurityContext, 16 hostname string, 17 subdomain string
PodSpec: 19 schedulerName string, 20 initContainers *Container, 21 automountServiceAccountToken bool?
PodSpec: 22 tolerations *Toleration, 24 priorityClassName string, 25 priority int?
PodSpec: 27 shareProcessNamespace bool?, 29 runtimeClassName string, 30 enableServiceLinks bool?
PodSpec: 31 preemptionPolicy string
PodSecurityContext: 2 runAsUser int?, 3 runAsNonRoot bool?, 5 fsGroup int?, 6 runAsGroup int?
PodSecurityContext: 10 seccompProfile SeccompProfile
SeccompProfile: 1 type string, 2 localhostProfile string
Toleration: 1 key string, 2 operator string, 3 value string, 4 effect string, 5 tolerationSeconds int?
Container: 1 name string, 2 image string, 3 command *string, 4 args *string, 5 workingDir string
Container: 6 ports *ContainerPort, 7 env *EnvVar, 8 resources ResourceRequirements
Container: 13 terminationMessagePath string, 14 imagePullPolicy string, 15 securityContext SecurityContext
Container: 16 stdin bool, 17 stdinOnce bool, 18 tty bool, 20 terminationMessagePolicy string
ContainerPort: 1 name string, 2 hostPort int, 3 containerPort int, 4 protocol string, 5 hostIP string
EnvVar: 1 name string, 2 value string
ResourceRequirements: 1 limits quantities, 2 requests quantities
SecurityContext: 1 capabilities Capabilities, 2 privileged bool?, 4 runAsUser int?, 5 runAsNonRoot bool?
SecurityContext: 6 readOnlyRootFilesystem bool?, 7 allowPrivilegeEscalation bool?, 8 runAsGroup int?
SecurityContext: 11 seccompProfile SeccompProfile
Capabilities: 1 add *string, 2 drop *string
Deployment: 1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status -
DeploymentSpec: 1 replicas int?, 2 selector LabelSelector, 3 template PodTemplateSpec
DeploymentSpec: 4 strategy DeploymentStrategy, 5 minReadySeconds int, 6 revisionHistoryLimit int?
DeploymentSpec: 7 paused bool, 9 progressDeadlineSeconds int?
DeploymentStrategy: 1 type string, 2 rollingUpdate RollingUpdateDeployment
RollingUpdateDeployment: 1 maxUnavailable either?, 2 maxSurge either?
SelfSubjectAccessReview: 1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec, 3 status -
SelfSubjectAccessReviewSpec: 1 resourceAttributes ResourceAttributes
SelfSubjectAccessReviewSpec: 2 nonResourceAttributes NonResourceAttributes
ResourceAttributes: 1 namespace string, 2 verb string, 3 group string, 4 version string, 5 resource string
ResourceAttributes: 6 subresource string, 7 name string
NonResourceAttributes: 1 path string, 2 verb string
SelfSubjectRulesReview: 1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec, 3 status -
SelfSubjectRulesReviewSpec: 1 namespace string
SelfSubjectReview: 1 metadata ObjectMeta, 2 status -
"""
"""Message: number name kind, … Kinds: ``*`` repeated; ``?`` may be zero or false (else that is as good as
absent, since it is always sent); ``either`` an IntOrString; ``-`` the server's own, dropped."""

_Fields = dict[int, tuple[str, str]]


def _read_table(text: str) -> dict[str, _Fields]:
    messages: dict[str, _Fields] = {}
    for line in text.strip().splitlines():
        message, _, fields = line.partition(": ")
        for field in fields.split(", "):
            number, name, kind = field.split()
            messages.setdefault(message, {})[int(number)] = (name, kind)
    return messages


_MESSAGES = _read_table(_TABLE)


def read_protobuf(raw: bytes) -> dict[str, Any]:
    """The object in ``raw``; raises StatusError (400 for a broken body, 415 for what is not known)."""
    if not raw.startswith(_MAGIC):
        raise bad_request("the body does not begin as Kubernetes' protobuf does")
    try:
        envelope = _message("Unknown", raw[len(_MAGIC) :])
        head = {key: str(envelope["type"][key]) for key in ("kind", "apiVersion")}
        if head["kind"] not in _MESSAGES:
            raise unsupported_media_type()
        return {**head, **_message(head["kind"], envelope["raw"])}
    except (IndexError, KeyError, ValueError) as error:
        raise bad_request(f"couldn't parse the body as protobuf: {error}") from None


def _message(name: str, raw: bytes) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for number, value in _fields(raw):
        try:
            field, kind = _MESSAGES[name][number]
        except KeyError:
            why = f"the lab does not read field {number} of {name} in protobuf; send the object as JSON"
            raise StatusError(415, "UnsupportedMediaType", why, {}) from None
        if kind == "-":
            continue
        if kind in {"map", "bytesmap", "quantities"}:
            key, part = _entry(kind, value)
            result.setdefault(field, {})[key] = part
        elif kind.startswith("*"):
            result.setdefault(field, []).append(_value(kind[1:], value))
        else:
            part = _value(kind.removesuffix("?"), value)
            if part or isinstance(part, dict) or kind.endswith("?"):
                result[field] = part
    return result


def _value(kind: str, value: Any) -> Any:
    if kind == "int":
        return _integer(value)
    if kind == "bool":
        return bool(_integer(value))
    raw = _bytes(kind, value)
    if kind == "raw":
        return raw
    if kind == "string":
        return raw.decode()
    return _int_or_string(raw) if kind == "either" else _message(kind, raw)


def _bytes(kind: str, value: Any) -> bytes:
    if not isinstance(value, bytes):
        raise ValueError(f"a number where {kind} is due")  # noqa: TRY004 - of the body, not of a caller
    return value


def _integer(value: Any) -> int:
    if not isinstance(value, int):
        raise ValueError("text where a number is due")  # noqa: TRY004 - of the body, not of a caller
    return value - (1 << 64) if value >> 63 else value


def _int_or_string(raw: bytes) -> int | str:
    parts = dict(_fields(raw))
    return _bytes("string", parts.get(3, b"")).decode() if parts.get(1) else _integer(parts.get(2, 0))


def _entry(kind: str, raw: Any) -> tuple[str, str]:
    """An entry of a map: its key, and its value as JSON has it (bytes in base64)."""
    parts = dict(_fields(_bytes(kind, raw)))
    key, value = _bytes("string", parts.get(1, b"")).decode(), _bytes("string", parts.get(2, b""))
    if kind == "bytesmap":
        return key, base64.b64encode(value).decode()
    if kind == "quantities":
        value = _bytes("string", dict(_fields(value)).get(1, b""))
    return key, value.decode()


def _fields(raw: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a message: (number, int for a varint, bytes for what has a length)."""
    at = 0
    while at < len(raw):
        tag, at = _varint(raw, at)
        if tag & 7 == 0:
            value, at = _varint(raw, at)
            yield tag >> 3, value
        elif tag & 7 == 2:
            size, at = _varint(raw, at)
            if at + size > len(raw):
                raise ValueError("a field is longer than its message")
            yield tag >> 3, raw[at : at + size]
            at += size
        else:
            raise ValueError(f"wire type {tag & 7} is not used by any object")


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 64, 7):
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & (1 << 64) - 1, at
    raise ValueError("a number has more than 64 bits")
