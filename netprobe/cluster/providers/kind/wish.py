"""What the user asked for: the part after ``kind:``, ``CNI[@VERSION][,KEY=VALUE…]``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast, get_args

from netprobe.cluster.providers.kind.recipe import Family, Proxy
from netprobe.errors import InputError
from netprobe.manifests.cursor import did_you_mean
from netprobe.manifests.names import wrong_dns_label

DEFAULT = "kindnet"
"""The recipe of ``--cluster kind``: the CNI that kind brings."""

FORM = (
    "write kind[:CNI[@VERSION][,family=…][,proxy=…][,node=…][,name=…]], "
    "such as kind:calico-operator@v3.32.1,family=dual"
)
_KEYS = ("family", "proxy", "node", "name")
_LONGEST_NAME = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """``recipe`` is a built-in name or a path. What is "" or None is left to the recipe.

    ``node`` is the nodes' image, ``name`` stands in for the end of the cluster's name.
    """

    recipe: str = DEFAULT
    version: str = ""
    family: Family | None = None
    proxy: Proxy | None = None
    node: str = ""
    name: str = ""


def parse_wish(argument: str) -> Wish:
    """Read the argument; raises InputError with what is wrong in it."""
    head, *rest = argument.split(",")
    recipe, version = _split_version(head)
    options = dict(_option(each, argument) for each in rest)
    if len(options) < len(rest):
        raise InputError(f"kind:{argument} gives a key twice", remedy=FORM)
    name = options.get("name", "")
    if name and (wrong := wrong_dns_label(name)):
        raise InputError(f"the name of a kind cluster: {wrong}", remedy="choose another name=")
    if len(name) > _LONGEST_NAME:
        raise InputError(
            f'the name "{name}" of a kind cluster is too long',
            remedy=f"take at most {_LONGEST_NAME} characters: the nodes' names are made of it",
        )
    return Wish(
        recipe=recipe or DEFAULT,
        version=version,
        family=_family(options.get("family", "")),
        proxy=_proxy(options.get("proxy", "")),
        node=_image(options.get("node", "")),
        name=name,
    )


def is_path(recipe: str) -> bool:
    """Whether the word names a file and not a built-in recipe."""
    return "/" in recipe or recipe.endswith((".yaml", ".yml"))


def _split_version(head: str) -> tuple[str, str]:
    """Split at the last @ of the last part of a path, so that folders may hold one."""
    folder, slash, last = head.rpartition("/")
    name, at, version = last.partition("@")
    if at and not version:
        raise InputError(f"kind:{head} ends in @ without a version", remedy=FORM)
    return f"{folder}{slash}{name}", version


def _option(text: str, argument: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not value or key not in _KEYS:
        near = did_you_mean(key, _KEYS)
        raise InputError(
            f'kind:{argument} has "{text}", which is no option' + (f"; {near}" if near else ""), remedy=FORM
        )
    return key, value


def _family(word: str) -> Family | None:
    return cast("Family | None", _one_of(word, "IP family", get_args(Family)))


def _proxy(word: str) -> Proxy | None:
    return cast("Proxy | None", _one_of(word, "kube-proxy mode", get_args(Proxy)))


def _one_of(word: str, what: str, known: tuple[str, ...]) -> str | None:
    """The word itself, None for no word at all; raises InputError for one that is not known."""
    if word and word not in known:
        near = did_you_mean(word, known)
        raise InputError(
            f'there is no {what} "{word}"' + (f"; {near}" if near else ""), remedy=f"give {', '.join(known)}"
        )
    return word or None


def _image(word: str) -> str:
    """``node=v1.34.0`` is short for kind's image of that version."""
    bare = word.removeprefix("v")
    is_version = bare.replace(".", "").isdigit()
    return f"kindest/node:v{bare}" if word and is_version else word
