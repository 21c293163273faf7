"""Plain objects of the API, as far as identification reads them. A part that is missing is empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.cluster.port import Body


def part(body: Any, *path: str) -> Mapping[str, Any]:
    """The mapping at a path of keys, {} when there is none."""
    for key in path:
        body = body.get(key) if isinstance(body, Mapping) else None
    return body if isinstance(body, Mapping) else {}


def title(body: Body) -> str:
    """``DaemonSet kube-system/aws-node``."""
    meta = part(body, "metadata")
    where = f"{meta['namespace']}/" if meta.get("namespace") else ""
    return f"{body.get('kind', 'object')} {where}{meta.get('name', '')}"


def name_of(body: Body) -> str:
    """The object's name."""
    return str(part(body, "metadata").get("name", ""))


def full_name(body: Body) -> str:
    """``namespace/name``."""
    return f"{part(body, 'metadata').get('namespace', '')}/{name_of(body)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Container:
    """A container of a workload; ``arguments`` are command and args."""

    name: str
    image: str
    arguments: tuple[str, ...]
    variables: Mapping[str, str]

    @property
    def repository(self) -> str:
        """The image without tag and digest."""
        return split_image(self.image)[0]

    @property
    def tag(self) -> str:
        """The image's tag, "" when it has none."""
        return split_image(self.image)[1]


def containers_of(workload: Body) -> Iterator[Container]:
    """The containers of a DaemonSet or Deployment, without those that only prepare."""
    for each in part(workload, "spec", "template", "spec").get("containers") or ():
        if isinstance(each, Mapping):
            yield Container(
                name=str(each.get("name", "")),
                image=str(each.get("image", "")),
                arguments=tuple(
                    str(word) for word in (*(each.get("command") or ()), *(each.get("args") or ()))
                ),
                variables={
                    str(variable.get("name")): str(variable.get("value", ""))
                    for variable in each.get("env") or ()
                    if isinstance(variable, Mapping)
                },
            )


def split_image(image: str) -> tuple[str, str]:
    """Split ``registry:5000/a/b:tag@sha256:…`` into repository and tag ("" when it has none)."""
    named = image.partition("@")[0]
    head, colon, tail = named.rpartition(":")
    return (head, tail) if colon and "/" not in tail else (named, "")


def flag_value(arguments: tuple[str, ...], flag: str) -> str | None:
    """What a flag is set to (``--flag=value``, ``--flag value``); "true" alone, None when it is not there."""
    for position, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if name != flag:
            continue
        if equals:
            return value
        following = arguments[position + 1 : position + 2]
        return following[0] if following and not following[0].startswith("-") else "true"
    return None
