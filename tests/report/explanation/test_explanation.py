"""Answers with their reasons, for people and for programs."""

from __future__ import annotations

import json
import re

import pytest

from netprobe.model.decision import Answer, Decision, DirectionDecision, PolicyRef, RuleRef
from netprobe.model.explanation import Explanation
from netprobe.model.place import Place
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.report.explanation import to_json, to_text

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def policy(name: str, line: int, text: str) -> PolicyRef:
    place = Place(file="policies.yaml", line=line, column=1)
    return PolicyRef(namespace="shop", policy=name, text=text, place=place)


def rule(name: str, line: int, text: str, **more) -> RuleRef:
    place = Place(file="policies.yaml", line=line, column=5)
    return RuleRef(**{"namespace": "shop", "policy": name, "rule": 0, "text": text, "place": place, **more})


DNS = policy("allow-dns", 1, "egress to pods with k8s-app=kube-dns in any namespace on UDP 53 or TCP 53")
WEB = policy("web", 20, "egress to pods with tier=api on TCP 8080, or to addresses in 10.0.0.0/8 on TCP 443")
DB = policy("db", 40, "ingress from pods with tier=api on TCP 5432")
FREE = DirectionDecision(
    direction=Direction.EGRESS, answer=Answer.ALLOW, reason="no policy isolates shop/web for egress"
)
DENIED = DirectionDecision(
    direction=Direction.INGRESS,
    answer=Answer.DENY,
    isolating=(DB,),
    reason="a sentence that says it all again",
    nearest_miss=rule(
        "db",
        44,
        "from[0] needs a namespace with purpose=monitoring AND a pod with app=prometheus; shop/web has "
        "only the second",
    ),
)
ADMITTED = DirectionDecision(
    direction=Direction.EGRESS,
    answer=Answer.ALLOW,
    isolating=(DNS, WEB),
    allowing=(rule("web", 24, "pods with tier=api on TCP 8080"),),
    reason="a sentence that says it all again",
)
BY_RANK = DirectionDecision(
    direction=Direction.INGRESS,
    answer=Answer.DENY,
    denying=(
        rule(
            "quarantine", 60, "traffic from every pod on every port", namespace="", kind="AdminNetworkPolicy"
        ),
        rule("cordon", 80, "traffic from pods with a=b on TCP 80", namespace="", kind="AdminNetworkPolicy"),
    ),
    reason='AdminNetworkPolicy quarantine (admin tier, priority 5) ingress rule 1 ("shut") denies traffic '
    "from every pod on every port",
)
OPEN = DirectionDecision(
    direction=Direction.EGRESS,
    answer=Answer.UNDEFINED,
    isolating=(WEB,),
    reason="only an ipBlock could admit shop/db, and the reference leaves open what they do to pods",
)


def explained(answer: Answer, egress=None, ingress=None, **more) -> Explanation:
    backends = more.pop("decided", ())
    decision = Decision(
        answer=answer, egress=egress, ingress=ingress, backends=backends, reason=more.pop("reason", "")
    )
    given = {"source": "shop/web", "destination": "shop/db", "port": 5432, "protocol": Protocol.TCP, **more}
    return Explanation(**given, decision=decision)


def itself(direction: Direction) -> DirectionDecision:
    return DirectionDecision(
        direction=direction, answer=Answer.ALLOW, reason="shop/web always reaches itself"
    )


CASES = {
    "denied": explained(Answer.DENY, ADMITTED, DENIED),
    "free": explained(Answer.DENY, FREE, BY_RANK, port=53, protocol=Protocol.UDP),
    "undefined": explained(Answer.UNDEFINED, OPEN, destination="fd00::7"),
    "itself": explained(
        Answer.ALLOW, itself(Direction.EGRESS), itself(Direction.INGRESS), destination="shop/web"
    ),
    "service": explained(
        Answer.UNDEFINED,
        destination="Service shop/db",
        decided=(("10.0.0.1", 5432, Answer.ALLOW), ("", 5433, Answer.DENY)),
        backends=("shop/db[0]", "shop/db[1]"),
        reason="undefined: the backends of Service shop/db differ, and any of them may answer",
    ),
}  # fmt: skip


def test_the_page_is_the_golden_one(golden):
    pages = (to_text.render(case, width=80, color=False) for case in CASES.values())
    golden("explanations-80.txt", "\n---\n".join(pages))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
@pytest.mark.parametrize("width", [60, 120])
def test_no_line_is_wider_than_the_page_and_colour_is_only_colour(case, width):
    page = to_text.render(case, width=width, color=False)
    assert max(map(len, page.splitlines())) <= width
    painted = to_text.render(case, width=width, color=True)
    assert "\x1b[" in painted
    assert ANSI.sub("", painted) == page


def test_a_policy_that_isolates_is_told_once():
    page = to_text.render(CASES["denied"], width=100, color=False)
    assert page.count("policies.yaml:40:1") == 1
    assert "says it all again" not in page


def test_a_name_longer_than_the_page_is_not_torn():
    name = f"a-namespace/{'long-' * 20}name"
    page = to_text.render(explained(Answer.ALLOW, FREE, destination=name), width=60, color=False)
    assert f"{name}:5432" in page


def test_a_program_reads_all_of_it():
    document = json.loads(to_json.render(CASES["denied"]))
    assert document["netprobe_explanation"] == 1
    assert document["answer"] == "DENY"
    assert [ref["name"] for ref in document["egress"]["isolated_by"]] == ["allow-dns", "web"]
    assert document["egress"]["nearest_miss"] is None
    miss = document["ingress"]["nearest_miss"]
    assert (miss["name"], miss["rule"], miss["place"]) == ("db", 0, "policies.yaml:44:5")
    assert miss["text"].startswith("from[0] needs")


def test_a_program_reads_the_backends_of_a_service():
    document = json.loads(to_json.render(CASES["service"]))
    assert document["egress"] is None
    assert document["backends"] == [
        {"name": "shop/db[0]", "address": "10.0.0.1", "port": 5432, "answer": "ALLOW"},
        {"name": "shop/db[1]", "address": None, "port": 5433, "answer": "DENY"},
    ]
