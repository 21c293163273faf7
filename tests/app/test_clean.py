"""Which namespaces are removed: those of netprobe's runs that were asked for, never another."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from netprobe.app.clean import CleanRequest, clean, leaves_nothing, leftovers
from netprobe.cluster.port import ClusterState
from netprobe.cluster.providers.simulated import SimulatedCluster
from netprobe.errors import EnvironmentFailure, InputError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BEFORE, AFTER = str(int(NOW.timestamp()) - 60), str(int(NOW.timestamp()) + 60)


def namespace(name, **labels):
    words = {f"netprobe.io/{key}": value for key, value in labels.items()}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": words}}


@pytest.fixture
def cluster():
    cluster = SimulatedCluster()
    cluster.apply(
        [
            namespace("old-a", run="old", expires=BEFORE),
            namespace("old-b", run="old", expires=BEFORE),
            namespace("live", run="new", expires=AFTER),
            namespace("odd", run="odd", expires="soon"),
            namespace("users"),
            namespace("half", run="old"),
            namespace("other-half", expires=BEFORE),
        ]
    )
    return cluster


def names(cluster):
    return {body["metadata"]["name"] for body in cluster.read(()).namespaces}


def cleaned(cluster, **request):
    before = names(cluster)
    result = clean(cluster, CleanRequest(now=NOW, **request), lambda _: None)
    gone = before - names(cluster)
    if not request.get("dry_run"):
        assert gone == {each.namespace for each in result.removed}
    return gone, {each.namespace for each in result.kept}


def test_what_has_expired_goes_and_all_else_stays(cluster):
    assert cleaned(cluster) == ({"old-a", "old-b"}, {"live", "odd"})
    assert cleaned(cluster) == (set(), {"live", "odd"})


def test_at_the_very_second_it_has_expired(cluster):
    cluster.apply([namespace("edge", run="edge", expires=str(int(NOW.timestamp())))])
    assert "edge" in cleaned(cluster)[0]


def test_a_run_that_is_named_goes_expired_or_not(cluster):
    assert cleaned(cluster, runs=("new", "odd")) == ({"live", "odd"}, {"old-a", "old-b"})
    assert {"users", "half", "other-half", "default", "kube-system"} <= names(cluster)


def test_a_dry_run_removes_nothing_and_says_the_same(cluster):
    gone, kept = cleaned(cluster, dry_run=True)
    assert (gone, kept) == (set(), {"live", "odd"})
    assert cluster.deleted == []


def test_a_run_that_left_nothing_is_wrong_input(cluster):
    with pytest.raises(InputError) as caught:
        cleaned(cluster, runs=("old", "live", "olds"))
    assert caught.value.message == 'no namespace of a run "live" is there'
    assert caught.value.remedy == "runs that left some: new, odd, old"
    with pytest.raises(InputError, match='did you mean "old"'):
        cleaned(cluster, runs=("olds",))
    assert "old-a" in names(cluster)


def test_not_to_be_allowed_to_look_is_no_all_clear(cluster, monkeypatch):
    monkeypatch.setattr(cluster, "read", lambda _: ClusterState(unreadable=("namespaces of others",)))
    with pytest.raises(EnvironmentFailure, match="may not list"):
        clean(cluster, CleanRequest(now=NOW), lambda _: None)


@pytest.mark.parametrize("text", ["", "soon", "9" * 40, "-1e9", "1_0x"])
def test_an_expiry_that_is_no_time_never_comes(text):
    (found,) = leftovers([namespace("x", run="r", expires=text)])
    assert found.expires is None


def test_which_clusters_leave_nothing():
    assert leaves_nothing("lab")
    assert leaves_nothing("lab:none")
    assert not leaves_nothing("running-lab")
    assert not leaves_nothing("context:kind")
    with pytest.raises(InputError):
        leaves_nothing("labb")
