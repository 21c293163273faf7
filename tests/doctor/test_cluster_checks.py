"""Each way in which a cluster can keep a run from an answer, or limit it."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest

from netprobe.cluster.kube.credentials import Credentials
from netprobe.cluster.kube.facts import Clocks, Facts, Seen, Trial
from netprobe.cluster.kube.permissions import needed_for
from netprobe.cluster.port import Signs
from netprobe.model.checkup import Checkup, Health
from netprobe.model.permission import Purpose
from tests.doctor.conftest import HEALTHY, IMAGE, NOW, namespace, node


def found(check):
    return check.health, check.found


def test_a_healthy_cluster(checked):
    checks = checked()
    assert {each.health for each in checks.values()} == {Health.OK}
    assert all(not each.remedy for each in checks.values())
    assert Checkup(subject="x", netprobe_version="0", checks=tuple(checks.values())).exit_code == 0


def test_what_is_not_ok_has_a_remedy_and_what_cannot_be_seen_fails_nothing(checked):
    unseen = {
        each.name: Seen(why="forbidden")
        for each in fields(Facts)
        if isinstance(getattr(HEALTHY, each.name), Seen)
    }
    checks = checked(**unseen, signs=Signs(nodes=None, daemon_sets=None, unseen=("nodes",)))
    assert {name for name, each in checks.items() if each.health is Health.UNSEEN} == {
        "clock", "permissions", "pod-security", "webhooks", "limits",
        "nodes", "image", "dns", "cni", "leftovers",
    }  # fmt: skip
    assert all(
        "forbidden" in each.found or "nodes" in each.found
        for each in checks.values()
        if each.health is not Health.OK
    )


@pytest.mark.parametrize(
    ("version", "health"),
    [("v1.20.15", Health.FAILED), ("v1.21.0", Health.WARNING), ("v1.24.9-gke.1", Health.WARNING),
     ("v1.25.0", Health.OK), ("1.40", Health.OK), ("v2.0", Health.OK), ("", Health.UNSEEN),
     ("devel", Health.UNSEEN)],
)  # fmt: skip
def test_versions(checked, version, health):
    check = checked(version=version)["version"]
    assert check.health is health
    assert bool(check.remedy) is (health in (Health.FAILED, Health.WARNING))


@pytest.mark.parametrize(
    ("left", "health", "words"),
    [
        (timedelta(minutes=20), Health.WARNING, "expires in 20 min"),
        (timedelta(days=2), Health.OK, "good until 2026-05-03 12:00 UTC"),
        (timedelta(minutes=-1), Health.WARNING, "expired on 2026-05-01 11:59 UTC"),
    ],
)
def test_credentials_that_end(checked, left, health, words):
    shown = Credentials(words="the token", expires=NOW + left, renew="Get a new token")
    check = checked(credentials=shown)["credentials"]
    assert check.health is health
    assert words in check.found
    assert ("Get a new token" in check.remedy) is (health is Health.WARNING)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "no more than 30 s"),
        (29, "no more"),
        (-30, "no more"),
        (90, "is 90 s behind"),
        (-91, "is 90 s ahead of"),
    ],
)
def test_clocks(checked, seconds, words):
    clocks = Clocks(server=NOW + timedelta(seconds=seconds), before=NOW, after=NOW)
    check = checked(clocks=Seen(value=clocks))["clock"]
    assert words in check.found
    assert check.health is (Health.OK if "no more" in words else Health.WARNING)


def test_a_slow_answer_is_no_skew(checked):
    clocks = Clocks(server=NOW + timedelta(seconds=45), before=NOW, after=NOW + timedelta(seconds=60))
    assert checked(clocks=Seen(value=clocks))["clock"].health is Health.OK


def test_missing_permissions_are_listed(checked):
    needs = needed_for(Purpose.RUN)
    exec_ = tuple(each for each in needs if each.subresource == "exec")
    lacking = {Purpose.RUN: exec_, Purpose.CHECK: exec_}
    check = checked(lacking=Seen(value=lacking))["permissions"]
    assert found(check) == (Health.FAILED, "a run cannot do without 2 of the permissions that are missing")
    assert len(check.details) == 2
    assert check.details[0].startswith("create pods/exec (needed: send probes from own pods")
    assert "netprobe rbac" in check.remedy


def test_permissions_that_are_not_vital_warn(checked):
    events = tuple(each for each in needed_for(Purpose.RUN) if each.resource == "events")
    maps = tuple(each for each in needed_for(Purpose.CHECK) if each.resource == "configmaps")
    check = checked(lacking=Seen(value={Purpose.RUN: events, Purpose.CHECK: events + maps}))["permissions"]
    assert check.health is Health.WARNING
    assert check.details[0] == "list events (say why a pod does not start)"
    assert "microshift-version in kube-public" in check.details[1]
    assert check.details[1].endswith("; for check only)")


def test_a_namespace_that_is_refused_fails(checked):
    refusal = Trial(refusal='admission webhook "x" denied the request: no')
    check = checked(trial_namespace=Seen(value=refusal))["pod-security"]
    assert check.health is Health.FAILED
    assert "would refuse a namespace" in check.found
    assert 'admission webhook "x"' in check.found


def test_a_refused_pod_fails_for_pod_security_and_warns_for_what_may_be_the_namespace_s(checked):
    strict = Trial(refusal='pods "p" is forbidden: violates PodSecurity "restricted:latest": x')
    assert checked(trial_pod=Seen(value=strict))["pod-security"].health is Health.FAILED
    quota = Trial(refusal="exceeded quota: compute")
    check = checked(trial_pod=Seen(value=quota))["pod-security"]
    assert check.health is Health.WARNING
    assert "tried in the namespace default" in check.found


def test_containers_that_are_put_into_pods(checked):
    check = checked(trial_pod=Seen(value=Trial(added=("istio-proxy",))))["webhooks"]
    assert check.health is Health.WARNING
    assert "istio-proxy" in check.found


def test_limits_that_every_namespace_seems_to_get(checked):
    def quota(name, home):
        return {
            "kind": "ResourceQuota",
            "metadata": {"name": name, "namespace": home},
            "spec": {"hard": {"pods": "10"}},
        }

    own = quota("team-a", "a")
    assert checked(quotas=Seen(value=(own,)))["limits"].health is Health.OK
    system = quota("same", "kube-system"), quota("same", "openshift-dns")
    assert checked(quotas=Seen(value=system))["limits"].health is Health.OK
    check = checked(quotas=Seen(value=(own, quota("default", "a"), quota("default", "b"))))["limits"]
    assert check.health is Health.WARNING
    assert check.details == ("ResourceQuota default in 2 namespaces (pods 10)",)


def test_nodes(checked):
    tainted = node("c", taints=[{"key": "gpu", "effect": "NoSchedule"}])
    check = checked(nodes=Seen(value=(node("a"), node("b"), tainted)))["nodes"]
    assert found(check) == (Health.OK, "2 of 3 take pods")
    assert check.details[0].startswith("c: it has the taint gpu")
    check = checked(nodes=Seen(value=(node("a"), node("b"), node("c", ready="Unknown"))))["nodes"]
    assert check.health is Health.WARNING
    assert "c: it is not ready" in check.details
    assert checked(nodes=Seen(value=(node("a"),)))["nodes"].health is Health.WARNING
    cordoned = node("a", unschedulable=True)
    assert checked(nodes=Seen(value=(cordoned,)))["nodes"].health is Health.FAILED
    assert checked(nodes=Seen(value=()))["nodes"].health is Health.FAILED


def test_a_node_under_pressure(checked):
    pressed = node("a")
    pressed["status"]["conditions"].append({"type": "DiskPressure", "status": "True"})
    check = checked(nodes=Seen(value=(pressed, node("b"))))["nodes"]
    assert check.health is Health.WARNING
    assert check.details == ("a: it says DiskPressure",)


def test_images(checked):
    check = checked(nodes=Seen(value=(node("a"), node("b", images=()))))["image"]
    assert found(check) == (Health.WARNING, f"1 of 2 nodes list {IMAGE}; the others have to pull it")
    cordoned = node("b", images=(), unschedulable=True)
    assert checked(nodes=Seen(value=(node("a"), cordoned)))["image"].health is Health.OK
    assert checked(image="mirror/agnhost:2.53")["image"].health is Health.WARNING


def test_dns(checked):
    assert checked(dns_services=Seen(value=()))["dns"].health is Health.WARNING
    sick = ({"status": {"conditions": [{"type": "Ready", "status": "False"}]}},)
    check = checked(dns_pods=Seen(value=sick))["dns"]
    assert check.health is Health.WARNING
    assert "none of its 1 pods is ready" in check.found


def test_a_cni_that_enforces_nothing(checked):
    flannel = {
        "kind": "DaemonSet",
        "metadata": {"name": "kube-flannel-ds", "namespace": "kube-flannel"},
        "spec": {
            "template": {
                "spec": {
                    "containers": [{"name": "kube-flannel", "image": "ghcr.io/flannel-io/flannel:v0.28.9"}]
                }
            }
        },
    }
    check = checked(signs=Signs(daemon_sets=(flannel,)))["cni"]
    assert check.health is Health.WARNING
    assert "Flannel" in check.found
    assert "does not enforce NetworkPolicies" in check.found


def test_leftovers(checked):
    expired = checked(expiries={"np-1-x": NOW - timedelta(hours=1), "np-2-x": None})["leftovers"]
    assert found(expired) == (Health.WARNING, "1 namespaces of runs that are over")
    assert expired.details == ("np-1-x",)
    assert "netprobe clean --cluster context:prod" in expired.remedy
    going_on = checked(expiries={"np-3-x": NOW + timedelta(hours=1)})["leftovers"]
    assert going_on.health is Health.OK


def test_a_namespace_that_is_stuck_in_terminating_is_said_with_what_holds_it(checked):
    stuck = namespace("np-1-x", deletionTimestamp="2026-04-30T00:00:00Z")
    why = "Discovery failed for some groups, 1 failing: metrics.k8s.io/v1beta1"
    stuck["status"]["conditions"] = [
        {"type": "NamespaceDeletionDiscoveryFailure", "status": "True", "message": why},
        {"type": "NamespaceContentRemaining", "status": "False", "message": "All content removed"},
    ]
    foreign = namespace("shop", deletionTimestamp="2026-04-30T00:00:00Z")
    check = checked(namespaces=Seen(value=(stuck, foreign)), expiries={"np-1-x": NOW - timedelta(hours=1)})[
        "leftovers"
    ]
    assert check.health is Health.WARNING
    assert check.details == (f"np-1-x: since 2026-04-30T00:00:00Z: {why}",)
    assert "kubectl get apiservices" in check.remedy
