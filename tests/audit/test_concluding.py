"""Which findings the diagnosis looks at."""

from __future__ import annotations

import pytest

from netprobe.audit.concluding import _is_silent_by_chance
from netprobe.model.decision import Answer, Decision
from netprobe.model.finding import Comparison, Finding, Kind, Party, Seen, Verdict
from netprobe.model.flow import Flow, PodRef
from netprobe.model.protocol import Via

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
