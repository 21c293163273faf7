"""A healthy cluster, and changes to what was seen of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from netprobe.cluster.kube.credentials import Credentials
from netprobe.cluster.kube.facts import Clocks, Facts, Seen, Trial
from netprobe.cluster.port import Signs
from netprobe.doctor.cluster import check_cluster
from netprobe.model.checkup import Check
from netprobe.model.permission import Purpose

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.53"
LABELS = {"netprobe.io/run": "x", "pod-security.kubernetes.io/enforce": "restricted"}


def node(name, *, images=(IMAGE,), ready="True", **spec):
    return {
        "metadata": {"name": name, "labels": {}},
        "spec": spec,
        "status": {
            "conditions": [{"type": "Ready", "status": ready}],
            "images": [{"names": list(images)}] if images else [],
        },
    }


def namespace(name, **metadata):
    return {"metadata": {"name": name, **metadata}, "status": {}}


HEALTHY = Facts(
    server="https://api:6443",
    context="prod",
    proxy="",
    credentials=Credentials(words="the token of user u (config:3:5)", expires=NOW + timedelta(days=1)),
    image=IMAGE,
    version="v1.33.1",
    clocks=Seen(value=Clocks(server=NOW, before=NOW, after=NOW)),
    lacking=Seen(value={Purpose.RUN: (), Purpose.CHECK: ()}),
    namespaces=Seen(value=(namespace("default"),)),
    nodes=Seen(value=(node("a"), node("b"))),
    dns_services=Seen(value=({"metadata": {"name": "kube-dns", "namespace": "kube-system"}},)),
    dns_pods=Seen(value=({"status": {"conditions": [{"type": "Ready", "status": "True"}]}},)),
    quotas=Seen(value=()),
    limit_ranges=Seen(value=()),
    webhooks=Seen(value=()),
    trial_namespace=Seen(value=Trial()),
    trial_pod=Seen(value=Trial()),
    signs=Signs(),
)


@pytest.fixture
def checked() -> Callable[..., dict[str, Check]]:
    """The checks by name of the healthy cluster with some facts changed."""

    def check(expiries=None, **changed) -> dict[str, Check]:
        facts = replace(HEALTHY, **changed)
        checks = check_cluster(facts, labels=LABELS, expiries=expiries or {}, now=NOW)
        return {each.name: each for each in checks}

    return check
