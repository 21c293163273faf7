"""Names for the groups of a matrix that fit the head of a column: their workloads, or a letter with a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from netprobe.model.flow import PodRef
from netprobe.model.matrix import Matrix, PodGroup
from netprobe.report.matrix.naming import SEVERAL, counted, label_of, members_of, namespace_of

_ROOM = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class GroupName:
    """A group's name where its namespace stands beside; ``letter`` is "" when the name says it all."""

    namespace: str
    name: str
    pods: tuple[PodRef, ...]
    letter: str = ""

    @property
    def label(self) -> str:
        """The name with the number of pods behind a letter."""
        return f"{self.name}: {counted(len(self.pods), 'pod')}" if self.letter else self.name

    @property
    def title(self) -> str:
        """The name where no namespace stands beside; a letter needs none."""
        return self.letter or f"{self.namespace}/{self.name}"


def name_groups(matrix: Matrix) -> tuple[GroupName, ...]:
    """Name the groups in their order; those of many workloads, or of several namespaces, get letters."""
    letters = _letters()
    return tuple(_named(group, letters) for group in matrix.groups)


def key_of(names: Sequence[GroupName]) -> Iterator[tuple[str, str]]:
    """Yield each letter with the workloads that it stands for."""
    return ((name.letter, members_of(name.pods)) for name in names if name.letter)


def _named(group: PodGroup, letters: Iterator[str]) -> GroupName:
    namespace, label = namespace_of(group.pods), label_of(group.pods)
    if namespace != SEVERAL and ("," not in label or len(label) <= _ROOM):
        return GroupName(namespace=namespace, name=label, pods=group.pods)
    letter = next(letters)
    return GroupName(namespace=namespace, name=letter, pods=group.pods, letter=letter)


def _letters() -> Iterator[str]:
    """A to Z, then AA to ZZ and so on."""
    words = [""]
    while True:
        words = [word + letter for word in words for letter in ascii_uppercase]
        yield from words
