"""From a wish and a recipe to what will be made: names, configuration, steps, conditions (no I/O)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from netprobe.cluster.providers.kind.base import kind_config
from netprobe.cluster.providers.kind.recipe import Family, Patch, Proxy, Ready, RecipeFile, Step
from netprobe.cluster.providers.kind.texts import filled
from netprobe.cluster.providers.kind.wish import Wish
from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean

PREFIX = "netprobe-"
"""How the names of all kind clusters of netprobe begin."""

RECIPE_LABEL = "netprobe.io/kind-recipe"
"""The label on every node of such a cluster; its value is the plan's digest."""

Word = TypeVar("Word", Family, Proxy)

COREDNS = Ready(deployment="kube-system/coredns")


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """A cluster to be made. All texts of the recipe are filled in, steps that do not apply left out.

    ``version`` is "" for a CNI that has none here; ``digest`` stands for all that makes it what it is.
    ``folder`` is the recipe's.
    """

    recipe: RecipeFile
    folder: Path
    cluster: str
    version: str
    family: Family
    proxy: Proxy
    digest: str
    config: Mapping[str, Any]
    steps: tuple[Step, ...]
    ready: tuple[Ready, ...]
    images: tuple[str, ...]

    @property
    def title(self) -> str:
        """The CNI as reports call it: ``Calico v3.32.1 (manifest)``."""
        version = f" {self.version}" if self.version else ""
        variant = f" ({self.recipe.variant})" if self.recipe.variant else ""
        return f"{self.recipe.title}{version}{variant}"

    @property
    def control_plane(self) -> str:
        """The name of the first node."""
        return f"{self.cluster}-control-plane"


def make_plan(wish: Wish, recipe: RecipeFile, folder: Path, base: Mapping[str, Any]) -> Plan:
    """Settle everything that the wish leaves open; raises InputError for what the recipe cannot do."""
    version = _version(wish, recipe)
    shape = recipe.cluster
    family = _choice(wish.family, shape.families, "the IP family", recipe)
    proxy = _choice(wish.proxy, shape.proxies, "kube-proxy in mode", recipe)
    digest = _digest(recipe, base, version, family, proxy, wish.node)
    cluster = PREFIX + (wish.name or f"{recipe.name}-{digest[:6]}")
    variables = {
        "version": version,
        "number": version.removeprefix("v"),
        "cluster": cluster,
        "control-plane": f"{cluster}-control-plane",
        "pod-subnet-v4": shape.pod_subnet.ipv4,
        "pod-subnet-v6": shape.pod_subnet.ipv6,
    }
    variables |= {each.name: each.text(version, proxy) for each in recipe.variables}
    steps = tuple(
        _step(each, variables, family, proxy) for each in recipe.steps if each.when.holds(family, proxy)
    )
    return Plan(
        recipe=recipe,
        folder=folder,
        cluster=cluster,
        version=version,
        family=family,
        proxy=proxy,
        digest=digest,
        config=kind_config(
            base, shape, family=family, proxy=proxy, node=wish.node, labels={RECIPE_LABEL: digest}
        ),
        steps=steps,
        ready=_conditions(recipe, variables),
        images=tuple(dict.fromkeys(filled(each, variables) for each in recipe.images)),
    )


def _version(wish: Wish, recipe: RecipeFile) -> str:
    if not recipe.versions:
        if wish.version:
            raise InputError(
                f"{recipe.name} has no version to choose: it is part of the node image",
                remedy="choose the node image, with node=v1.34.0, or another kind",
            )
        return ""
    if not wish.version:
        return recipe.versions[0]
    spelled = {each.removeprefix("v"): each for each in recipe.versions}
    known = spelled.get(wish.version.removeprefix("v"))
    if known is None:
        near = did_you_mean(wish.version, recipe.versions)
        raise InputError(
            f'the recipe {recipe.name} does not know the version "{wish.version}"'
            + (f"; {near}" if near else ""),
            remedy=f"it knows {', '.join(recipe.versions)}; for another one write a recipe of your own",
        )
    return known


def _choice(wanted: Word | None, known: list[Word], what: str, recipe: RecipeFile) -> Word:
    if wanted is None:
        return known[0]
    if wanted not in known:
        raise InputError(
            f"the recipe {recipe.name} does not do {what} {wanted}", remedy=f"it does {', '.join(known)}"
        )
    return wanted


def _conditions(recipe: RecipeFile, variables: Mapping[str, str]) -> tuple[Ready, ...]:
    """The recipe's own, and CoreDNS, which starts when pods get a network; none for a bare cluster."""
    if recipe.cluster.bare:
        return ()
    own = [Ready.model_validate(filled(each.model_dump(), variables)) for each in recipe.ready]
    return (*own, COREDNS)


def _digest(recipe: RecipeFile, base: Mapping[str, Any], *more: str) -> str:
    """Ten hexadecimal digits of all that decides what the cluster becomes."""
    said = recipe.model_dump(
        mode="json", exclude={"about", "notes", "gotchas", "signs", "images", "deadline", "versions"}
    )
    text = json.dumps([said, base, *more], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _step(step: Step, variables: Mapping[str, str], family: Family, proxy: Proxy) -> Step:
    """The step with its texts filled in, only the patches that apply, and the chart's values merged."""
    body = filled(step.model_dump(by_alias=True), variables)
    patches = [
        patch
        for patch, own in zip(body["patches"], step.patches, strict=True)
        if own.when.holds(family, proxy)
    ]
    body["patches"] = [Patch.model_validate(each) for each in patches]
    if step.helm is not None:
        for overlay, own in zip(body["helm"]["overlays"], step.helm.overlays, strict=True):
            if own.when.holds(family, proxy):
                body["helm"]["values"] = merged(body["helm"]["values"], overlay["values"])
        body["helm"]["overlays"] = []
    return Step.model_validate(body)


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two trees of values in one; where both have a value that is no tree, that of ``above`` counts."""
    result = dict(below)
    for key, value in above.items():
        present = result.get(key)
        if isinstance(present, Mapping) and isinstance(value, Mapping):
            result[key] = merged(present, value)
        else:
            result[key] = value
    return result
