"""The truth table with equal pods folded together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netprobe.model.flow import PodRef
from netprobe.model.matrix import OTHER_PORTS, Matrix, MatrixColumn, PodGroup
from netprobe.model.protocol import Protocol
from netprobe.model.topology import Pod
from netprobe.oracle.table.bits import Bits
from netprobe.oracle.table.table import Port, TruthTable


def fold(table: TruthTable, more_ports: Iterable[Port] = ()) -> Matrix:
    """Return the table over groups of pods, in the order of their names.

    Columns are the ports that the pods declare (for pods without: those that rules about them name, and
    one that none names) and ``more_ports``, which are asked of every pod.
    """
    more = tuple(more_ports)
    ports = [_ports(table, number, more) for number in range(len(table.classes))]
    columns = {
        (number, port): table.column(number, *port)
        for number, several in enumerate(ports)
        for port in several
    }
    groups = _groups(table, ports, columns)
    order = {number: place for place, members in enumerate(groups) for number in members}
    masks = [1 << members[0] for members in groups]
    return Matrix(
        groups=tuple(PodGroup(pods=_refs(table, members)) for members in groups),
        columns=tuple(
            MatrixColumn(
                group=order[members[0]],
                port=port[0],
                protocol=port[1],
                allow=_over(columns[members[0], port].allow, masks),
                maybe=_over(columns[members[0], port].maybe, masks),
            )
            for members in groups
            for port in ports[members[0]]
        ),
    )


def ref_of(pod: Pod) -> PodRef:
    """Return the stable name of a pod."""
    return PodRef(namespace=pod.namespace, workload=pod.workload or pod.name, index=pod.index)


def _ports(table: TruthTable, number: int, more: tuple[Port, ...]) -> tuple[Port, ...]:
    found = table.ports(number)
    if not table.classes[number].first.ports:
        found = (*found, (OTHER_PORTS, Protocol.TCP))
    return tuple(dict.fromkeys((*found, *more)))


def _groups(
    table: TruthTable, ports: Sequence[tuple[Port, ...]], columns: dict[tuple[int, Port], Bits]
) -> list[list[int]]:
    """Put classes together that are alike as sources (their bit in every column) and as destinations."""
    count = len(table.classes)
    patterns = {bits for column in columns.values() for bits in (column.allow, column.maybe)}
    rows = list(zip(*(_text(bits, count) for bits in patterns), strict=True)) or [()] * count
    found: dict[object, list[int]] = {}
    for number in range(count):
        own = tuple((port, columns[number, port]) for port in ports[number])
        found.setdefault((rows[number], own), []).append(number)
    return sorted(found.values(), key=lambda members: _refs(table, members)[0])


def _text(bits: int, count: int) -> str:
    """The bits as text, lowest first."""
    return bin(bits)[:1:-1].ljust(count, "0")


def _over(bits: int, masks: Sequence[int]) -> int:
    """The set of classes as a set of groups, of which any class tells."""
    return sum(1 << place for place, mask in enumerate(masks) if bits & mask)


def _refs(table: TruthTable, members: Iterable[int]) -> tuple[PodRef, ...]:
    return tuple(sorted(ref_of(pod) for number in members for pod in table.classes[number].pods))
