"""Plans: versions, choices, values of charts, and the digest that stands for a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netprobe.cluster.providers.kind.base import base_config
from netprobe.cluster.providers.kind.plan import RECIPE_LABEL, make_plan, merged
from netprobe.cluster.providers.kind.provider import KindProvider
from netprobe.cluster.providers.kind.recipes import find_recipe
from netprobe.cluster.providers.kind.texts import filled
from netprobe.cluster.providers.kind.wish import parse_wish
from netprobe.errors import InputError


def plan_of(argument, base=None):
    wish = parse_wish(argument)
    return make_plan(wish, *find_recipe(wish.recipe), base or base_config())


@pytest.mark.parametrize(("word", "version"), [("3.32.2", "v3.32.2"), ("v3.31.3", "v3.31.3")])
def test_a_version_may_be_spelled_with_or_without_v(word, version):
    plan = plan_of(f"calico@{word}")
    assert plan.version == version
    assert f"/calico/{version}/manifests/" in plan.steps[0].apply[0]
    assert plan.title == f"Calico {version} (manifest)"


@pytest.mark.parametrize(
    ("argument", "words", "remedy"),
    [
        ("calico@v3.32.9", 'did you mean "v3.32.', "it knows v3.32.1"),
        ("kindnet@v1", "no version to choose", "node=v1.34.0"),
        ("calico,family=dual", "does not do the IP family dual", "it does ipv4"),
        ("calico,proxy=none", "does not do kube-proxy in mode none", "it does iptables, nftables, ipvs"),
    ],
)
def test_what_a_recipe_cannot_do_is_wrong_input(argument, words, remedy):
    with pytest.raises(InputError) as caught:
        plan_of(argument)
    assert words in caught.value.message
    assert remedy in caught.value.remedy


def test_the_operators_tag_follows_the_version():
    assert "quay.io/tigera/operator:v1.42.6" in plan_of("calico-operator@v3.32.2").images
    assert "quay.io/tigera/operator:v1.42.3" in plan_of("calico-operator").images


def test_overlays_of_a_chart_are_merged_where_they_hold():
    values = plan_of("cilium,family=dual,proxy=none").steps[0].helm.values
    assert values["ipv6"] == {"enabled": True}
    assert "ipv4" not in values
    assert values["k8sServiceHost"].endswith("-control-plane")
    assert values["image"] == {"pullPolicy": "IfNotPresent", "useDigest": False}
    assert "kubeProxyReplacement" not in plan_of("cilium").steps[0].helm.values


def test_the_same_wish_is_the_same_cluster_and_another_is_another():
    names = [
        plan_of(argument).cluster for argument in ("calico", "calico@v3.32.1", "calico@v3.32.2", "cilium")
    ]
    assert names[0] == names[1]
    assert len(set(names)) == 3
    other = {**base_config(), "featureGates": {"X": True}}
    assert plan_of("calico", other).digest != plan_of("calico").digest
    assert plan_of("calico,node=v1.34.0").digest != plan_of("calico").digest


def test_a_name_of_the_users_keeps_the_prefix_and_the_digest():
    plan = plan_of("calico,name=ci-1")
    assert plan.cluster == "netprobe-ci-1"
    assert plan.digest == plan_of("calico").digest


def test_the_base_is_kept_and_every_node_is_labelled():
    base = {
        **base_config(),
        "nodes": [{"role": "control-plane", "labels": {"a": "b"}, "extraPortMappings": [1]}],
    }
    (node,) = plan_of("calico,node=v1.34.0", base).config["nodes"]
    assert node["labels"]["a"] == "b"
    assert node["labels"][RECIPE_LABEL] == plan_of("calico,node=v1.34.0", base).digest
    assert node["extraPortMappings"] == [1]
    assert node["image"] == "kindest/node:v1.34.0"


def test_the_base_is_the_file_at_the_top_of_the_checkout():
    top = Path(__file__).parents[4] / "kind-config.yaml"
    assert top.is_file()
    assert [node["role"] for node in base_config()["nodes"]] == ["control-plane", "worker", "worker"]


LEAVES = st.booleans()
TWIGS = LEAVES | st.dictionaries(st.sampled_from("ab"), LEAVES, max_size=2)
MAPPINGS = st.dictionaries(
    st.sampled_from("ab"), TWIGS | st.dictionaries(st.sampled_from("ab"), TWIGS, max_size=2)
)


@given(MAPPINGS, MAPPINGS)
def test_merged_values_hold_all_of_the_upper_tree(below, above):
    def holds(tree, part):
        if not isinstance(part, dict):
            return tree == part
        return isinstance(tree, dict) and all(key in tree and holds(tree[key], part[key]) for key in part)

    result = merged(below, above)
    assert holds(result, above)
    assert set(result) == {*below, *above}
    assert merged(result, above) == result


@given(st.text(alphabet="ab${}-", max_size=20))
def test_filling_replaces_known_variables_only(text):
    assert filled(text, {}) == text
    assert "${a}" not in filled(text, {"a": "x"})


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("", "kindnet", True),
        ("calico", "calico@3.32.1,family=ipv4", True),
        ("calico", "calico@v3.31.3", False),
        ("calico", "calico-operator", False),
        ("cilium", "cilium,proxy=none", False),
        ("cilium", "cilium,node=v1.34.0", False),
        ("cilium,name=a", "cilium,name=b", False),
        ("cilium,name=a", "calico,name=a", True),
    ],
)
def test_words_are_spelled_alike_when_they_mean_one_cluster(one, other, same):
    spell = KindProvider().spell
    assert (spell(one) == spell(other)) == same
