"""What each kind does with an object that is written: defaults, rules, and rules for changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.lab.api.addresses import CLUSTER_RANGE, ServiceAddresses
from netprobe.lab.api.defaulting.namespace import default_namespace
from netprobe.lab.api.defaulting.policy import default_policy
from netprobe.lab.api.defaulting.service import assign_node_ports, default_service, keep_addresses
from netprobe.lab.api.defaulting.workload import (
    default_daemon_set,
    default_deployment,
    default_pod,
    default_replica_set,
)
from netprobe.lab.api.status_errors import Cause
from netprobe.lab.api.validation.pod import pod_causes, pod_change_causes
from netprobe.lab.api.validation.policy import policy_causes
from netprobe.lab.api.validation.service import service_causes, service_change_causes
from netprobe.lab.api.validation.workload import workload_causes, workload_change_causes
from netprobe.lab.store.objects import Object, Store

Body = Mapping[str, Any]


def _nothing(_: Object) -> None:
    """No defaults."""


def _carry_nothing(_new: Object, _old: Object) -> None:
    """Nothing to carry over."""


def _no_causes(_: Body) -> Iterator[Cause]:
    return iter(())


def _no_change_causes(_new: Body, _old: Body) -> Iterator[Cause]:
    return iter(())


@dataclass(frozen=True, kw_only=True, slots=True)
class Strategy:
    """How one kind is written.

    ``default`` edits a decoded object; ``carry`` brings fields of the old state into an update that
    leaves them out (before defaulting); ``allocate`` gives what only the server can give, once the
    object is found valid.
    """

    default: Callable[[Object], None] = _nothing
    carry: Callable[[Object, Object], None] = _carry_nothing
    causes: Callable[[Body], Iterator[Cause]] = _no_causes
    change_causes: Callable[[Body, Body], Iterator[Cause]] = _no_change_causes
    allocate: Callable[[Object], None] = _nothing


def strategies(store: Store) -> Mapping[str, Strategy]:
    """The strategies by plural resource name; kinds without an entry are stored as they come."""
    return {
        "daemonsets": _workload(default_daemon_set),
        "deployments": _workload(default_deployment),
        "namespaces": Strategy(default=default_namespace),
        "networkpolicies": Strategy(default=default_policy, causes=policy_causes),
        "pods": Strategy(default=default_pod, causes=pod_causes, change_causes=pod_change_causes),
        "replicasets": _workload(default_replica_set),
        "services": _services(ServiceAddresses(store)),
    }


def _workload(default: Callable[[Object], None]) -> Strategy:
    return Strategy(default=default, causes=workload_causes, change_causes=workload_change_causes)


def _services(addresses: ServiceAddresses) -> Strategy:
    def causes(service: Body) -> Iterator[Cause]:
        meta = service["metadata"]
        taken = addresses.taken(besides=(meta["namespace"], meta["name"]))
        return service_causes(service, cluster_range=CLUSTER_RANGE, taken=taken)

    return Strategy(
        default=lambda service: default_service(service, new_address=addresses.new_address),
        carry=keep_addresses,
        causes=causes,
        change_causes=service_change_causes,
        allocate=lambda service: assign_node_ports(service, new_port=addresses.new_port),
    )
