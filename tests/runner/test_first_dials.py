"""What a new pod got through to by itself counts as an attempt of the flow."""

from __future__ import annotations

import pytest

from netprobe.cluster.providers.simulation.session import SimulatedSession
from netprobe.errors import SessionLost
from netprobe.model.finding import Verdict
from netprobe.model.observation import Outcome
from netprobe.scenario.first_dials import WORD

WORKLOADS = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: new, namespace: shop}
spec:
  selector: {matchLabels: {app: new}}
  template:
    metadata: {labels: {app: new}, annotations: {netprobe.io/first-dial: "db:8080"}}
    spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, ports: [{containerPort: 8080}, {containerPort: 8081}]}]}
"""
POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: shop}
spec: {podSelector: {matchLabels: {app: new}}, policyTypes: [Egress]}
"""
STEPS = "\n  - {name: shut, apply: [shut.yaml]}\n  - {name: anew, restart: [shop/new]}\n"


@pytest.fixture
def dialled(bench, texts, monkeypatch):
    """The outcomes of all attempts of new → db, by step and port, when pods leave this word."""

    def run(word):
        exchange = SimulatedSession.exchange

        def answer(session, script, end_mark, deadline):
            if WORD not in script:
                return exchange(session, script, end_mark, deadline)
            if word is None:
                raise SessionLost("lost")
            return f"{word}\n"

        monkeypatch.setattr(SimulatedSession, "exchange", answer)
        files = texts(STEPS, workloads="workloads: [app.yaml]\n")
        result = bench.run(files | {"app.yaml": WORKLOADS, "shut.yaml": POLICY})
        assert {each.verdict for each in result.findings} == {Verdict.PASS}
        return {
            (step.name, each.flow.port): [attempt.outcome for attempt in each.observation.attempts]
            for step in result.steps
            for each in step.findings
            if str(each.flow.source).startswith("shop/new")
        }

    return run


def test_a_pod_that_got_through_first_is_told_of_and_the_flow_settles_closed(dialled):
    found = dialled("db:8080")
    assert found["anew", 8080][0] is Outcome.CONNECTED
    assert set(found["anew", 8080][1:]) == {Outcome.DROPPED}
    assert set(found["anew", 8081]) == set(found["shut", 8080]) == {Outcome.DROPPED}


@pytest.mark.parametrize("word", ["", "cat: no such file", "db:8081", None])
def test_any_other_word_or_none_tells_nothing(dialled, word):
    assert {outcome for outcomes in dialled(word).values() for outcome in outcomes} == {Outcome.DROPPED}
