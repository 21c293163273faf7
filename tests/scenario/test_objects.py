"""Mistakes among the deployed objects."""

from __future__ import annotations

import pytest

NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n"
POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: x}\nspec: {containers: [{name: a}]}\n"
SCENARIO = "netprobe: 1\nname: demo\nworkloads: [app.yaml]\nsteps: [{name: one}]\n"


@pytest.mark.parametrize(
    ("app", "problem"),
    [
        (
            NAMESPACE + "---\n" + POD.replace("namespace: x", "namespace: z"),
            'declares no namespace "z"; add a Namespace object to workloads',
        ),
        (
            NAMESPACE.replace("x", "shop") + "---\n" + POD.replace("namespace: x", "namespace: shpo"),
            '7:32: metadata.namespace: the scenario declares no namespace "shpo"; did you mean "shop"?',
        ),
        (
            NAMESPACE + "---\n" + POD.replace(", namespace: x", ""),
            "app.yaml:7:11: metadata.namespace is missing; a scenario says where each object belongs",
        ),
        (
            NAMESPACE.replace("{name: x}", "{name: kube-system}"),
            "app.yaml:3:18: kube-system belongs to Kubernetes; a scenario cannot declare it",
        ),
        (NAMESPACE.replace("{name: x}", "{name: a.b}"), 'app.yaml:3:18: metadata.name: "a.b" must be'),
        (
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {}\n",
            "app.yaml:2:7: kind: a NetworkPolicy cannot stand among the workloads; apply it in a step",
        ),
        (
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n",
            "app.yaml:2:7: kind: netprobe does not deploy a ClusterRole, only Namespace, Deployment,",
        ),
        ("apiVersion: apps/v1\nkind: Deploymnt\n", 'did you mean "Deployment"?'),
        ("apiVersion: v1\n", "app.yaml:1:1: kind: is required"),
        ("apiVersion: v1\nkind: [Pod]\n", "app.yaml:2:7: kind: must be a string, not a list"),
        (
            NAMESPACE + "---\n" + POD + "---\n" + POD,
            "app.yaml:10:1: Pod x/p is here a second time; the first one is at app.yaml:5:1",
        ),
        (
            NAMESPACE
            + "---\n"
            + POD
            + "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: p, namespace: x}\n"
            + "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, "
            + "spec: {containers: [{name: a}]}}}\n",
            "app.yaml:10:1: Deployment x/p has the name of a Pod; flows name",
        ),
        (
            NAMESPACE + "---\n" + POD.replace("{containers", "{hostNetwork: true, containers"),
            "app.yaml:8:21: hostNetwork would expose the node",
        ),
        (
            NAMESPACE + "---\n" + POD.replace("name: a}", "name: a, ports: [{containerPort: 99999}]}"),
            "app.yaml:8:55: spec.containers[0].ports[0].containerPort",
        ),
        (NAMESPACE.replace("{name: x}", "{name: x, labels: {a: b/c}}"), "app.yaml:3:33:"),
    ],
)
def test_one_mistake(refused, app: str, problem: str) -> None:
    found = refused({"scenario.yaml": SCENARIO, "app.yaml": app})
    assert problem in found[0]
    assert len(found) == 1


def test_a_scenario_without_workloads(refused) -> None:
    assert refused({"scenario.yaml": "netprobe: 1\nname: demo\nsteps: [{name: one}]\n"}) == [
        "scenario.yaml:1:1: there is no workload: nothing can be probed; list manifests or write a grid"
    ]


def test_a_namespace_that_cannot_be_read_is_not_told_again_as_missing(refused) -> None:
    app = NAMESPACE.replace("Namespace\n", "Namspace\n") + "---\n" + POD
    (found,) = refused({"scenario.yaml": SCENARIO, "app.yaml": app})
    assert 'did you mean "Namespace"?' in found
