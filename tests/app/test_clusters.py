"""Clusters by word, and the clock that a run on them follows."""

from __future__ import annotations

import pytest

from netprobe.app.clusters import PROVIDERS, REHEARSAL, clock_of, find_provider, open_cluster
from netprobe.app.late import load
from netprobe.cluster.providers.simulated import SimulatedCluster
from netprobe.errors import InputError
from netprobe.runner.clock import SystemClock


@pytest.mark.parametrize("dotted", [*PROVIDERS.values(), *REHEARSAL.values()])
def test_every_provider_of_the_tables_is_there(dotted):
    assert callable(load(dotted)().open)


@pytest.mark.parametrize(
    ("kind", "hint"),
    [("labb", 'did you mean "lab"?'), ("contxt", 'did you mean "context"?'), ("", "")],
)
def test_an_unknown_kind_is_told_with_the_nearest(kind, hint):
    with pytest.raises(InputError) as caught:
        find_provider(kind)
    assert caught.value.message.endswith(hint)
    assert "lab:PROFILE" in caught.value.remedy


def test_a_simulated_cluster_brings_its_own_time():
    cluster = open_cluster("simulated")
    assert isinstance(cluster, SimulatedCluster)
    assert clock_of(cluster) is cluster.clock


def test_other_clusters_follow_the_clock_on_the_wall():
    class Real:
        """A cluster without a clock of its own."""

    assert isinstance(clock_of(Real()), SystemClock)


@pytest.mark.parametrize("word", ["lab:no-such-profile", "context:no-such-context"])
def test_an_unknown_argument_is_wrong_input(word, tmp_path, monkeypatch):
    config = tmp_path / "config"
    config.write_text(
        "apiVersion: v1\nkind: Config\ncurrent-context: a\n"
        "clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}]\n"
        "users: [{name: a, user: {token: t}}]\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n"
    )
    monkeypatch.setenv("KUBECONFIG", str(config))
    with pytest.raises(InputError, match="no-such"):
        open_cluster(word)
