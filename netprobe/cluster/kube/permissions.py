"""The one table of what netprobe asks an API server for: the preflight, ``doctor`` and ``rbac`` read it."""

from __future__ import annotations

from collections.abc import Iterator

from netprobe.cluster.identity.known.wanted import CONFIG_MAPS
from netprobe.model.permission import Permission, Purpose

_RUNS = frozenset({Purpose.RUN, Purpose.CHECK})
_SEES_NODES = _RUNS | {Purpose.IDENTIFY, Purpose.DOCTOR, Purpose.OFFLINE}
_SEES_FLOWS = _RUNS | {Purpose.DOCTOR, Purpose.OFFLINE}
_LOOKS_FOR_CNI = frozenset({Purpose.CHECK, Purpose.IDENTIFY, Purpose.DOCTOR})
_EXAMINES = frozenset({Purpose.DOCTOR})

_APPS, _NETWORKING, _DISCOVERY = "apps", "networking.k8s.io", "discovery.k8s.io"
_ADMIN_POLICIES = ("adminnetworkpolicies", "baselineadminnetworkpolicies", "clusternetworkpolicies")
_WEBHOOKS = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")
_SCALES = "scenarios that scale a workload"
_HAS_DAEMON_SETS = "scenarios that bring a DaemonSet, and the audit"
_HAS_BARE_PODS = "scenarios that bring a bare Pod, and the audit"
_RESTARTS = "scenarios that restart pods, and the audit"
_HAS_ADMIN_POLICIES = "clusters that have the kind"
_HAS_CHARTS = "clusters that have the kind"


def _table() -> Iterator[Permission]:
    yield from _namespaces()
    yield from _workloads()
    yield from _flows()
    yield from _cni()
    for webhooks in _WEBHOOKS:
        yield Permission(
            verb="list", resource=webhooks, group="admissionregistration.k8s.io", purposes=_EXAMINES,
            why="see who may refuse or change netprobe's objects",
        )  # fmt: skip
    for limits in ("resourcequotas", "limitranges"):
        yield Permission(
            verb="list", resource=limits, purposes=_EXAMINES, why="see what limits new namespaces get"
        )


def _namespaces() -> Iterator[Permission]:
    def on(verb: str, why: str, *more: Purpose, vital: bool = True) -> Permission:
        purposes = _RUNS | set(more)
        return Permission(verb=verb, resource="namespaces", why=why, purposes=purposes, vital=vital)

    yield on("create", "make the namespaces of a run")
    yield on("delete", "remove them, and leftovers", Purpose.CLEAN)
    yield on("get", "make sure that a namespace is ours, and gone", Purpose.CLEAN)
    listing = (Purpose.CLEAN, Purpose.DOCTOR, Purpose.OFFLINE)
    yield on("list", "know which namespaces selectors reach, and what is left over", *listing, vital=False)
    yield on("patch", "change labels of own namespaces", vital=False)


def _workloads() -> Iterator[Permission]:
    def on(
        verb: str, resource: str, why: str, *, group: str = "", vital: bool = True, seldom: str = ""
    ) -> Permission:
        return Permission(
            verb=verb, resource=resource, group=group, why=why, purposes=_RUNS, vital=vital, seldom=seldom
        )

    yield on("create", "deployments", "deploy the scenario's workloads", group=_APPS)
    yield on("list", "deployments", "wait until they are ready", group=_APPS)
    yield on("patch", "deployments", "scale own workloads", group=_APPS, vital=False, seldom=_SCALES)
    yield on("list", "replicasets", "say why pods are missing", group=_APPS)
    for verb in ("create", "list"):
        yield on(
            verb, "daemonsets", "deploy the scenario's workloads", group=_APPS, vital=False,
            seldom=_HAS_DAEMON_SETS,
        )  # fmt: skip
    yield on("create", "pods", "deploy pods that nobody owns", vital=False, seldom=_HAS_BARE_PODS)
    yield on("list", "events", "say why a pod does not start", vital=False)
    yield on("create", "services", "deploy the scenario's Services")
    yield on("patch", "pods", "change labels of own pods", vital=False)
    yield on("delete", "pods", "restart own pods", vital=False, seldom=_RESTARTS)
    for verb in ("create", "get"):
        yield Permission(
            verb=verb, resource="pods", subresource="exec", purposes=_RUNS, vital=True,
            why="send probes from own pods (GET opens a WebSocket; newer servers want create as well)",
        )  # fmt: skip


def _flows() -> Iterator[Permission]:
    def on(verb: str, resource: str, why: str, group: str = "", *, vital: bool = True) -> Permission:
        purposes = _SEES_FLOWS if verb == "list" else _RUNS
        return Permission(verb=verb, resource=resource, group=group, why=why, purposes=purposes, vital=vital)

    yield Permission(
        verb="list", resource="nodes", purposes=_SEES_NODES, why="know which nodes take pods, and their CNI"
    )
    yield on("list", "pods", "know addresses and labels of pods")
    yield on("list", "services", "know Services, and the cluster's DNS")
    yield on("list", "endpointslices", "know what is behind a Service", _DISCOVERY)
    yield on("list", "networkpolicies", "know every policy that can touch the run", _NETWORKING, vital=False)
    for verb, why in (
        ("create", "apply the policies of a step"),
        ("get", "replace a policy"),
        ("update", "replace a policy"),
        ("delete", "delete a policy"),
    ):
        yield on(verb, "networkpolicies", why, _NETWORKING)
    for plural in _ADMIN_POLICIES:
        yield Permission(
            verb="list", resource=plural, group="policy.networking.k8s.io", purposes=_SEES_FLOWS,
            why="know cluster-wide policies", seldom=_HAS_ADMIN_POLICIES,
        )  # fmt: skip


def _cni() -> Iterator[Permission]:
    def on(resource: str, group: str, *, namespace: str = "", seldom: str = "") -> Permission:
        return Permission(
            verb="list", resource=resource, group=group, why="say which CNI this is",
            purposes=_LOOKS_FOR_CNI, namespace=namespace, seldom=seldom,
        )  # fmt: skip

    yield on("daemonsets", _APPS)
    yield on("deployments", _APPS)
    yield on("customresourcedefinitions", "apiextensions.k8s.io")
    homes: dict[str, list[str]] = {}
    for name in CONFIG_MAPS:
        namespace, _, own = name.partition("/")
        homes.setdefault(namespace, []).append(own)
    for namespace, names in homes.items():
        yield Permission(
            verb="get", resource="configmaps", why="say how the CNI is set", purposes=_LOOKS_FOR_CNI,
            namespace=namespace, names=tuple(names),
        )  # fmt: skip
    yield on("helmcharts", "helm.cattle.io", namespace="kube-system", seldom=_HAS_CHARTS)


PERMISSIONS = tuple(_table())
"""Everything that netprobe does on a cluster."""


def needed_for(purpose: Purpose) -> tuple[Permission, ...]:
    """The permissions that a command uses."""
    return tuple(each for each in PERMISSIONS if purpose in each.purposes)
