"""Decor: the objects by which a CNI is known, with no process behind them.

They make an identifier see what it would see on a cluster of that CNI; DNS, policies and the
controllers of the lab do not notice them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from netprobe.lab.cluster.identities.table import IDENTITIES, Look
from netprobe.lab.cluster.seed import NAMESPACES, NodePlace, Placed, condition
from netprobe.lab.control.kinds import DECOR
from netprobe.lab.store.objects import Object, Store

_NOTE = "this object only looks like the real one: nothing runs behind it"
_PRIVILEGED = {"pod-security.kubernetes.io/enforce": "privileged"}
_RESOURCES = {"DaemonSet": "daemonsets", "Deployment": "deployments"}


def decor_objects(identity: str, nodes: int) -> Iterator[Placed]:
    """The objects of an identity ("" has none) in a cluster of so many nodes."""
    if not identity:
        return
    look = IDENTITIES[identity]
    named = [each["name"] for each in (*look.workloads, *look.config_maps)]
    for namespace in dict.fromkeys(name.partition("/")[0] for name in named):
        if namespace not in NAMESPACES:
            meta = {"name": namespace, "labels": dict(_PRIVILEGED)}
            yield Placed(resource="namespaces", body=_object("v1", "Namespace", meta))
    for name in look.crds:
        yield Placed(resource="customresourcedefinitions", body=_definition(name))
    for each in look.config_maps:
        body = _object("v1", "ConfigMap", _meta(each)) | {"data": dict(each["data"])}
        yield Placed(resource="configmaps", body=body)
    for each in look.workloads:
        kind = each.get("kind", "DaemonSet")
        yield Placed(resource=_RESOURCES[kind], body=_workload(kind, each, nodes))


def mark_nodes(store: Store, identity: str, nodes: Iterable[NodePlace], *, now: str) -> None:
    """Make the nodes look like those of the identity ("" leaves them as they are)."""
    for place in nodes if identity else ():
        store.change("nodes", "", place.name, partial(_dress, place=place, identity=identity, now=now))


def _dress(node: Object, place: NodePlace, identity: str, *, now: str) -> None:
    """Give a node the labels, annotations, condition and facts of the identity."""
    known = IDENTITIES[identity]
    look, own = known.nodes, {"{node}": place.name, "{address}": place.address}
    meta, status, info = node["metadata"], node["status"], node["status"]["nodeInfo"]
    for key, values in (("labels", look.labels), ("annotations", look.annotations)):
        if values:
            meta.setdefault(key, {}).update({name: _filled(value, own) for name, value in values.items()})
    if look.provider_id:
        node["spec"]["providerID"] = _filled(look.provider_id, own)
    info.update(_facts(look, server_version(identity, "")))
    if look.condition is not None:
        up = condition(
            "NetworkUnavailable", "False", look.condition["reason"], look.condition["message"], now=now
        )
        status["conditions"].insert(0, up)


def server_version(identity: str, version: str) -> str:
    """The version that the server tells: the identity's, marked as the lab's; ``version`` without one."""
    own = IDENTITIES[identity].version if identity else ""
    return f"{own}{'.' if '+' in own else '+'}netprobe-lab" if own else version


def cni_files_of(identity: str) -> Mapping[str, str]:
    """What a node of the identity ("" has nothing) keeps in /etc/cni/net.d, name → text."""
    return IDENTITIES[identity].cni_files if identity else {}


def _facts(look: Look, version: str) -> Mapping[str, str]:
    facts = {
        "osImage": look.os_image,
        "containerRuntimeVersion": look.runtime,
        "kubeletVersion": version,
    }
    return {key: value for key, value in facts.items() if value}


def _filled(value: str, own: Mapping[str, str]) -> str:
    for mark, text in own.items():
        value = value.replace(mark, text)
    return value


def _object(api_version: str, kind: str, meta: Mapping[str, Any]) -> Object:
    annotations = {"annotations": {DECOR: _NOTE}}
    return {"kind": kind, "apiVersion": api_version, "metadata": {**meta, **annotations}}


def _meta(table: Mapping[str, Any]) -> dict[str, Any]:
    namespace, _, name = table["name"].partition("/")
    labels = table.get("labels", {})
    return {"name": name, "namespace": namespace} | ({"labels": dict(labels)} if labels else {})


def _definition(name: str) -> Object:
    plural, _, group = name.partition(".")
    kind = plural.removesuffix("s").capitalize()
    spec = {
        "group": group,
        "scope": "Cluster",
        "names": {"plural": plural, "kind": kind, "listKind": f"{kind}List", "singular": kind.lower()},
        "versions": [{"name": "v1", "served": True, "storage": True}],
    }
    body = _object("apiextensions.k8s.io/v1", "CustomResourceDefinition", {"name": name})
    established = {"type": "Established", "status": "True", "reason": "InitialNamesAccepted"}
    return body | {"spec": spec, "status": {"conditions": [established], "storedVersions": ["v1"]}}


def _workload(kind: str, table: Mapping[str, Any], nodes: int) -> Object:
    """A DaemonSet or Deployment that claims to be ready; the annotation keeps controllers off it."""
    meta = _meta(table)
    labels = meta.get("labels", {})
    spec: Object = {
        "selector": {"matchLabels": dict(labels)},
        "template": {
            "metadata": {"labels": dict(labels)},
            "spec": {
                "hostNetwork": True,
                "tolerations": [{"operator": "Exists"}],
                "containers": [_container(each) for each in table["containers"]],
            },
        },
    }
    return _object("apps/v1", kind, meta) | {"spec": spec, "status": _status(kind, nodes)}


def _container(table: Mapping[str, Any]) -> Object:
    container: Object = {"name": table["name"], "image": table["image"]}
    if "args" in table:
        container["args"] = list(table["args"])
    if "env" in table:
        container["env"] = [{"name": name, "value": value} for name, value in table["env"].items()]
    return container


def _status(kind: str, nodes: int) -> Object:
    if kind == "Deployment":
        return {
            "observedGeneration": 1,
            **dict.fromkeys(("replicas", "readyReplicas", "availableReplicas"), 1),
        }
    scheduled = ("currentNumberScheduled", "desiredNumberScheduled", "updatedNumberScheduled")
    ready = ("numberReady", "numberAvailable")
    return {"observedGeneration": 1, **dict.fromkeys((*scheduled, *ready), nodes), "numberMisscheduled": 0}
