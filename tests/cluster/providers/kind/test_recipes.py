"""Recipe files: those that come along hold what they must; wrong ones are told with file and line."""

from __future__ import annotations

import json
from itertools import product

import pytest

from netprobe.cluster.identity.known.registry import FINGERPRINTS
from netprobe.cluster.providers.kind.base import base_config
from netprobe.cluster.providers.kind.plan import make_plan
from netprobe.cluster.providers.kind.recipes import built_in, find_recipe, read_recipe
from netprobe.cluster.providers.kind.wish import Wish, parse_wish
from netprobe.errors import InputError

CNIS = {
    "antrea",
    "calico",
    "calico-operator",
    "canal",
    "cilium",
    "flannel",
    "kindnet",
    "kube-network-policies",
    "kube-router",
    "none",
}


def wishes(name):
    recipe, _ = find_recipe(name)
    shape = recipe.cluster
    every = product(recipe.versions or [""], shape.families, shape.proxies)
    return [
        Wish(recipe=name, version=version, family=family, proxy=proxy) for version, family, proxy in every
    ]


def test_there_is_a_recipe_for_each_cni():
    assert set(built_in()) == CNIS


@pytest.mark.parametrize("name", sorted(CNIS))
def test_every_combination_of_a_recipe_makes_a_whole_plan(name):
    recipe, folder = find_recipe(name)
    for wish in wishes(name):
        plan = make_plan(wish, recipe, folder, base_config())
        parts = [each.model_dump(mode="json") for each in (*plan.steps, *plan.ready)]
        assert "${" not in json.dumps([*parts, plan.images, recipe.title])
        assert plan.steps or recipe.cluster.default_cni or recipe.cluster.bare
        assert len(plan.cluster) <= 50
        networking = plan.config["networking"]
        assert (networking["ipFamily"], networking["kubeProxyMode"]) == (wish.family, wish.proxy)
        assert (":" in networking["podSubnet"]) == (wish.family != "ipv4")
        assert networking["podSubnet"].count(",") == (wish.family == "dual")
        assert [node["role"] for node in plan.config["nodes"]] == ["control-plane", "worker", "worker"]
        if recipe.versions:
            assert wish.version.removeprefix("v") in json.dumps(parts)


@pytest.mark.parametrize(
    ("argument", "images"),
    [
        ("calico@v3.30.2", {"docker.io/calico/node:v3.30.2"}),
        ("calico-operator@v3.30.2", {"docker.io/calico/typha:v3.30.2", "quay.io/tigera/operator:v1.38.3"}),
        ("canal@v3.31.3", {"quay.io/calico/node:v3.31.3", "docker.io/flannel/flannel:v0.24.4"}),
        ("flannel@v0.28.8", {"ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel2"}),
        ("flannel", {"ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1-flannel3"}),
    ],
)
def test_images_are_those_of_the_version(argument, images):
    wish = parse_wish(argument)
    assert images <= set(make_plan(wish, *find_recipe(wish.recipe), base_config()).images)


@pytest.mark.parametrize("name", sorted(CNIS - {"none"}))
def test_gotchas_and_signs_are_cited(name):
    recipe, _ = find_recipe(name)
    assert recipe.gotchas
    assert all(each.known and each.handled and each.source for each in recipe.gotchas)


@pytest.mark.parametrize("name", sorted(CNIS - {"none"}))
def test_the_identifier_knows_what_a_recipe_waits_for(name):
    """The DaemonSets of a recipe are among the marks by which netprobe identify knows CNIs."""
    marks = repr(FINGERPRINTS)
    recipe, _ = find_recipe(name)
    workloads = [each.daemonset.partition("/")[2] for each in recipe.ready if each.daemonset]
    assert workloads
    assert all(f"'{each}'" in marks or f'"{each}"' in marks for each in workloads)


GOOD = "recipe: 1\nname: mine\ntitle: Mine\nsteps:\n- apply: [./mine.yaml]\n"


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems_of(path):
    with pytest.raises(InputError) as caught:
        read_recipe(path)
    return [str(problem).removeprefix(str(path)) for problem in caught.value.problems]


def test_a_recipe_of_a_user_is_found_by_its_path(written):
    path = written(GOOD)
    recipe, folder = find_recipe(str(path))
    assert (recipe.title, folder) == ("Mine", path.parent)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ": a recipe is one document; this is empty"),
        (f"{GOOD}---\nx: 1\n", ": a recipe is one document; this holds more than one document"),
        (f"{GOOD}redy: []\n", ':6:1: unknown key "redy"; did you mean "ready"?'),
        (
            "name: mine\ntitle: t\n",
            ":1:1: recipe is missing; write recipe: 1 at the top, the version of this format",
        ),
        (GOOD.replace("recipe: 1", "recipe: 2"), ":1:9: recipe: must be 1, not the number 2"),
        (GOOD.replace("mine\n", "My CNI\n"), ':2:7: name: "My CNI" must be lowercase letters'),
        (f"{GOOD}deadline: soon\n", ':6:11: deadline: must be a whole number, not the string "soon"'),
        (
            f"{GOOD}versions: [1.2]\n",
            ":6:12: versions[0]: must be a string, not the number 1.2; put it in quotes",
        ),
        (
            f"{GOOD}ready: [{{daemonset: calico-node}}]\n",
            ':6:21: ready[0].daemonset: "calico-node" is not NAMESPACE/NAME',
        ),
        (
            f"{GOOD}ready: [{{}}]\n",
            ":6:9: ready[0]: give exactly one of daemonset, deployment, crd, resource",
        ),
        (f"{GOOD}ready: [{{resource: a/b}}]\n", ":6:9: ready[0]: resource and condition belong together"),
        (f"{GOOD}- objects: []\n", ":6:3: steps[1]: give exactly one of apply, objects, helm"),
        (
            f"{GOOD}- objects: [{{a: b}}]\n  images: [{{name: a, tag: b}}]\n",
            "steps[1]: images and patches belong to apply",
        ),
        (
            f"{GOOD}images: ['a:${{verson}}']\n",
            ':6:10: there is no variable ${verson}; did you mean "version"?',
        ),
        (f"{GOOD}lacks: {{stcp: no}}\n", "put it in quotes"),
        (
            f"{GOOD}lacks: {{stcp: never}}\n",
            ':6:9: "stcp" is nothing that a scenario requires; did you mean "sctp"?',
        ),
        (
            f"{GOOD}cluster: {{families: [ipv5]}}\n",
            ":6:22: cluster.families[0]: must be 'ipv4', 'ipv6' or 'dual'",
        ),
        (f"{GOOD}cluster: {{kind: new}}\n", '"new" is not a version such as 0.24'),
        ("a: [\n", ":2:1: "),
    ],
)
def test_a_wrong_recipe_is_told_with_its_place(written, text, problem):
    found = problems_of(written(text))
    assert any(problem in each for each in found), found


def test_all_problems_are_told_at_once(written):
    assert len(problems_of(written(f"{GOOD}deadline: 1\nredy: []\nimages: x\n"))) == 3


def test_a_recipe_that_cannot_be_read_is_wrong_input(tmp_path):
    with pytest.raises(InputError, match="No such file"):
        find_recipe(str(tmp_path / "none.yaml"))
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        find_recipe(str(tmp_path / "bytes.yaml"))
