"""The two tables of the design, literally, and the rules of evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.judge.evidence import Goal, goal_of, is_enough, seen_of, spaced
from netprobe.judge.judge import Setting, judge
from netprobe.judge.wording import edge_text, naming_for
from netprobe.model.decision import Answer, Decision, DirectionDecision, PolicyRef, RuleRef
from netprobe.model.finding import Expectation, IntentRef, Kind, Party, Seen, Verdict
from netprobe.model.flow import DnsRef, ExternalRef, Flow, NodeRef, PodRef
from netprobe.model.observation import Attempt, Observation, Outcome, Phase
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol, Via

FRONTEND = PodRef(namespace="production", workload="frontend")
DATABASE = PodRef(namespace="production", workload="database")
FLOW = Flow(source=FRONTEND, destination=DATABASE, port=5432)
BY_NAME = replace(FLOW, via=Via.NAME, service="database", service_port=5432)
REASON = "database-policy, ingress rule 1, admits only pods with tier=api"
DENY = Decision(
    answer=Answer.DENY,
    egress=DirectionDecision(direction=Direction.EGRESS, answer=Answer.ALLOW, reason="not isolated"),
    ingress=DirectionDecision(
        direction=Direction.INGRESS,
        answer=Answer.DENY,
        isolating=(PolicyRef(namespace="production", policy="database-policy"),),
        reason=REASON,
    ),
    reason="denied at the destination",
)
ALLOW = Decision(
    answer=Answer.ALLOW,
    ingress=DirectionDecision(
        direction=Direction.INGRESS,
        answer=Answer.ALLOW,
        isolating=(PolicyRef(namespace="production", policy="database-policy"),),
        allowing=(RuleRef(namespace="production", policy="database-policy", rule=0),),
        reason="rule 1 of database-policy admits it",
    ),
    reason="allowed by ingress rule 1 of database-policy",
)
UNDEFINED = Decision(answer=Answer.UNDEFINED, reason="an ipBlock that alone would admit a pod")
DECISIONS = {Answer.ALLOW: ALLOW, Answer.DENY: DENY, Answer.UNDEFINED: UNDEFINED}
SETTING = Setting(prefix="three-tier/published", naming=naming_for([FRONTEND, DATABASE]))


def attempt(outcome: Outcome, started: float, **fields: object) -> Attempt:
    base = Attempt(outcome=outcome, phase=Phase.COUNTED, round=1, started=started, seconds=0.1, timeout=2.5)
    return replace(base, **fields)


def observation(*outcomes: Outcome, baseline: Outcome | None = Outcome.CONNECTED, **fields: object):
    attempts = tuple(attempt(outcome, 10 + 1.05 * i) for i, outcome in enumerate(outcomes))
    return replace(Observation(flow=FLOW.key, attempts=attempts, baseline=baseline), **fields)


SIGHTS = {
    Seen.OPEN: observation(*[Outcome.CONNECTED] * 4),
    Seen.CLOSED: observation(*[Outcome.DROPPED] * 4),
    Seen.NOTHING: observation(*[Outcome.ERROR] * 4),
}
WANTED = {
    None: None,
    "allow": IntentRef(expectation=Expectation.ALLOW, text="frontend -> database"),
    "deny": IntentRef(expectation=Expectation.DENY, text="default: deny"),
}

# network vs policy: (policy, seen) -> verdict and kind, as the design's first table has it.
NETWORK = {
    (Answer.DENY, Seen.OPEN): (Verdict.FAIL, Kind.LEAK),
    (Answer.ALLOW, Seen.CLOSED): (Verdict.FAIL, Kind.BLOCKED),
    (Answer.DENY, Seen.CLOSED): (Verdict.PASS, None),
    (Answer.ALLOW, Seen.OPEN): (Verdict.PASS, None),
    (Answer.UNDEFINED, Seen.OPEN): (Verdict.UNDEFINED, None),
    (Answer.UNDEFINED, Seen.CLOSED): (Verdict.UNDEFINED, None),
    (Answer.DENY, Seen.NOTHING): (Verdict.INCONCLUSIVE, None),
    (Answer.ALLOW, Seen.NOTHING): (Verdict.INCONCLUSIVE, None),
    (Answer.UNDEFINED, Seen.NOTHING): (Verdict.INCONCLUSIVE, None),
}
# policy vs intent: (policy, intent, seen) -> verdict; a clear policy needs no packet.
MISTAKE = (Verdict.FAIL, Kind.POLICY_MISTAKE)
FINE = (Verdict.PASS, None)
OPEN_QUESTION = (Verdict.UNDEFINED, None)
POLICY = {
    **{(answer, None, seen): FINE for answer in Answer for seen in SIGHTS},
    **{(Answer.ALLOW, "allow", seen): FINE for seen in SIGHTS},
    **{(Answer.DENY, "deny", seen): FINE for seen in SIGHTS},
    **{(Answer.ALLOW, "deny", seen): MISTAKE for seen in SIGHTS},
    **{(Answer.DENY, "allow", seen): MISTAKE for seen in SIGHTS},
    (Answer.UNDEFINED, "allow", Seen.OPEN): OPEN_QUESTION,
    (Answer.UNDEFINED, "deny", Seen.CLOSED): OPEN_QUESTION,
    (Answer.UNDEFINED, "allow", Seen.CLOSED): MISTAKE,
    (Answer.UNDEFINED, "deny", Seen.OPEN): MISTAKE,
    (Answer.UNDEFINED, "allow", Seen.NOTHING): (Verdict.INCONCLUSIVE, None),
    (Answer.UNDEFINED, "deny", Seen.NOTHING): (Verdict.INCONCLUSIVE, None),
}


@pytest.mark.parametrize("seen", SIGHTS)
@pytest.mark.parametrize("wanted", WANTED)
@pytest.mark.parametrize("answer", list(Answer))
def test_the_two_tables(answer, wanted, seen):
    finding = judge(FLOW, DECISIONS[answer], WANTED[wanted], SIGHTS[seen], SETTING)
    network, policy = NETWORK[answer, seen], POLICY[answer, wanted, seen]
    assert (finding.network.verdict, finding.network.kind) == network
    assert (finding.policy.verdict, finding.policy.kind) == policy
    assert finding.verdict is max(network[0], policy[0], key=lambda v: v.severity)
    assert finding.seen is seen
    expected_kind = network[1] or policy[1]
    assert finding.kind is expected_kind
    if expected_kind is None:
        assert finding.party is None
    else:
        blamed = Party.POLICY if expected_kind is Kind.POLICY_MISTAKE else Party.NETWORK
        assert finding.party is blamed
    for comparison in (finding.network, finding.policy):
        assert comparison.reason
        if comparison.kind:
            assert comparison.kind.value in finding.explanation


def verdict(decision: Decision, seen: Observation, flow: Flow = FLOW, peers=None) -> str:
    finding = judge(flow, decision, None, seen, replace(SETTING, peers=peers or {}))
    return finding.kind.value if finding.kind else finding.verdict.value


C, D, R, E, N, W = (
    Outcome.CONNECTED,
    Outcome.DROPPED,
    Outcome.REJECTED,
    Outcome.ERROR,
    Outcome.NAME_FAILED,
    Outcome.WRONG_PEER,
)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((D, D, D), "PASS"),
        ((D, R, D), "PASS"),
        ((D, D), "INCONCLUSIVE"),
        ((C, D, D, D), "PASS"),
        ((C, D, D), "LEAK"),
        ((D, D, D, C), "LEAK"),
        ((C, D, E, D, D), "PASS"),
        ((C, E, E, E), "INCONCLUSIVE"),
        ((E, E, E, E), "INCONCLUSIVE"),
        ((W, W, W, W), "INCONCLUSIVE"),
        ((W, D, D, D), "PASS"),
        ((N, N, N, N), "INCONCLUSIVE"),
        ((), "INCONCLUSIVE"),
    ],
)
def test_evidence_for_a_denied_flow(outcomes, expected):
    assert verdict(DENY, observation(*outcomes)) == expected


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((C,), "PASS"),
        ((D, D, D, D, C), "PASS"),
        ((C, D, D, D, D), "PASS"),
        ((D, D, D), "INCONCLUSIVE"),
        ((D, D, D, R), "BLOCKED"),
        ((E, D, D, D), "INCONCLUSIVE"),
        ((E, D, D, D, D), "BLOCKED"),
        ((W, W, W, W), "INCONCLUSIVE"),
    ],
)
def test_evidence_for_an_allowed_flow(outcomes, expected):
    assert verdict(ALLOW, observation(*outcomes)) == expected


@pytest.mark.parametrize("decision", [DENY, ALLOW, UNDEFINED])
def test_silence_with_a_broken_control_is_no_evidence_and_the_control_is_named(decision):
    silent = observation(*[D] * 5)
    broken = replace(
        silent,
        attempts=tuple(
            replace(a, broken_control="production/database did not reach itself") for a in silent.attempts
        ),
    )
    finding = judge(FLOW, decision, None, broken, SETTING)
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert "production/database did not reach itself" in finding.explanation


def test_silence_without_an_open_baseline_is_no_evidence_unless_a_pod_is_younger():
    assert verdict(DENY, observation(D, D, D, baseline=D)) == "INCONCLUSIVE"
    assert verdict(ALLOW, observation(D, D, D, D, baseline=R)) == "INCONCLUSIVE"
    assert verdict(DENY, observation(D, D, D, baseline=None)) == "INCONCLUSIVE"
    assert verdict(DENY, observation(D, D, D, baseline=None, younger=True)) == "PASS"
    assert verdict(DENY, observation(C, C, C, baseline=None)) == "LEAK"
    finding = judge(FLOW, DENY, None, observation(D, D, D, baseline=R), SETTING)
    assert "baseline: REJECTED" in finding.explanation


def test_attempts_must_start_a_second_apart_within_ten_milliseconds():
    def at(*starts: float) -> Observation:
        return Observation(
            flow=FLOW.key, baseline=C, attempts=tuple(attempt(D, started) for started in starts)
        )

    assert verdict(DENY, at(0, 1, 2)) == "PASS"
    assert verdict(DENY, at(0, 0.991, 1.982)) == "PASS"
    assert verdict(DENY, at(0, 0.98, 1.96)) == "INCONCLUSIVE"
    assert verdict(DENY, at(0, 0.5, 1.0, 1.5, 2.0)) == "PASS"


def test_attempts_before_the_step_took_effect_do_not_count():
    early = observation(*[D] * 5)
    early = replace(early, attempts=tuple(replace(a, phase=Phase.SETTLING) for a in early.attempts))
    assert verdict(DENY, early) == "INCONCLUSIVE"
    leak_before_effect = (attempt(C, 1, phase=Phase.SETTLING), *observation(D, D, D).attempts)
    assert verdict(DENY, replace(early, attempts=leak_before_effect)) == "PASS"


def test_the_order_of_attempts_in_the_observation_does_not_matter():
    seen = observation(C, D, D, D)
    assert verdict(DENY, replace(seen, attempts=seen.attempts[::-1])) == "PASS"


DNS_DENIED = replace(DENY, dns=replace(DENY, reason="dns is denied"))
DNS_ALLOWED = replace(ALLOW, dns=ALLOW)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((N, N, N), "PASS"),
        ((N, N), "INCONCLUSIVE"),
        ((C, C, C), "LEAK"),
        ((D, D, D), "LEAK"),
        ((D, N, N, N), "PASS"),
        ((E, E, E), "INCONCLUSIVE"),
    ],
)
def test_a_flow_by_name_whose_dns_is_denied(outcomes, expected):
    assert verdict(DNS_DENIED, observation(*outcomes), BY_NAME) == expected


def test_a_resolved_name_is_called_a_leak_of_dns():
    finding = judge(BY_NAME, DNS_DENIED, None, observation(C, C, C), SETTING)
    assert "a leak of dns" in finding.explanation
    passed = judge(BY_NAME, DNS_DENIED, None, observation(N, N, N), SETTING)
    assert passed.seen is Seen.NAME_FAILED
    assert "proves dns only" in passed.explanation


def test_a_name_that_fails_although_dns_is_allowed_names_the_dns_flow():
    finding = judge(BY_NAME, DNS_ALLOWED, None, observation(N, N, N, N, N), SETTING)
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert "dns flow" in finding.explanation
    denied_edge = replace(DENY, dns=ALLOW)
    assert verdict(denied_edge, observation(N, N, N, N), BY_NAME) == "INCONCLUSIVE"
    assert verdict(denied_edge, observation(D, D, D), BY_NAME) == "PASS"


def test_undefined_dns_accepts_a_failed_name_as_what_was_seen():
    decision = replace(UNDEFINED, dns=UNDEFINED)
    finding = judge(BY_NAME, decision, WANTED["deny"], observation(N, N, N), SETTING)
    assert (finding.seen, finding.verdict) == (Seen.NAME_FAILED, Verdict.UNDEFINED)


BACKENDS = replace(
    UNDEFINED,
    reason="backends differ",
    backends=(("10.0.0.1", 80, Answer.ALLOW), ("10.0.0.2", 80, Answer.DENY)),
)
PEERS = {"p/good": "10.0.0.1", "p/bad": "10.0.0.2"}


@pytest.mark.parametrize(
    ("peers", "expected"),
    [
        (("p/good", "p/good", "p/good"), "PASS"),
        (("p/good", "p/bad", "p/good"), "LEAK"),
        (("p/bad", "p/good", "p/good", "p/good"), "PASS"),
        (("p/stranger",) * 3, "INCONCLUSIVE"),
        (("", "p/good", ""), "PASS"),
        (("", "", "", ""), "INCONCLUSIVE"),
    ],
)
def test_a_service_with_differing_backends_is_judged_by_who_answers(peers, expected):
    attempts = tuple(attempt(C if peer else D, 1.05 * i, peer=peer) for i, peer in enumerate(peers))
    seen = Observation(flow=FLOW.key, attempts=attempts, baseline=C)
    assert goal_of(BACKENDS) is Goal.BACKENDS
    assert verdict(BACKENDS, seen, replace(FLOW, via=Via.SERVICE, service="s"), PEERS) == expected


def test_disturbed_and_skipped_observations_say_why():
    disturbed = observation(C, C, disturbed="production/api restarted during the step")
    finding = judge(FLOW, DENY, None, disturbed, SETTING)
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert "production/api restarted during the step" in finding.explanation
    skipped = judge(FLOW, None, WANTED["allow"], observation(skipped="the cluster has one node"), SETTING)
    assert skipped.verdict is Verdict.SKIP
    assert "the cluster has one node" in skipped.explanation
    assert judge(FLOW, None, None, observation(C), SETTING).verdict is Verdict.INCONCLUSIVE


def test_explanations_read_as_sentences():
    assert judge(FLOW, DENY, None, observation(C, C, C), SETTING).explanation == (
        f"production/frontend → production/database:5432 connected; {REASON}: "
        "LEAK, the network does not enforce it"
    )
    assert judge(FLOW, DENY, None, observation(D, D, D), SETTING).explanation == (
        "production/frontend → production/database:5432 blocked, as database-policy says"
    )
    assert judge(FLOW, ALLOW, None, observation(C), SETTING).explanation == (
        "production/frontend → production/database:5432 connected, as database-policy says"
    )
    both = judge(FLOW, DENY, WANTED["allow"], observation(C, C, C), SETTING)
    assert both.kind is Kind.LEAK
    assert "besides, the intent is allow (frontend -> database), but the policies deny it" in both.explanation


def test_the_index_is_shown_only_where_a_workload_has_replicas():
    naming = naming_for([FRONTEND, DATABASE, replace(DATABASE, index=1)])
    assert edge_text(FLOW, naming) == "production/frontend → production/database[0]:5432"
    udp = replace(FLOW, protocol=Protocol.UDP)
    assert edge_text(udp, naming) == "production/frontend → production/database[0]:5432/udp"
    assert edge_text(replace(udp, destination=DnsRef(), port=53), naming) == "production/frontend → dns/udp"
    assert edge_text(replace(FLOW, destination=NodeRef(which="own"), port=80), naming).endswith(
        "its own node:80"
    )
    external = edge_text(replace(FLOW, destination=ExternalRef(name="partner"), port=443), naming)
    assert external.endswith("→ external:partner:443")


ATTEMPTS = st.lists(
    st.builds(
        attempt,
        st.sampled_from(Outcome),
        st.floats(0, 60, allow_nan=False),
        phase=st.sampled_from(Phase),
        broken_control=st.sampled_from(["", "a control failed"]),
        peer=st.sampled_from(["", "p/good", "p/bad", "p/stranger"]),
    ),
    max_size=8,
)
CLEAR = st.sampled_from([ALLOW, DENY, UNDEFINED])
ANY_DECISION = st.one_of(
    CLEAR, st.builds(replace, CLEAR, dns=CLEAR), st.just(BACKENDS), st.just(replace(BACKENDS, dns=ALLOW))
)
OBSERVATIONS = st.builds(
    Observation,
    flow=st.just(FLOW.key),
    attempts=ATTEMPTS.map(tuple),
    baseline=st.none() | st.sampled_from(Outcome),
    younger=st.booleans(),
    disturbed=st.sampled_from(["", "", "disturbed"]),
    skipped=st.sampled_from(["", "", "skipped"]),
)


@given(st.none() | ANY_DECISION, st.sampled_from(list(WANTED.values())), OBSERVATIONS)
def test_judging_is_total_and_never_better_than_its_worse_half(decision, intent, seen):
    finding = judge(FLOW, decision, intent, seen, replace(SETTING, peers=PEERS))
    assert finding.verdict.severity == max(finding.network.verdict.severity, finding.policy.verdict.severity)
    assert (finding.verdict is Verdict.FAIL) == (finding.kind is not None) == (finding.party is not None)
    assert finding.explanation
    assert (finding.kind in (Kind.LEAK, Kind.BLOCKED)) == (finding.party is Party.NETWORK)


@given(OBSERVATIONS, st.sampled_from([DENY, DNS_DENIED]))
def test_a_denial_passes_only_on_three_good_spaced_silences(seen, decision):
    finding = judge(FLOW, decision, None, seen, SETTING)
    wanted = (N,) if decision is DNS_DENIED else (D, R)
    good = [
        a for a in seen.attempts if a.phase is Phase.COUNTED and a.outcome in wanted and not a.broken_control
    ]
    if finding.verdict is Verdict.PASS:
        assert len(spaced(sorted(good, key=lambda a: a.started))) >= 3
        assert seen.younger or seen.baseline is C


@given(OBSERVATIONS, ANY_DECISION, st.floats(0, 60, allow_nan=False))
def test_a_further_error_never_makes_a_verdict_pass(seen, decision, started):
    setting = replace(SETTING, peers=PEERS)
    before = judge(FLOW, decision, None, seen, setting)
    worse = replace(seen, attempts=(*seen.attempts, attempt(E, started)))
    after = judge(FLOW, decision, None, worse, setting)
    if before.verdict is not Verdict.PASS and decision.backends == ():
        assert after.verdict is not Verdict.PASS


@given(OBSERVATIONS, ANY_DECISION)
def test_a_settled_flow_is_never_left_without_evidence_but_for_the_baseline(seen, decision):
    settled = replace(seen, baseline=C)
    if is_enough(settled.attempts, decision, PEERS):
        assert seen_of(settled, decision, PEERS).seen is not Seen.NOTHING


def test_every_way_to_a_pod_has_its_words():
    naming = naming_for([FRONTEND, DATABASE])
    by = {via: edge_text(replace(FLOW, via=via, service="db", service_port=80), naming) for via in Via}
    plain = edge_text(FLOW, naming)
    assert by == {
        Via.IP: plain,
        Via.SECOND_IP: f"{plain} by its second address",
        Via.SERVICE: f"{plain} through Service db (port 80)",
        Via.NODE_PORT: f"{plain} through the port of Service db on a node",
        Via.NAME: f"{plain} by the name db (port 80)",
    }
