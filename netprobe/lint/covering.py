"""Whether one selector, peer or port list means everything that another one means, now and in future.

What is said here holds for every pod and namespace there can ever be, so a rule that is covered can go.
A "no" only means that it could not be shown.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field

from netprobe.lint.bodies import by_name
from netprobe.model.policy import IPBlock, LabelSelector, Operator, Peer, PolicyPort, Requirement


@dataclass(kw_only=True, slots=True)
class _Asked:
    """What a selector asks of one label: ``values`` None is any, ``barred`` are those it refuses."""

    values: frozenset[str] | None = None
    barred: frozenset[str] = frozenset()
    present: bool = False
    absent: bool = False

    @property
    def possible(self) -> frozenset[str] | None:
        """The values that the label may have, None for any."""
        return None if self.values is None else self.values - self.barred

    @property
    def is_impossible(self) -> bool:
        """Whether no label can be so."""
        needs_it = self.present or self.values is not None
        return (needs_it and self.absent) or (self.values is not None and not self.possible)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    """A selector by label key."""

    keys: dict[str, _Asked] = field(default_factory=dict)

    def of(self, key: str) -> _Asked:
        """Return what is asked of a label."""
        return self.keys.get(key) or _Asked()


def is_impossible(selector: LabelSelector) -> bool:
    """Whether the selector contradicts itself, so that no labels can ever match it."""
    return any(asked.is_impossible for asked in _read(selector).keys.values())


def covers(wide: LabelSelector, narrow: LabelSelector) -> bool:
    """Whether all labels that ``narrow`` selects are selected by ``wide``, too."""
    reading = _read(narrow)
    return all(_is_met(each, reading) for each in _requirements(wide))


def covers_peer(wide: Peer, narrow: Peer, home: str) -> bool:
    """Whether everybody whom ``narrow`` means is meant by ``wide``, both in policies of ``home``."""
    if wide.ip_block is not None or narrow.ip_block is not None:
        return (
            wide.ip_block is not None
            and narrow.ip_block is not None
            and covers_block(wide.ip_block, narrow.ip_block)
        )
    # A namespace is the one of its name, and that label cannot be changed.
    namespaces = _namespaces(wide, home), _namespaces(narrow, home)
    pods = wide.pod_selector or LabelSelector(), narrow.pod_selector or LabelSelector()
    return covers(*namespaces) and covers(*pods)


def covers_block(wide: IPBlock, narrow: IPBlock) -> bool:
    """Whether ``wide`` holds every address that ``narrow`` holds."""
    inner = _network(narrow.cidr)
    if not _inside(inner, _network(wide.cidr)):
        return False
    holes = [_network(hole) for hole in narrow.excluded]
    for hole in map(_network, wide.excluded):
        cuts = hole.version == inner.version and hole.overlaps(inner)
        if cuts and not any(_inside(hole, other) for other in holes):
            return False
    return True


def covers_port(wide: PolicyPort | None, narrow: PolicyPort | None) -> bool:
    """Whether ``wide`` admits every port that ``narrow`` admits; None is every port of every protocol."""
    if wide is None:
        return True
    if narrow is None or wide.protocol is not narrow.protocol:
        return False
    if wide.port is None:
        return True
    if isinstance(wide.port, str) or not isinstance(narrow.port, int):
        return wide.port == narrow.port
    last, inner_last = wide.end_port or wide.port, narrow.end_port or narrow.port
    return wide.port <= narrow.port and inner_last <= last


def _namespaces(peer: Peer, home: str) -> LabelSelector:
    return by_name(home) if peer.namespace_selector is None else peer.namespace_selector


def _requirements(selector: LabelSelector) -> Sequence[Requirement]:
    labels = (
        Requirement(key=key, operator=Operator.IN, values=(value,))
        for key, value in selector.match_labels.items()
    )
    return (*labels, *selector.match_expressions)


def _read(selector: LabelSelector) -> _Reading:
    reading = _Reading()
    for each in _requirements(selector):
        asked = reading.keys.setdefault(each.key, _Asked())
        values = frozenset(each.values)
        match each.operator:
            case Operator.IN:
                asked.values = values if asked.values is None else asked.values & values
            case Operator.NOT_IN:
                asked.barred |= values
            case Operator.EXISTS:
                asked.present = True
            case Operator.DOES_NOT_EXIST:
                asked.absent = True
    return reading


def _is_met(requirement: Requirement, reading: _Reading) -> bool:
    """Whether whatever a selector selects meets the requirement."""
    asked, values = reading.of(requirement.key), frozenset(requirement.values)
    possible = asked.possible
    match requirement.operator:
        case Operator.IN:
            return possible is not None and possible <= values
        case Operator.EXISTS:
            return asked.present or possible is not None
        case Operator.DOES_NOT_EXIST:
            return asked.absent
        case Operator.NOT_IN:
            refused = possible is not None and not possible & values
            return asked.absent or refused or values <= asked.barred


def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(cidr, strict=False)


def _inside(
    inner: ipaddress.IPv4Network | ipaddress.IPv6Network, outer: ipaddress.IPv4Network | ipaddress.IPv6Network
) -> bool:
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner.subnet_of(outer)
    return False
