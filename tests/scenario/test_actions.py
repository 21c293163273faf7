"""What steps write, and what they cannot."""

from __future__ import annotations

import pytest

from netprobe.model.scenario import ActionKind

OTHER = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: other, namespace: ops}
spec: {podSelector: {}}
"""


def test_all_kinds_of_writes_in_their_order(load) -> None:
    scenario = load(
        """\
        steps:
        - name: one
          apply: [deny.yaml, other.yaml]
        - name: two
          restart: [shop/db]
          scale: [{workload: shop/web, replicas: 3}]
          label:
          - {workload: ops/probe, labels: {app: other}}
          - {namespace: ops, labels: {purpose: monitoring, old: null}}
          delete: [other.yaml, NetworkPolicy shop/deny]
          replace: [deny.yaml]
        """,
        other_yaml=OTHER,
    )
    one, two = scenario.steps
    assert [(action.kind, [m.name for m in action.manifests]) for action in one.actions] == [
        (ActionKind.APPLY, ["deny"]),
        (ActionKind.APPLY, ["other"]),
    ]
    assert [
        (action.kind.value, action.target_kind, action.namespace, action.name) for action in two.actions
    ] == [
        ("replace", "", "", ""),
        ("delete", "NetworkPolicy", "ops", "other"),
        ("delete", "NetworkPolicy", "shop", "deny"),
        ("label", "Pod", "ops", "probe"),
        ("label", "Namespace", "", "ops"),
        ("scale", "Deployment", "shop", "web"),
        ("restart", "Deployment", "shop", "db"),
    ]
    assert two.actions[3].labels == {"app": "other"}
    assert two.actions[4].labels == {"purpose": "monitoring", "old": None}
    assert two.actions[5].replicas == 3


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (
            "apply: [dny.yaml]",
            'scenario.yaml:6:11: there is no file "dny.yaml" beside scenario.yaml; did you mean "deny.yaml"?',
        ),
        ("apply: [../deny.yaml]", 'scenario.yaml:6:11: "../deny.yaml" lies outside the scenario\'s folder'),
        ("apply: [/etc/passwd]", 'scenario.yaml:6:11: "/etc/passwd" lies outside'),
        ("apply: [empty.yaml]", 'scenario.yaml:6:11: "empty.yaml" holds no object'),
        (
            "apply: [app.yaml]",
            "app.yaml:2:7: kind: a step applies NetworkPolicies, not a Namespace; move it to workloads",
        ),
        (
            "apply: [twice.yaml]",
            "twice.yaml:6:1: NetworkPolicy ops/other is here a second time; the first one is at twice",
        ),
        (
            "apply: [lost.yaml]",
            'lost.yaml:3:36: metadata.namespace: the scenario declares no namespace "oops"; did you mean',
        ),
        ("apply: [odd.yaml]", "odd.yaml:2:7: kind: must be a string, not a mapping"),
        ("apply: [cidr.yaml]", "cidr.yaml:4:60:"),
        (
            "replace: [deny.yaml]",
            "scenario.yaml:6:13: NetworkPolicy shop/deny is not there to be replaced; use apply",
        ),
        ("delete: [deny.yaml]", "scenario.yaml:6:12: NetworkPolicy shop/deny is not there to be deleted"),
        (
            "apply: [deny.yaml]\n  delete: [NetworkPolicy shop/dney]",
            '7:12: NetworkPolicy shop/dney is not there to be deleted; did you mean "shop/deny"?',
        ),
        (
            "delete: [NetworkPolicy deny]",
            'scenario.yaml:6:12: "NetworkPolicy deny" names no namespace; write NetworkPolicy namespace/name',
        ),
        (
            "scale: [{workload: shop/wbe, replicas: 2}]",
            'scenario.yaml:6:22: there is no workload "shop/wbe"; did you mean "shop/web"?',
        ),
        ("restart: [shop]", 'scenario.yaml:6:13: there is no workload "shop"'),
        (
            "label: [{labels: {a: b}}]",
            "scenario.yaml:6:11: a label entry names either a workload or a namespace",
        ),
        (
            "label: [{workload: shop/web, namespace: shop, labels: {a: b}}]",
            "scenario.yaml:6:11: a label entry names either",
        ),
        (
            "label: [{namespace: shp, labels: {a: b}}]",
            'scenario.yaml:6:23: the scenario declares no namespace "shp"; did you mean "shop"?',
        ),
        ("label: [{workload: shop/web, labels: {a: b/c}}]", "scenario.yaml:6:41:"),
        ("label: [{workload: shop/web, labels: {-a: b}}]", "scenario.yaml:6:41:"),
        (
            "label: [{workload: shop/web, labels: {app: x}}]",
            "scenario.yaml:6:41: Deployment shop/web finds its pods by the label app",
        ),
        (
            "label: [{namespace: shop, labels: {kubernetes.io/metadata.name: x}}]",
            "scenario.yaml:6:38: the label kubernetes.io/metadata.name belongs to the API server",
        ),
        ("label: [{workload: ops/probe, labels: {netprobe.io/workload: x}}]", "belongs to netprobe"),
    ],
)
def test_one_mistake(problems, step: str, problem: str) -> None:
    files = {
        "odd_yaml": "apiVersion: networking.k8s.io/v1\nkind: {a: b}\n",
        "empty_yaml": "# nothing\n",
        "twice_yaml": OTHER + "---\n" + OTHER,
        "lost_yaml": OTHER.replace("namespace: ops", "namespace: oops"),
        "cidr_yaml": OTHER.replace("{}", "{}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.300/8}}]}]"),
    }
    found = problems(f"steps:\n- name: one\n  {step}\n", **files)
    assert problem in found[0]


def test_a_bare_pod_cannot_be_scaled(problems) -> None:
    lone = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: l, namespace: ops, annotations: "
        '{netprobe.io/bare: "true"}}'
        "\nspec: {containers: [{name: a}]}\n"
    )
    text = "steps: [{name: a, scale: [{workload: ops/l, replicas: 2}]}]\n"
    found = problems("grid: {namespaces: [x], pods: 1}\n" + text, app_yaml=_app() + "---\n" + lone)
    assert found == ["scenario.yaml:5:38: ops/l is a bare Pod: there is just one of it"]


def test_a_daemonset_cannot_be_scaled(problems) -> None:
    daemon = (
        "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: d, namespace: ops}\n"
        "spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, "
        "spec: {containers: [{name: a}]}}}\n"
    )
    text = "steps: [{name: a, scale: [{workload: ops/d, replicas: 2}]}]\n"
    found = problems("grid: {namespaces: [x], pods: 1}\n" + text, app_yaml=_app() + "---\n" + daemon)
    assert found == ["scenario.yaml:5:38: ops/d is a DaemonSet: it has one pod on each node"]


def _app() -> str:
    return "apiVersion: v1\nkind: Namespace\nmetadata: {name: ops}\n"


def test_a_policy_file_named_by_several_steps_is_told_once(problems) -> None:
    found = problems(
        "steps:\n- {name: a, apply: [bad.yaml]}\n- {name: b, replace: [bad.yaml]}\n",
        bad_yaml=OTHER.replace("podSelector", "podSelectr"),
    )
    assert len(found) == 1
    assert found[0].startswith("bad.yaml:4:8:")


NAMED = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: named, namespace: shop}
spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "${address:WHO}"}}]}]}
"""


def test_a_policy_may_name_a_pod_where_an_address_belongs(load, problems) -> None:
    step = "steps: [{name: one, apply: [named.yaml]}]"
    scenario = load(step, named_yaml=NAMED.replace("WHO", "shop/web"))
    (manifest,) = scenario.steps[0].actions[0].manifests
    assert "${address:shop/web}" in str(manifest.body)
    (problem,) = problems(step, named_yaml=NAMED.replace("WHO", "shop/wep"))
    assert 'no workload "shop/wep" whose address could be taken; did you mean "shop/web"?' in problem
