"""The rule that nearly admitted a denied contact: what a person who expected it to pass looks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from netprobe.model.decision import RuleRef
from netprobe.model.policy import Direction, IPBlock, LabelSelector, NetworkPolicy, Peer, Rule
from netprobe.model.topology import Pod
from netprobe.oracle.addresses import holds, in_cidr
from netprobe.oracle.contact import Contact, title
from netprobe.oracle.isolation import rules_of
from netprobe.oracle.peers import Directory, means_labels
from netprobe.oracle.ports import admits_port
from netprobe.oracle.selectors import missing
from netprobe.oracle.wording import labels_text, ports_text, requirement_text


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class _Miss:
    """How far a rule was from admitting (0 is nearest), and why it did not, as the end of a sentence."""

    distance: int
    why: str


class NearMisses:
    """Finds the nearest miss; remembers what it found out about a pod and the selectors of a peer."""

    def __init__(self, directory: Directory) -> None:
        """``directory`` and all policies must outlive this."""
        self._directory = directory
        self._known: dict[tuple[int, str, str, str], _Miss | None] = {}

    def find(
        self, policies: Sequence[NetworkPolicy], direction: Direction, contact: Contact
    ) -> RuleRef | None:
        """Return the rule that came nearest to admitting the contact, None if none came near.

        Its text says why it does not and, where the rule has several peers, which one is meant, as in
        the file.
        """
        best: _Miss | None = None
        which: tuple[NetworkPolicy, int] | None = None
        for policy in policies:
            for number, rule in enumerate(rules_of(policy, direction)):
                miss = self._miss(rule, direction, policy.namespace, contact)
                if miss is not None and (best is None or miss.distance < best.distance):
                    best, which = miss, (policy, number)
        if best is None or which is None:
            return None
        policy, number = which
        place = rules_of(policy, direction)[number].place
        return RuleRef(
            namespace=policy.namespace, policy=policy.name, rule=number, text=best.why, place=place
        )

    def _miss(self, rule: Rule, direction: Direction, home: str, contact: Contact) -> _Miss | None:
        if admits_port(rule.ports, contact.port, contact.protocol, contact.destination):
            misses = (
                self._peer_miss(peer, direction, home, contact, _path(rule, number, direction))
                for number, peer in enumerate(rule.peers or ())
            )
            return min((miss for miss in misses if miss is not None), default=None)
        remote = contact.remote(direction)
        if rule.peers and not any(self._means(peer, direction, home, contact) for peer in rule.peers):
            return None
        who = title(remote) if remote is not None else contact.remote_host(direction)
        port = f"{contact.protocol} {contact.port}"
        return _Miss(distance=0, why=f"admits {who}, but only on {ports_text(rule)}, not on {port}")

    def _means(self, peer: Peer, direction: Direction, home: str, contact: Contact) -> bool:
        remote = contact.remote(direction)
        if remote is not None:
            return self._directory.means(peer, home, remote)
        return peer.ip_block is not None and holds(peer.ip_block, contact.remote_address(direction))

    def _peer_miss(
        self, peer: Peer, direction: Direction, home: str, contact: Contact, path: str
    ) -> _Miss | None:
        if peer.ip_block is not None:
            return _block_miss(peer.ip_block, contact.remote_address(direction))
        pod = contact.remote(direction)
        if pod is None:
            return None
        key = (id(peer), home, pod.namespace, pod.name)
        if key not in self._known:
            self._known[key] = _selector_miss(peer, home, pod, self._directory)
        miss = self._known[key]
        return replace(miss, why=f"{path}{miss.why}") if miss is not None and path else miss


def _path(rule: Rule, number: int, direction: Direction) -> str:
    key = "from" if direction is Direction.INGRESS else "to"
    return f"{key}[{number}] " if len(rule.peers or ()) > 1 else ""


def _block_miss(block: IPBlock, address: str) -> _Miss | None:
    hole = next((hole for hole in block.excluded if in_cidr(hole, address)), None)
    if hole is None or not in_cidr(block.cidr, address):
        return None
    return _Miss(distance=1, why=f"admits {block.cidr}, but excepts {hole}, which holds {address}")


def _selector_miss(peer: Peer, home: str, pod: Pod, directory: Directory) -> _Miss | None:
    fits_namespace = directory.means_namespace(peer, home, pod)
    fits_labels = means_labels(peer, pod)
    if fits_labels and not fits_namespace:
        if peer.namespace_selector is None:
            why = (
                f"would admit {title(pod)} by its labels, but without a namespaceSelector it means "
                f"only pods of namespace {home}"
            )
        elif peer.pod_selector is not None and not is_empty(peer.pod_selector):
            why = _half(peer, pod, "second")
        else:
            lacks = _lacks(peer.namespace_selector, directory.labels(pod.namespace))
            why = f"would admit {title(pod)}, but namespace {pod.namespace} does not have {lacks}"
        return _Miss(distance=1, why=why)
    if fits_namespace and peer.pod_selector is not None and not fits_labels:
        if peer.namespace_selector is not None and not is_empty(peer.namespace_selector):
            return _Miss(distance=1, why=_half(peer, pod, "first"))
        lacks = _lacks(peer.pod_selector, pod.labels)
        return _Miss(
            distance=2, why=f"looks into namespace {pod.namespace}, but {title(pod)} does not have {lacks}"
        )
    return None


def _half(peer: Peer, pod: Pod, which: str) -> str:
    """Both selectors of one peer must fit (concept page, "Behavior of to and from selectors")."""
    assert peer.namespace_selector is not None
    assert peer.pod_selector is not None
    namespaces, pods = labels_text(peer.namespace_selector), labels_text(peer.pod_selector)
    return f"needs a namespace with {namespaces} AND a pod with {pods}; {title(pod)} has only the {which}"


def is_empty(selector: LabelSelector) -> bool:
    """Whether the selector selects everything."""
    return not selector.match_labels and not selector.match_expressions


def _lacks(selector: LabelSelector, labels: Mapping[str, str]) -> str:
    return " and ".join(requirement_text(requirement) for requirement in missing(selector, labels))
