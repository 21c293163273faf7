"""Signs of clusters: those of the lab's identities, sown into a store without a lab, and hand-made ones."""

from __future__ import annotations

import pytest

from netprobe.cluster.port import Signs
from netprobe.lab.api.discovery import VERSION
from netprobe.lab.api.resources import by_plural
from netprobe.lab.cluster.identities.decor import server_version
from netprobe.lab.cluster.seed import NodePlace
from netprobe.lab.cluster.sowing import sow
from netprobe.lab.store.objects import Store

NOW = "2026-01-01T00:00:00Z"
PLACES = [
    NodePlace(name=f"node{number}", address=f"10.1.0.{number}", pod_cidr=f"10.244.{number}.0/24")
    for number in (1, 2)
]


@pytest.fixture(scope="session")
def signs_of():
    """What a lab of an identity shows."""

    def signs_of(identity):
        store = Store(lambda: NOW)
        sow(store, identity, PLACES, lambda: NOW)

        def listed(plural):
            kind = by_plural(plural).kind
            return tuple({**body, "kind": kind} for body in store.list(plural, ""))

        return Signs(
            server="https://127.0.0.1:1",
            context="netprobe-lab",
            version=server_version(identity, VERSION["gitVersion"]),
            nodes=listed("nodes"),
            daemon_sets=listed("daemonsets"),
            deployments=listed("deployments"),
            config_maps=listed("configmaps"),
            custom=tuple(body["metadata"]["name"] for body in listed("customresourcedefinitions")),
        )

    return signs_of


class Make:
    """Plain objects, as the API gives them."""

    @staticmethod
    def workload(name, *containers, kind="DaemonSet", wanted=2, ready=2):
        """``containers``: ``name=image``, or mappings."""
        namespace, _, own = name.partition("/")
        made = [
            dict(zip(("name", "image"), each.split("=", 1), strict=True)) if isinstance(each, str) else each
            for each in containers
        ]
        return {
            "kind": kind,
            "metadata": {"namespace": namespace, "name": own},
            "spec": {"template": {"spec": {"containers": made}}},
            "status": {"desiredNumberScheduled": wanted, "numberReady": ready},
        }

    @staticmethod
    def node(name, *, labels=None, annotations=None, taints=(), provider="", condition=""):
        return {
            "kind": "Node",
            "metadata": {"name": name, "labels": labels or {}, "annotations": annotations or {}},
            "spec": {"taints": [{"key": key} for key in taints], "providerID": provider},
            "status": {
                "conditions": [{"type": "NetworkUnavailable", "reason": condition}] if condition else [],
                "nodeInfo": {"kubeletVersion": "v1.36.2"},
            },
        }

    @staticmethod
    def config_map(name, **data):
        namespace, _, own = name.partition("/")
        return {"kind": "ConfigMap", "metadata": {"namespace": namespace, "name": own}, "data": data}

    def signs(self, *daemon_sets, nodes=2, **more):
        if isinstance(nodes, int):
            nodes = tuple(self.node(f"n{number}") for number in range(nodes))
        return Signs(nodes=nodes, daemon_sets=daemon_sets, **more)


@pytest.fixture(scope="session")
def make():
    return Make()
