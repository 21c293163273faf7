"""Runs made by hand: every verdict, both parties, a headline, an interruption."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from netprobe.model.decision import Answer, Decision, DirectionDecision, PolicyRef
from netprobe.model.finding import Comparison, Expectation, Finding, IntentRef, Kind, Party, Seen, Verdict
from netprobe.model.flow import Destination, DnsRef, ExternalRef, Flow, PodRef
from netprobe.model.observation import Attempt, Observation, Outcome, Phase
from netprobe.model.place import Place
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol, Via
from netprobe.model.run import ClusterDescription, RunResult, SentinelReading, StepResult

CONTROLLER = PodRef(namespace="ingress-nginx", workload="controller")
FRONTEND = PodRef(namespace="production", workload="frontend")
API = PodRef(namespace="production", workload="api")
DATABASE = PodRef(namespace="production", workload="database")
BYSTANDER = PodRef(namespace="production", workload="bystander")
PORTS = {CONTROLLER: 8080, FRONTEND: 8080, API: 8080, DATABASE: 5432, BYSTANDER: 8080}
TIERS = {FRONTEND: "frontend", API: "api", DATABASE: "database"}
ADMITTED = {(CONTROLLER, FRONTEND), (FRONTEND, API), (API, DATABASE), (BYSTANDER, BYSTANDER)}


@dataclass
class RunBuilder:
    """Builds findings one by one; the flow decides what the policies say, the caller what was seen."""

    findings: list[Finding] = field(default_factory=list)

    def add(self, flow: Flow, step: str, verdict: Verdict, **more) -> Finding:
        seen = more.pop("seen", Seen.OPEN)
        network = Comparison(verdict=verdict, kind=more.get("kind"), reason=more.pop("reason", ""))
        policy = more.pop("policy", Comparison(verdict=Verdict.PASS))
        finding = Finding(
            id=f"three-tier/{step}/{flow.key}",
            flow=flow,
            verdict=verdict,
            network=network,
            policy=policy,
            seen=seen,
            seconds=0.25 if seen is Seen.OPEN else 4.75,
            observation=more.pop("observation", observed(flow, seen)),
            **more,
        )
        self.findings.append(finding)
        return finding


def observed(flow: Flow, seen: Seen) -> Observation:
    outcome = {Seen.OPEN: Outcome.CONNECTED, Seen.NAME_FAILED: Outcome.NAME_FAILED}.get(seen, Outcome.DROPPED)
    count = 1 if seen is Seen.OPEN else 3
    attempts = tuple(
        Attempt(
            outcome=outcome,
            phase=Phase.COUNTED,
            round=4,
            started=round(10.0 + 1.05 * k, 6),
            seconds=0.004 if seen is Seen.OPEN else 2.5,
            timeout=2.5,
            peer="production/database-0" if seen is Seen.OPEN else "",
        )
        for k in range(count)
    )
    return Observation(flow=flow.key, attempts=attempts, baseline=Outcome.CONNECTED)


def edge(source: PodRef, destination: Destination, **more) -> Flow:
    return Flow(
        source=source, destination=destination, port=more.pop("port", PORTS.get(destination, 8080)), **more
    )


def name_of(end: Destination) -> str:
    return f"{end.namespace}/{end.workload}" if isinstance(end, PodRef) else str(end)


def denied_by(destination: PodRef) -> Decision:
    policy = PolicyRef(namespace="production", policy=f"{TIERS.get(destination, 'all')}-policy", text="")
    ingress = DirectionDecision(
        direction=Direction.INGRESS, answer=Answer.DENY, isolating=(policy,), reason="isolated"
    )
    return Decision(answer=Answer.DENY, ingress=ingress, reason="denied at the destination")


def tier_findings(builder: RunBuilder, step: str, *, enforced: bool, via: Via = Via.IP) -> None:
    for source in PORTS:
        for destination, port in PORTS.items():
            if source == destination:
                continue
            by_name = {"via": via, "service": destination.workload, "service_port": port}
            flow = edge(source, destination, **(by_name if via is not Via.IP else {}))
            words = f"{name_of(source)} → {name_of(destination)}:{flow.port}"
            if (source, destination) in ADMITTED or destination in (CONTROLLER, BYSTANDER):
                builder.add(
                    flow,
                    step,
                    Verdict.PASS,
                    decision=Decision(answer=Answer.ALLOW, reason="allowed"),
                    explanation=f"{words} connected, as the policies say",
                )
                continue
            policy = f"{TIERS.get(destination, 'all')}-policy"
            named = (source, destination) in {(FRONTEND, DATABASE), (CONTROLLER, DATABASE)}
            text = f"deny: {words}" if named else "default: deny"
            intent = IntentRef(
                expectation=Expectation.DENY, text=text, place=Place(file="scenario.yaml", line=31, column=11)
            )
            if enforced:
                builder.add(
                    flow,
                    step,
                    Verdict.PASS,
                    seen=Seen.CLOSED,
                    intent=intent,
                    decision=denied_by(destination),
                    reason=f"blocked, as {policy} says",
                    explanation=f"{words} is blocked, as {policy} says",
                )
            else:
                builder.add(
                    flow,
                    step,
                    Verdict.FAIL,
                    kind=Kind.LEAK,
                    party=Party.NETWORK,
                    intent=intent,
                    decision=denied_by(destination),
                    explanation=(
                        f"{words} connected; {policy} isolates the destination for ingress and admits only "
                        "pods of the neighbouring tier: LEAK, the network does not enforce it."
                    ),
                )


def run_of(steps: Sequence[StepResult], **more) -> RunResult:
    values = {
        "run_id": "7f3a2c",
        "scenario": "three-tier",
        "title": "Only neighbouring tiers talk to each other",
        "cluster": ClusterDescription(
            name="lab:flannel",
            kind="lab",
            title="lab, emulating Flannel",
            version="v1.36.2",
            facts={"nodes": "2"},
        ),
        "netprobe_version": "0.1.0",
        "started": "2026-01-02T03:04:05Z",
        "seconds": 14.25,
        "steps": tuple(steps),
        "figures": {"rounds": 6.0, "deploy_seconds": 2.5},
    }
    return RunResult(**{**values, **more})


@pytest.fixture
def enforcing_run() -> RunResult:
    """Everything passes; a deny line names two edges; names give the same answers."""
    builder = RunBuilder()
    tier_findings(builder, "published", enforced=True)
    tier_findings(builder, "published", enforced=True, via=Via.NAME)
    sentinels = (
        SentinelReading(node="node1", closing=True, flipped=True, seconds=0.04),
        SentinelReading(node="node2", closing=True, flipped=True, seconds=0.12),
    )
    step = StepResult(name="published", findings=tuple(builder.findings), sentinels=sentinels, seconds=6.5)
    cluster = ClusterDescription(name="lab", kind="lab", title="lab (enforcing)", version="v1.36.2")
    notes = ("The tiers cannot resolve names: production/* has no egress to DNS in this step.",)
    return run_of([step], cluster=cluster, notes=notes)


@pytest.fixture
def leaking_run() -> RunResult:
    """Nothing is enforced: a headline, and leaks past three policies."""
    builder = RunBuilder()
    tier_findings(builder, "published", enforced=False)
    sentinels = tuple(
        SentinelReading(node=node, closing=True, flipped=False, seconds=30.0) for node in ("node1", "node2")
    )
    step = StepResult(name="published", findings=tuple(builder.findings), sentinels=sentinels, seconds=33.5)
    return run_of([step], headlines=("NetworkPolicy is not enforced on node1, node2",))


@pytest.fixture
def every_verdict_run() -> RunResult:
    """All verdicts, all kinds, both parties, all destinations, replicas, two steps."""
    return _every_verdict()


@pytest.fixture
def interrupted_run() -> RunResult:
    """Stopped in its first step."""
    whole = _every_verdict()
    first = whole.steps[0]
    step = replace(first, findings=tuple(f for f in first.findings[:2]), complete=False)
    return replace(whole, steps=(step,), interrupted="The run was stopped by Ctrl-C (SIGINT)")


def _every_verdict() -> RunResult:
    builder = RunBuilder()
    second = PodRef(namespace="production", workload="api", index=1)
    allow = IntentRef(
        expectation=Expectation.ALLOW, text="production/* -> dns", place=Place(file="scenario.yaml", line=9)
    )
    builder.add(
        edge(FRONTEND, API),
        "one",
        Verdict.PASS,
        explanation="production/frontend → production/api[0]:8080 connected, as frontend-policy says",
    )
    builder.add(
        edge(FRONTEND, second, port=8080),
        "one",
        Verdict.FAIL,
        kind=Kind.BLOCKED,
        party=Party.NETWORK,
        seen=Seen.CLOSED,
        explanation="production/frontend → production/api[1]:8080 did not connect in 5 attempts; api-policy, "
        "ingress rule 1, admits it: BLOCKED, the network drops what the policies allow.",
    )
    builder.add(
        edge(FRONTEND, DATABASE),
        "one",
        Verdict.INCONCLUSIVE,
        seen=Seen.NOTHING,
        reason="production/database does not reach its own port 5432",
        explanation="production/frontend → production/database:5432: no evidence, because "
        "production/database does not reach its own port 5432.",
    )
    builder.add(
        edge(API, DnsRef(), port=53, protocol=Protocol.UDP),
        "one",
        Verdict.FAIL,
        kind=Kind.POLICY_MISTAKE,
        party=Party.POLICY,
        seen=Seen.CLOSED,
        intent=allow,
        policy=Comparison(verdict=Verdict.FAIL, kind=Kind.POLICY_MISTAKE, reason="the policies deny it"),
        explanation="production/api[0] → dns:53/udp is blocked, as api-policy says, but the scenario wants "
        "it allowed (production/* -> dns): POLICY_MISTAKE, the policies differ from the intent.",
    )
    builder.add(
        edge(API, ExternalRef(name="partner"), port=443),
        "one",
        Verdict.SKIP,
        seen=Seen.NOTHING,
        observation=None,
        reason="the external host partner is not provided on this cluster",
        explanation="production/api[0] → external:partner:443: skipped, the external host partner is not "
        "provided on this cluster.",
    )
    builder.add(
        edge(API, DATABASE, via=Via.SERVICE, service="db", service_port=15432),
        "two",
        Verdict.UNDEFINED,
        reason="egress rests on an ipBlock that matches only before NAT",
        explanation="production/api[0] → production/database:5432 by Service db:15432 connected; Kubernetes "
        "does not define it, because egress rests on an ipBlock that matches only before NAT.",
    )
    one = tuple(f for f in builder.findings if "/one/" in f.id)
    two = tuple(f for f in builder.findings if "/two/" in f.id)
    reading = SentinelReading(node="node1", closing=True, flipped=None, detail="")
    return run_of(
        [
            StepResult(name="one", findings=one, sentinels=(reading,), seconds=8.0),
            StepResult(name="two", findings=two, seconds=3.0),
        ]
    )


@pytest.fixture
def grid_run() -> Callable[[int], RunResult]:
    """Return a builder of runs in which every pod of a grid reaches every other one."""

    def build(pods: int, *, leak: bool = False) -> RunResult:
        builder = RunBuilder()
        refs = [PodRef(namespace="xyz"[i % 3], workload=f"pod-{i:02}") for i in range(pods)]
        refs.sort()
        for source in refs:
            for destination in refs:
                if source != destination:
                    builder.add(edge(source, destination, port=80), "grid", Verdict.PASS)
        if leak:
            last = builder.findings[-1]
            builder.findings[-1] = replace(
                last, verdict=Verdict.FAIL, kind=Kind.LEAK, party=Party.NETWORK, explanation="it leaks"
            )
        return run_of(
            [StepResult(name="grid", findings=tuple(builder.findings), seconds=1.0)], scenario="grid"
        )

    return build


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compare a text with a golden file; NETPROBE_GOLDEN=write renews it (then read the diff)."""

    def compare(name: str, text: str) -> None:
        path = Path(__file__).parent / "golden" / name
        if os.environ.get("NETPROBE_GOLDEN") == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare
