"""Workloads by which a CNI is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netprobe.cluster.identity.objects import Container, containers_of, name_of, title
from netprobe.cluster.port import Body, Signs
from netprobe.model.identification import Evidence


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """A DaemonSet (or Deployment) that has one of ``names``, or a container with one of ``images``.

    ``images`` are the ends of image repositories, so that mirrors match. ``container``: it also has a
    container of this name. ``home`` is the namespace where it is looked for when not all may be listed.
    """

    names: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    container: str = ""
    kind: str = "DaemonSet"
    home: str = "kube-system"

    def __str__(self) -> str:
        """The mark in words."""
        ways = [f"named {' or '.join(self.names)}"] if self.names else []
        ways += [f"with image …{' or …'.join(self.images)}"] if self.images else []
        also = f", with container {self.container}" if self.container else ""
        return f"{self.kind} {', or '.join(ways)}{also}"

    def find(self, signs: Signs) -> tuple[Evidence, ...]:
        """The workloads that match."""
        return tuple(self._evidence(body) for body in self.matches(signs))

    def matches(self, signs: Signs) -> Iterator[Body]:
        """The objects that match."""
        for body in (signs.daemon_sets or ()) if self.kind == "DaemonSet" else signs.deployments:
            containers = tuple(containers_of(body))
            is_named = name_of(body) in self.names
            has_container = not self.container or any(each.name == self.container for each in containers)
            if has_container and (is_named or any(map(self._is_mine, containers))):
                yield body

    def main_container(self, body: Body) -> Container | None:
        """The container that the mark is about: the one with the image, the one of the name, or the first."""
        containers = tuple(containers_of(body))
        named = (each for each in containers if self.container and each.name == self.container)
        return next(iter((*filter(self._is_mine, containers), *named, *containers)), None)

    def _is_mine(self, container: Container) -> bool:
        repository = f"/{container.repository}"
        return any(repository.endswith(f"/{image}") for image in self.images)

    def _evidence(self, body: Body) -> Evidence:
        container = self.main_container(body)
        if container is None:
            return Evidence(where=title(body))
        return Evidence(where=title(body), what=f"container {container.name}, image {container.image}")
