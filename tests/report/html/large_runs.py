"""Large runs: decided by the oracle, judged by the judge; what the packets did is drawn."""

from __future__ import annotations

import random
from collections.abc import Iterator

from netprobe.judge.judge import Setting, judge
from netprobe.judge.wording import naming_for
from netprobe.model.decision import Answer
from netprobe.model.finding import Expectation, IntentRef
from netprobe.model.flow import Flow, PodRef
from netprobe.model.observation import Attempt, Observation, Outcome, Phase
from netprobe.model.place import Place
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Peer, PolicyPort, Rule
from netprobe.model.run import ClusterDescription, RunResult, SentinelReading, StepResult
from netprobe.model.topology import ContainerPort, Namespace, Pod, Topology
from netprobe.oracle.decide import Oracle

SPACES = 10


def topology_of(count: int) -> Topology:
    """``count`` pods in ten namespaces, every one a workload of its own."""
    namespaces = tuple(Namespace(name=f"team-{n}", labels={"team": str(n)}) for n in range(SPACES))
    pods = tuple(
        Pod(
            namespace=f"team-{n % SPACES}",
            name=f"service-{n // SPACES}-5d8f7c9b6-x{n:04}",
            workload=f"service-{n // SPACES}",
            labels={"app": f"service-{n // SPACES}", "tier": ("web", "api", "db")[n % 3]},
            ips=(f"10.244.{n // 200}.{n % 200 + 1}",),
            ports=(ContainerPort(number=8080),),
            node=f"node{n % 4}",
        )
        for n in range(count)
    )
    return Topology(namespaces=namespaces, pods=pods)


def policies() -> Iterator[NetworkPolicy]:
    """In every namespace: its own pods and those of the next may come in, to port 8080."""
    for n in range(SPACES):
        labels = ({"team": str(n)}, {"team": str((n + 1) % SPACES)})
        peers = tuple(Peer(namespace_selector=LabelSelector(match_labels=each)) for each in labels)
        yield NetworkPolicy(
            namespace=f"team-{n}",
            name="same-team-and-the-next",
            pod_selector=LabelSelector(),
            policy_types=frozenset({Direction.INGRESS}),
            ingress=(Rule(peers=peers, ports=(PolicyPort(port=8080),)),),
            place=Place(file="policies.yaml", line=4 + 20 * n, column=1),
        )


def large_run(pods: int = 101, *, wrong: float = 0.03, attempts: int = 3, seed: int = 7) -> RunResult:
    """``pods`` × (``pods`` - 1) flows in one step; a share ``wrong`` of those that are denied leaks.

    ``attempts`` is how many there are of a flow that is closed or leaks.
    """
    chance = random.Random(seed)
    topology = topology_of(pods)
    oracle = Oracle(topology, list(policies()))
    refs = sorted(PodRef(namespace=pod.namespace, workload=pod.workload) for pod in topology.pods)
    setting = Setting(prefix="large/the only step", naming=naming_for(refs))
    names = {(pod.namespace, pod.workload): pod for pod in topology.pods}
    findings = []
    for source in refs:
        for destination in refs:
            if source == destination:
                continue
            flow = Flow(source=source, destination=destination, port=8080)
            decision = oracle.decide(flow)
            is_open = decision.answer is Answer.ALLOW or chance.random() < wrong
            pod = names[destination.namespace, destination.workload]
            outcome = Outcome.CONNECTED if is_open else Outcome.DROPPED
            count = 1 if is_open and decision.answer is Answer.ALLOW else attempts
            zero = 2 + chance.random()
            tries = tuple(
                Attempt(
                    outcome=outcome,
                    phase=Phase.COUNTED,
                    round=2 + n // 3,
                    started=zero + n * 1.05,
                    seconds=chance.random() / 50 if is_open else 2.5 + chance.random() / 100,
                    timeout=2.5,
                    peer=f"{pod.namespace}/{pod.name}" if is_open else "",
                    address=pod.ips[0],
                    detail="" if is_open else f"Connection timed out after {2500 + chance.randrange(9)} ms",
                )
                for n in range(count)
            )
            observation = Observation(flow=flow.key, attempts=tries, baseline=Outcome.CONNECTED)
            wanted = Expectation.ALLOW if decision.answer is Answer.ALLOW else Expectation.DENY
            intent = IntentRef(
                expectation=wanted, text=f"default: {wanted}", place=Place(file="s.yaml", line=9)
            )
            findings.append(judge(flow, decision, intent, observation, setting))
    sentinels = tuple(
        SentinelReading(node=f"node{n}", closing=True, flipped=True, seconds=0.05 * (n + 1)) for n in range(4)
    )
    step = StepResult(name="the only step", findings=tuple(findings), sentinels=sentinels, seconds=9.0)
    return RunResult(
        run_id="0ddba1",
        scenario="large",
        title="Ten teams, ten services each",
        cluster=ClusterDescription(name="simulated", kind="simulated", title="simulated cluster"),
        netprobe_version="0",
        started="2026-01-02T03:04:05Z",
        seconds=12.0,
        steps=(step,),
    )
