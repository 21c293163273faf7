"""Which findings the diagnosis looks at, and what it takes for the time before."""

from __future__ import annotations

import pytest

from netprobe.audit.board.pods import FIRST_LABELS
from netprobe.audit.concluding import _histories, _is_silent_by_chance
from netprobe.model.decision import Answer, Decision
from netprobe.model.finding import Comparison, Finding, Kind, Party, Seen, Verdict
from netprobe.model.flow import Flow, PodRef
from netprobe.model.protocol import Via
from netprobe.model.run import ClusterDescription
from netprobe.model.topology import Pod, Topology
from netprobe.record.records import Header, RecordedStep, Recording, StepState

ENDS = {name: PodRef(namespace="home", workload=name) for name in ("source", "destination")}


def finding(*answers: Answer, kind: Kind | None = None) -> Finding:
    verdict = Verdict.FAIL if kind else Verdict.PASS
    backends = tuple((str(number), 80, answer) for number, answer in enumerate(answers))
    return Finding(
        id="x",
        flow=Flow(**ENDS, port=80, via=Via.SERVICE, service="s", service_port=80),
        verdict=verdict,
        kind=kind,
        party=Party.NETWORK if kind else None,
        network=Comparison(verdict=verdict, kind=kind),
        policy=Comparison(verdict=Verdict.PASS),
        seen=Seen.OPEN,
        decision=Decision(answer=Answer.UNDEFINED, reason="", backends=backends),
        explanation="",
    )


@pytest.mark.parametrize(
    ("found", "by_chance"),
    [
        (finding(Answer.ALLOW, Answer.DENY), True),
        (finding(Answer.ALLOW, Answer.DENY, kind=Kind.LEAK), False),
        (finding(Answer.ALLOW, Answer.ALLOW), False),
        (finding(Answer.DENY), False),
    ],
)
def test_that_no_wrong_pod_of_a_service_answered_tells_nothing(found, by_chance):
    assert _is_silent_by_chance(found) is by_chance


def test_before_the_policies_no_pod_has_the_labels_that_came_with_them():
    ((title, given),) = FIRST_LABELS.items()
    namespace, _, workload = title.partition("/")
    pods = [
        Pod(
            namespace=namespace,
            name=name,
            workload=name,
            labels={"app": name, **labels},
            ips=(address,),
            uid=name,
        )
        for name, labels, address in ((workload, given, "10.0.0.1"), ("other", given, "10.0.0.2"))
    ]
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "spec": {"podSelector": {}}}
    named = {**policy, "metadata": {"name": "a", "namespace": namespace}}
    state = StepState(step="policies", topology=Topology(pods=tuple(pods)), policies=(named,))
    cluster = ClusterDescription(name="lab", kind="lab", title="lab")
    header = Header(run_id="x", netprobe_version="", started="", cluster=cluster, scenario="")
    ((before, after),) = _histories(Recording(header=header, steps=(RecordedStep(state=state),)))
    assert [pod.labels for pod in before.topology.pods] == [{"app": workload}, {"app": "other", **given}]
    assert after.topology.pods == tuple(pods)
    assert (len(before.policies), len(after.policies)) == (0, 1)
