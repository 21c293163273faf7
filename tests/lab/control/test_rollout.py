"""The arithmetic of a rollout, driven to its end by an obedient cluster."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from netprobe.lab.control.rollout import Rollout, deployment_status, plan_rollout

shares = st.integers(0, 3) | st.sampled_from(["0%", "25%", "50%", "100%"])


def replica_set(name, replicas, available=None):
    available = replicas if available is None else available
    return {
        "metadata": {"name": name},
        "spec": {"replicas": replicas},
        "status": {"replicas": replicas, "readyReplicas": available, "availableReplicas": available},
    }


def deployment(wanted, surge="25%", unavailable="25%"):
    rolling = {"maxSurge": surge, "maxUnavailable": unavailable}
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    return {"metadata": {"generation": 1}, "spec": {"replicas": wanted, "strategy": strategy}}


def pods_of(share, wanted, *, up):
    if isinstance(share, int):
        return share
    exact = int(share.removesuffix("%")) * wanted
    return -(-exact // 100) if up else exact // 100


@given(
    wanted=st.integers(1, 9), old=st.lists(st.integers(0, 6), max_size=3), surge=shares, unavailable=shares
)
def test_a_rollout_ends_and_keeps_its_limits_on_the_way(wanted, old, surge, unavailable):
    most, fewest = pods_of(surge, wanted, up=True), pods_of(unavailable, wanted, up=False)
    if not most and not fewest:
        fewest = 1
    sets = [replica_set(str(index), replicas) for index, replicas in enumerate(old)]
    current = replica_set("new", 0)
    target = deployment(wanted, surge, unavailable)
    total = sum(old)
    for _ in range(60):
        plan = {one["metadata"]["name"]: n for one, n in plan_rollout(_rollout(target, current, sets))}
        before = total
        total = sum(plan.values())
        assert total <= max(before, wanted + most)
        kept = sum(min(one["spec"]["replicas"], plan[one["metadata"]["name"]]) for one in [current, *sets])
        assert kept >= min(before, wanted - fewest)  # what was available and stays
        sets = [replica_set(one["metadata"]["name"], plan[one["metadata"]["name"]]) for one in sets]
        current = replica_set("new", plan["new"])
    assert current["spec"]["replicas"] == wanted
    assert not any(one["spec"]["replicas"] for one in sets)


def _rollout(target, current, sets):
    return Rollout(deployment=target, current=current, old=tuple(sets))


def test_old_pods_stay_while_the_new_ones_do_not_come_up():
    old, new = replica_set("old", 4), replica_set("new", 0)
    for _ in range(10):
        plan = {one["metadata"]["name"]: n for one, n in plan_rollout(_rollout(deployment(4), new, [old]))}
        old, new = replica_set("old", plan["old"]), replica_set("new", plan["new"], available=0)
    assert (old["spec"]["replicas"], new["spec"]["replicas"]) == (3, 2)


def test_recreate_waits_for_the_last_old_pod():
    target = deployment(2)
    target["spec"]["strategy"] = {"type": "Recreate"}
    old, new = replica_set("old", 2), replica_set("new", 0)
    waiting = Rollout(deployment=target, current=new, old=(old,), old_pods=1)
    assert [n for _, n in plan_rollout(waiting)] == [0, 0]
    free = Rollout(deployment=target, current=new, old=(replica_set("old", 0),), old_pods=0)
    assert [n for _, n in plan_rollout(free)] == [0, 2]


def test_transition_times_move_only_with_the_status():
    target = deployment(2)
    first = deployment_status(target, replica_set("new", 2, available=0), [], "then")
    target["status"] = first
    same = deployment_status(target, replica_set("new", 2, available=0), [], "later")
    assert same == first
    target["status"] = same
    done = deployment_status(target, replica_set("new", 2), [], "later")
    available, progressing = done["conditions"]
    assert (available["lastTransitionTime"], available["lastUpdateTime"]) == ("later", "later")
    assert (progressing["lastTransitionTime"], progressing["lastUpdateTime"]) == ("then", "later")
