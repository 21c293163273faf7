"""A matrix as sentences, for tables too large to be read: who reaches which ports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netprobe.model.flow import PodRef
from netprobe.model.matrix import Matrix, MatrixColumn
from netprobe.report.matrix.naming import port_of, title_of

MOST_CELLS = 2500
"""Above this size a table is told in sentences, unless everything is asked for."""

EVERYBODY = "everybody"
"""Who reaches what no policy restricts."""

_MOST_SOURCES = 12
_MOST_BUT = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """Ports that the same pods reach: ``who`` in words, and by namespace the ports with their workloads."""

    who: str
    ports: Mapping[str, tuple[str, ...]]


def is_large(matrix: Matrix) -> bool:
    """Whether a table of the matrix would be too large to be read."""
    return len(matrix.groups) * len(matrix.columns) > MOST_CELLS


def reaches(matrix: Matrix) -> Iterator[Reach]:
    """Tell who reaches what, in the order of the matrix; what everybody reaches comes last."""
    crowd = _Crowd(matrix)
    found: dict[str, dict[str, list[str]]] = {}
    for column in matrix.columns:
        ports = found.setdefault(crowd.words(column), {})
        for namespace, name in _workloads(matrix.groups[column.group].pods):
            ports.setdefault(namespace, []).append(f"{name}{port_of(column.port, column.protocol)}")
    for who, spaces in sorted(found.items(), key=lambda pair: pair[0] == EVERYBODY):
        yield Reach(who=who, ports={space: tuple(sorted(names)) for space, names in spaces.items()})


def _workloads(pods: tuple[PodRef, ...]) -> list[tuple[str, str]]:
    return sorted({(pod.namespace, pod.workload) for pod in pods})


class _Crowd:
    """All pods of a matrix by namespace, and words for parts of them."""

    def __init__(self, matrix: Matrix) -> None:
        self._matrix = matrix
        self._spaces: dict[str, set[PodRef]] = {}
        for group in matrix.groups:
            for pod in group.pods:
                self._spaces.setdefault(pod.namespace, set()).add(pod)

    def words(self, column: MatrixColumn) -> str:
        """Say who reaches the port: ``everybody``, ``every pod of shop but shop/web; perhaps lab/x``."""
        own = self._pods(1 << column.group) if self._matrix.groups[column.group].is_single else set()
        certain = self._pods(column.allow)
        perhaps = self._pods(column.maybe & ~column.allow) - own
        texts = [*self._texts(certain, own), *(f"perhaps {text}" for text in self._texts(perhaps, set()))]
        return "; ".join(texts) or "nobody"

    def _pods(self, groups: int) -> set[PodRef]:
        matrix = self._matrix
        return {pod for n, group in enumerate(matrix.groups) if groups >> n & 1 for pod in group.pods}

    def _texts(self, pods: set[PodRef], own: set[PodRef]) -> Iterator[str]:
        """Say which pods these are; ``own`` counts as among them, as it needs no permission."""
        if all(members <= pods | own for members in self._spaces.values()):
            yield EVERYBODY
            return
        names: list[PodRef] = []
        for namespace, members in self._spaces.items():
            inside, outside = members & (pods - own), members - pods - own
            if len(inside) > max(len(outside), 1) and len(outside) <= _MOST_BUT:
                but = f" but {title_of(sorted(outside), None)}" if outside else ""
                yield f"every pod of {namespace}{but}"
            else:
                names += inside
        if names:
            yield title_of(sorted(names), _MOST_SOURCES)
