"""Which webhooks look at netprobe's objects."""

from __future__ import annotations

import pytest

from netprobe.cluster.kube.facts import Seen
from netprobe.doctor.webhooks import watching
from netprobe.model.checkup import Health

LABELS = {"kubernetes.io/metadata.name": "np-run-x", "pod-security.kubernetes.io/enforce": "restricted"}
NAMESPACED = ["pods", "services", "deployments", "networkpolicies"]
PODS = {"operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]}


def configuration(kind="ValidatingWebhookConfiguration", rules=(PODS,), **more):
    return {"kind": kind, "webhooks": [{"name": "hook.example", "rules": list(rules), **more}]}


def met(**more):
    return [resource for each in watching([configuration(**more)], LABELS) for resource in each.resources]


@pytest.mark.parametrize(
    ("rule", "resources"),
    [
        (PODS, ["pods"]),
        ({**PODS, "operations": ["*"]}, ["pods"]),
        ({**PODS, "operations": ["UPDATE", "DELETE"]}, []),
        ({**PODS, "apiGroups": ["apps"], "resources": ["deployments", "replicasets"]}, ["deployments"]),
        ({**PODS, "apiGroups": ["*"], "resources": ["*"]}, ["namespaces", *NAMESPACED]),
        ({**PODS, "apiGroups": ["*"], "resources": ["*"], "scope": "Cluster"}, ["namespaces"]),
        ({**PODS, "apiGroups": ["*"], "resources": ["*"], "scope": "Namespaced"}, NAMESPACED),
        ({**PODS, "operations": ["CONNECT"], "resources": ["pods/exec"]}, ["pods/exec"]),
        ({**PODS, "operations": ["CONNECT"], "resources": ["pods/*"]}, ["pods/exec"]),
        ({**PODS, "operations": ["CONNECT"], "resources": ["pods/attach"]}, []),
        ({**PODS, "apiGroups": ["cert-manager.io"], "resources": ["*"]}, []),
    ],
)  # fmt: skip
def test_rules(rule, resources):
    assert met(rules=[rule]) == resources


@pytest.mark.parametrize(
    ("selector", "seen"),
    [
        ({}, True),
        ({"matchLabels": {"istio-injection": "enabled"}}, False),
        ({"matchExpressions": [{"key": "istio-injection", "operator": "DoesNotExist"}]}, True),
        (
            {
                "matchExpressions": [
                    {"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": ["np-run-x"]}
                ]
            },
            False,
        ),
    ],
)
def test_namespaces_that_are_left_out(selector, seen):
    assert bool(met(namespaceSelector=selector)) is seen


def test_what_is_said_of_one():
    (hook,) = watching(
        [configuration(kind="MutatingWebhookConfiguration", matchConditions=[{"name": "x"}])], LABELS
    )
    assert str(hook) == (
        "hook.example may change pods, under conditions of its own; when it is down, nothing is created"
    )
    (hook,) = watching([configuration(failurePolicy="Ignore")], LABELS)
    assert str(hook) == "hook.example may refuse pods"


def test_a_dry_run_that_passed_is_proof(checked):
    seen = Seen(value=(configuration(),))
    check = checked(webhooks=seen)["webhooks"]
    assert (check.health, check.found) == (Health.OK, "1 looks at netprobe's objects; a dry run passed")
    assert check.details == ("hook.example may refuse pods; when it is down, nothing is created",)
    check = checked(webhooks=seen, trial_pod=Seen(why="forbidden"))["webhooks"]
    assert check.health is Health.WARNING
