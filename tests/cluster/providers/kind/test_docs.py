"""docs/kind.md says of every recipe what it is, and its example is a recipe."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netprobe.cluster.providers.kind.plan import make_plan
from netprobe.cluster.providers.kind.recipe import RecipeFile
from netprobe.cluster.providers.kind.recipes import built_in, find_recipe, read_recipe
from netprobe.cluster.providers.kind.wish import Wish

PAGE = (Path(__file__).parents[4] / "docs" / "kind.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", built_in())
def test_the_table_has_the_row_of_the_recipe(name):
    recipe, _ = find_recipe(name)
    shape = recipe.cluster
    versions = ", ".join(recipe.versions) or "that of the node image"
    cells = [
        f"`{name}`",
        versions,
        ", ".join(shape.families),
        ", ".join(shape.proxies),
        shape.pod_subnet.ipv4,
    ]
    assert f"| {' | '.join(cells)} |\n" in PAGE


def test_the_example_is_a_recipe(tmp_path):
    example = next(each for each in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if "recipe: 1" in each)
    (tmp_path / "my-cni.yaml").write_text(example, encoding="utf-8")
    recipe = read_recipe(tmp_path / "my-cni.yaml")
    plan = make_plan(Wish(family="dual"), recipe, tmp_path, {"nodes": [{"role": "control-plane"}]})
    assert plan.title == "My CNI v1.2.0 (nightly)"
    assert plan.config["networking"]["podSubnet"] == "10.20.0.0/16,fd00:20::/56"


def test_every_key_of_a_recipe_is_explained():
    keys = {field.alias or name for name, field in RecipeFile.model_fields.items()}
    assert {key for key in keys if not re.search(rf"^{key}:|`{key}`", PAGE, re.MULTILINE)} == set()
