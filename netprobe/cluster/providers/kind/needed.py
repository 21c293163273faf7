"""The images that a kind cluster needs: of its nodes, and of its CNI."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from netprobe.cluster.providers.kind.base import base_config
from netprobe.cluster.providers.kind.plan import make_plan
from netprobe.cluster.providers.kind.programs import Programs
from netprobe.cluster.providers.kind.recipes import find_recipe
from netprobe.cluster.providers.kind.requirements import kind_version
from netprobe.cluster.providers.kind.wish import parse_wish
from netprobe.manifests.yaml_source import read_documents

_NODE_IMAGES = Path(__file__).with_name("node_images.yaml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Needed:
    """Images by name, with what each is for; ``remark`` says what could not be found out, "" else."""

    images: tuple[tuple[str, str], ...]
    remark: str = ""


def needed_images(argument: str) -> Needed:
    """The images of ``kind:ARGUMENT``; raises InputError for an argument or a recipe that is wrong."""
    wish = parse_wish(argument)
    plan = make_plan(wish, *find_recipe(wish.recipe), base_config())
    own = tuple((image, plan.title) for image in plan.images)
    if wish.node:
        return Needed(images=((wish.node, "nodes of kind"), *own))
    programs = Programs()
    if not programs.has("kind"):
        return Needed(
            images=own,
            remark="kind is not on PATH, so the image of its nodes is not listed; node=v1.34.0 names one",
        )
    version = kind_version(programs)
    image = node_images().get(version)
    if image is None:
        known = ", ".join(node_images())
        return Needed(
            images=own,
            remark=f"which image kind {version} makes nodes of is not known here (it is for {known})",
        )
    return Needed(images=((image, "nodes of kind"), *own))


def node_images() -> dict[str, str]:
    """The image of the nodes by the version of kind."""
    (document,) = read_documents(_NODE_IMAGES.read_text(encoding="utf-8"), str(_NODE_IMAGES))
    return {str(version): str(image) for version, image in document.body["images"].items()}
