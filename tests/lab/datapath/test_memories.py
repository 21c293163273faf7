"""What the agents of some faults remember, and what makes them forget."""

from __future__ import annotations

from dataclasses import replace

from netprobe.lab.datapath.compiling import compile_node
from netprobe.lab.datapath.profiles import PROFILES
from tests.lab.datapath.fault_cases import DENY_X, DENY_Y, SEVERAL
from tests.lab.datapath.fault_history import policy

WITHOUT_X = ("y", "ctl")


def policies_seen(name, town, *histories):
    """The policies that an agent goes by after each of the given ones, a minute apart."""
    look = PROFILES[name].live()
    return [
        look(replace(town, policies=policies), 60.0 * index).picture.policies
        for index, policies in enumerate(histories)
    ]


def isolated(picture, address):
    return any(f"{address} : jump" in compile_node(picture, node.name) for node in picture.nodes)


def test_a_new_pod_is_open_for_three_seconds_and_then_looked_at_again(town):
    look = PROFILES["startup-window"].live()
    shut = replace(town, policies=(DENY_X,))
    assert look(replace(shut, pods=town.pods[1:]), 0.0).again == 3.0
    sight = look(shut, 100.0)
    assert sight.again == 103.0
    assert not isolated(sight.picture, "10.244.0.2")
    assert isolated(sight.picture, "10.244.1.2")
    later = look(shut, 103.0)
    assert later.again is None
    assert isolated(later.picture, "10.244.0.2")


def test_a_deleted_policy_that_is_made_anew_is_the_new_one(town):
    changed = policy("x", "ingress: [{}]")
    seen = policies_seen("delete-leaks", town, (DENY_X,), (), (changed,), ())
    assert seen == [(DENY_X,), (DENY_X,), (changed,), (changed,)]


def test_a_deleted_policy_goes_with_its_namespace(town):
    look = PROFILES["delete-leaks"].live()
    look(replace(town, policies=(DENY_X,)), 0.0)
    left = tuple(one for one in town.namespaces if one.name in WITHOUT_X)
    assert look(replace(town, namespaces=left), 1.0).picture.policies == ()
    assert look(town, 2.0).picture.policies == ()


def test_a_deleted_policy_without_a_namesake_goes(town):
    other = policy("y", "policyTypes: [Ingress]", "other")
    assert policies_seen("delete-leaks-namesake", town, (DENY_X, other), (other,)) == [
        (DENY_X, other),
        (other,),
    ]


def test_the_last_policy_for_ingress_does_not_take_the_egress_along(town):
    assert policies_seen("delete-ingress-kills-egress", town, (DENY_X, DENY_Y), (DENY_Y,))[1] == (DENY_Y,)


def test_a_version_is_forgotten_with_its_policy(town):
    changed = policy("x", "ingress: [{}]")
    for name in ("updates-ignored", "targets-frozen"):
        assert policies_seen(name, town, (DENY_X,), (), (changed,))[2] == (changed,)


def test_the_first_policies_of_a_namespace_work_when_they_are_made_anew(town):
    later = policy("x", "policyTypes: [Egress]", "later")
    seen = policies_seen("first-policy-noop", town, (DENY_X,), (DENY_X, later), (later,), (DENY_X, later))
    assert seen == [(), (later,), (later,), (DENY_X, later)]


def test_policies_of_one_apply_are_all_first(town):
    look = PROFILES["first-policy-noop"].live()
    second = policy("x", "policyTypes: [Egress]", "second")
    look(replace(town, policies=(DENY_X,)), 0.0)
    assert look(replace(town, policies=(DENY_X, second)), 0.2).picture.policies == ()


def test_changes_are_taken_up_again_when_the_bad_rule_is_gone(town):
    bad = policy("y", "ingress: [{ports: [{protocol: UDP}]}]", "bad")
    seen = policies_seen("bad-rule-stops-changes", town, (DENY_X,), (DENY_Y, bad), (DENY_Y,))
    assert seen == [(DENY_X,), (DENY_X,), (DENY_Y,)]


def test_labels_are_forgotten_with_their_pod_and_their_namespace(town):
    x_a, *others = town.pods
    for name, gone, back in (
        ("labels-frozen", replace(town, pods=tuple(others)), "pods"),
        ("namespace-labels-frozen", replace(town, namespaces=town.namespaces[1:]), "namespaces"),
    ):
        look = PROFILES[name].live()
        first, *rest = getattr(town, back)
        changed = replace(town, **{back: (replace(first, labels={"new": "yes"}), *rest)})
        look(town, 0.0)
        assert look(changed, 1.0).picture == town
        look(gone, 2.0)
        assert look(changed, 3.0).picture == changed
    assert x_a == town.pods[0]


def test_whoever_was_there_before_the_first_policy_stays_old_when_policies_come_and_go(town):
    look = PROFILES["old-pods-open"].live()
    for second, policies in enumerate(((), (DENY_X,), (), (DENY_X,))):
        seen = look(replace(town, policies=policies), float(second)).picture
    assert not isolated(seen, "10.244.0.2")
    x_a = town.pods[0]
    renewed = replace(town, policies=(DENY_X,), pods=(replace(x_a, uid="new"), *town.pods[1:]))
    seen = look(renewed, 9.0).picture
    assert isolated(seen, "10.244.0.2")
    assert not isolated(seen, "10.244.1.2")


def test_an_agent_that_restarted_for_long_enough_does_so_no_more(town):
    look = PROFILES["fail-open-after-restart"].live()
    more = (*SEVERAL, DENY_Y)

    def is_open(policies, now):
        return not isolated(look(replace(town, policies=policies), now).picture, "10.244.1.2")

    assert look(replace(town, policies=SEVERAL), 0.0).again == 1.0
    assert not is_open(SEVERAL, 0.9)
    assert is_open(SEVERAL, 1.0)
    assert not is_open(more, 3.0), "a change brings the rules back"
    assert is_open(more, 4.0), "it was open for a moment only, so it may happen again"
    assert not is_open(SEVERAL, 10.0)
    assert not is_open(SEVERAL, 20.0)


def test_with_one_or_two_policies_no_agent_restarts(town):
    look = PROFILES["fail-open-after-restart"].live()
    for now in (0.0, 50.0):
        assert isolated(look(replace(town, policies=(DENY_X, DENY_Y)), now).picture, "10.244.1.2")
