"""The container images that netprobe needs, for places that cannot pull them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from netprobe.app.clusters import MADE, find_provider
from netprobe.app.late import load
from netprobe.scenario.dressing import DEFAULT_IMAGE

_NEEDED = {"kind": "netprobe.cluster.providers.kind.needed:needed_images"}
"""What lists the images of a kind of cluster that is made."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Image:
    """An image and what it is for."""

    name: str
    purpose: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Images:
    """Every image once, netprobe's own first; ``remarks`` tell what is missing in the list."""

    images: tuple[Image, ...]
    remarks: tuple[str, ...] = ()


def list_images(clusters: Sequence[str], own: str = "") -> Images:
    """The images for runs on these clusters; ``own`` is netprobe's image when it is not the built-in one.

    Raises InputError for a cluster or a recipe that is wrong.
    """
    found = [Image(name=own or DEFAULT_IMAGE, purpose="netprobe's pods")]
    remarks: list[str] = []
    for word in clusters:
        kind, _, argument = word.partition(":")
        find_provider(kind)
        if kind not in MADE:
            continue
        needed = load(_NEEDED[kind])(argument)
        found += [Image(name=name, purpose=purpose) for name, purpose in needed.images]
        remarks += [needed.remark] if needed.remark else []
    by_name: dict[str, Image] = {}
    for image in found:
        by_name.setdefault(image.name, image)
    return Images(images=tuple(by_name.values()), remarks=tuple(dict.fromkeys(remarks)))


def render_images(images: Sequence[Image], style: str) -> str:
    """One name a line (``text``), or JSON with what each is for (``json``)."""
    if style == "json":
        return json.dumps([{"image": image.name, "for": image.purpose} for image in images], indent=2) + "\n"
    return "".join(f"{image.name}\n" for image in images)
