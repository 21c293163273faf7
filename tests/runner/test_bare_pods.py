"""Pods that nobody owns stay what they are, and come again under their names."""

from __future__ import annotations

from netprobe.model.finding import Verdict

WORKLOADS = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: lone, namespace: shop, labels: {app: lone}, annotations: {netprobe.io/bare: "true"}}
spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: kept, namespace: shop, labels: {app: kept}}
spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}
"""
STEPS = """
  - {name: before}
  - {name: anew, restart: [shop/lone, shop/kept]}
"""


def files(texts):
    return texts(STEPS, workloads="workloads: [app.yaml]\n") | {"app.yaml": WORKLOADS}


def names(step):
    return {pod.workload: (pod.name, pod.uid) for pod in step.state.topology.pods if pod.namespace == "shop"}


def test_a_restart_makes_a_bare_pod_again_under_its_name(bench, texts):
    result = bench.run(files(texts))
    assert {each.verdict for each in result.findings} == {Verdict.PASS}
    before, after = map(names, bench.recording.steps)
    assert before["lone"][0] == after["lone"][0] == "lone"
    assert before["kept"][0] != after["kept"][0], "its Deployment gives names"
    assert before["lone"][1] != after["lone"][1]


def test_a_bare_pod_that_does_not_leave_ends_the_run(bench, texts):
    cluster = bench.prepare()
    delete = cluster.delete
    cluster.delete = lambda refs: delete([ref for ref in refs if ref.kind != "Pod"])
    result = bench.run(files(texts), deploy_deadline=3.0)
    assert [step.name for step in result.steps] == ["before"]
    assert "after 3 s the deleted pod lone is still there" in bench.failure.message
    assert bench.failure.remedy == "see what keeps it: kubectl --namespace np-t1-shop describe pod lone"
