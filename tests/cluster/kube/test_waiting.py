"""Waiting for what does not come, or does not go."""

from __future__ import annotations

import pytest

from netprobe.cluster.kube.connect import connect_to
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.kube.waiting import wait_until_gone
from netprobe.errors import EnvironmentFailure


def test_a_namespace_that_is_stuck_in_terminating_is_told_with_what_holds_it(api):
    why = "Discovery failed for some groups, 1 failing: unable to retrieve metrics.k8s.io/v1beta1"
    stuck = {
        "metadata": {"name": "np-1-x", "deletionTimestamp": "2026-01-01T00:00:00Z"},
        "status": {
            "phase": "Terminating",
            "conditions": [
                {"type": "NamespaceDeletionDiscoveryFailure", "status": "True", "message": why},
                {"type": "NamespaceContentRemaining", "status": "False", "message": "all is gone"},
            ],
        },
    }
    api.answer = lambda *_: (200, stuck)
    connection = connect_to(api.kubeconfig())
    with pytest.raises(EnvironmentFailure) as caught:
        wait_until_gone(Rest(connection), ["np-1-x"], 0.1)
    connection.client.rest_client.close()
    assert caught.value.message == f"After 0.1 s these namespaces still exist: np-1-x ({why})."
    assert caught.value.remedy == "Look with `kubectl get namespace np-1-x -o yaml`."
