"""What networks with faulty memories believe, in a few states of a small cluster."""

from __future__ import annotations

from dataclasses import replace

import yaml

from netprobe.audit import history
from netprobe.audit.history import State
from netprobe.manifests.policy import decode_policy_body
from netprobe.model.topology import Pod, Service, Topology


def pod(name, uid, *, namespace="x", workload="", **labels):
    return Pod(namespace=namespace, name=name, workload=workload or name, uid=uid, labels=labels)


def policy(name, spec, namespace="x"):
    metadata = {"name": name, "namespace": namespace}
    kind = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
    return decode_policy_body({**kind, "metadata": metadata, "spec": yaml.safe_load(spec)})


def state(*pods, policies=(), services=()):
    return State(topology=Topology(pods=pods, services=services), policies=policies)


def labels(believed):
    return {each.name: each.labels for each in believed.topology.pods}


def test_a_pod_in_the_place_of_another_one_has_the_labels_that_this_had_at_last():
    states = (
        state(pod("a-1", "1", workload="a", held="no"), pod("b", "9", role="b")),
        state(pod("a-1", "1", workload="a", held="yes"), pod("b", "9", role="b")),
        state(pod("a-2", "2", workload="a", new="yes"), pod("b", "9", role="c")),
    )
    assert labels(history.replaced_pods_keep_labels(states)) == {"a-2": {"held": "yes"}, "b": {"role": "c"}}


def test_a_pod_that_came_back_under_its_name_is_nobody():
    states = (
        state(pod("lone", "1", role="member"), pod("a-1", "2", workload="a", role="a")),
        state(pod("lone", "3", role="member"), pod("a-2", "4", workload="a", role="a")),
    )
    assert labels(history.returning_pods_unknown(states)) == {"lone": {}, "a-2": {"role": "a"}}
    assert labels(history.returning_pods_unknown(states[:1]))["lone"] == {"role": "member"}


def test_pods_whose_names_read_alike_with_their_namespaces_share_policies():
    shut = policy("shut", "{podSelector: {matchLabels: {case: one}}, policyTypes: [Ingress]}")
    now = state(
        pod("me-to", "1", case="one"),
        pod("me", "2", namespace="to-x", case="two"),
        pod("other", "3", namespace="to-x", case="one"),
        policies=(shut,),
    )
    believed = history.namesakes_share_policies((now,))
    (added,) = believed.policies[1:]
    assert (added.namespace, added.pod_selector.match_labels) == ("to-x", {"case": "two"})


OUT = "{podSelector: {}, policyTypes: [Egress], egress: [{to: [%s]}]}"


def test_a_policy_that_admits_pods_behind_a_headless_service_has_no_effect():
    headless = Service(namespace="x", name="s", headless=True, selector={"app": "db", "tier": "back"})
    meant = policy("meant", OUT % "{podSelector: {matchLabels: {app: db}}}")
    others = (
        policy("other", OUT % "{podSelector: {matchLabels: {app: web}}}"),
        policy("elsewhere", OUT % "{podSelector: {matchLabels: {app: db}}}", namespace="y"),
        policy("wide", OUT % "{podSelector: {matchLabels: {app: db}}, namespaceSelector: {}}"),
        policy("block", OUT % "{ipBlock: {cidr: 10.0.0.0/8}}"),
    )
    now = state(policies=(meant, *others), services=(headless,))
    assert history.headless_disables_policies((now,)).policies == others
    plain = state(policies=(meant, *others), services=(replace(headless, headless=False),))
    assert history.headless_disables_policies((plain,)).policies == (meant, *others)


def from_values(key, values):
    return (
        "{podSelector: {}, ingress: [{from: [{podSelector: {matchExpressions: "
        f"[{{key: {key}, operator: In, values: {values}}}]}}}}]}}]}}"
    )


def values_of(found):
    return {
        (found.namespace, found.name): [
            peer.pod_selector.match_expressions[0].values for rule in found.ingress for peer in rule.peers
        ]
    }


def test_values_mix_where_policy_and_label_read_the_same_together():
    one = policy("set", from_values("of-kin", "[a, b]"))
    two = policy("set-of", from_values("kin", "[c, d]"))
    single = policy("set-of-kin", from_values("x", "[e]"))
    elsewhere = policy("set-of", from_values("kin", "[f, g]"), namespace="y")
    believed = history.sets_share_names((state(policies=(one, two, single, elsewhere)),))
    found = {
        key: set(map(tuple, each)) for item in believed.policies for key, each in values_of(item).items()
    }
    assert found == {
        ("x", "set"): {("a", "b"), ("c", "d")},
        ("x", "set-of"): {("a", "b"), ("c", "d")},
        ("x", "set-of-kin"): {("e",)},
        ("y", "set-of"): {("f", "g")},
    }
