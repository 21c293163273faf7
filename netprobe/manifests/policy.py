"""networking.k8s.io/v1 NetworkPolicy from plain data: refused and defaulted as an API server (1.36) does."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.errors import InputError
from netprobe.manifests.cursor import Cursor, cursor, did_you_mean, named
from netprobe.manifests.document import Document, Places
from netprobe.manifests.metadata import decode_metadata, decode_type
from netprobe.manifests.policy_peers import decode_peer
from netprobe.manifests.policy_ports import decode_port
from netprobe.manifests.selector import decode_selector
from netprobe.model.inventory import Remark, RemarkCode
from netprobe.model.place import Problem
from netprobe.model.policy import Direction, LabelSelector, NetworkPolicy, Rule

API_VERSION = "networking.k8s.io/v1"


def decode_policy(
    document: Document,
    problems: list[Problem],
    *,
    default_namespace: str = "default",
    remarks: list[Remark] | None = None,
) -> NetworkPolicy | None:
    """Read a NetworkPolicy from a file; None when it cannot be used, and then ``problems`` has grown.

    With ``remarks``, what only some versions of the API server refuse goes there.
    """
    return read_policy(cursor(document, problems, remarks=remarks), default_namespace)


def decode_policy_body(body: Mapping[str, object], *, file: str = "<cluster>") -> NetworkPolicy:
    """Read a NetworkPolicy that an API server gave us, which may be older or newer than this page.

    So unknown fields and host bits in a CIDR pass here. Raises InputError for what no server stores.
    """
    problems: list[Problem] = []
    document = Document(body=dict(body), places=Places(file=file))
    policy = read_policy(cursor(document, problems, strict=False), "default")
    if policy is None:
        raise InputError(f"this NetworkPolicy cannot be understood: {problems[0]}", problems=problems)
    return policy


def read_policy(top: Cursor, default_namespace: str) -> NetworkPolicy | None:
    """Read a NetworkPolicy from the top of its document; None, with problems, when it cannot be used."""
    before = len(top.problems)
    if not decode_type(top, API_VERSION, "NetworkPolicy"):
        return None
    top.keys(("apiVersion", "kind", "metadata", "spec", "status"))
    metadata = decode_metadata(top)
    spec = top.mapping("spec", required=True)
    if spec is None:
        return None
    spec.keys(("podSelector", "policyTypes", "ingress", "egress"))
    pod_selector = decode_selector(spec, "podSelector")
    ingress = _rules(spec, "ingress", "from")
    egress = _rules(spec, "egress", "to")
    types = _policy_types(spec, egress)
    if metadata is None or len(top.problems) > before:
        return None
    return NetworkPolicy(
        namespace=metadata.namespace or default_namespace,
        name=metadata.name,
        # An absent podSelector is stored as the empty one, which selects every pod.
        pod_selector=LabelSelector() if pod_selector is None else pod_selector,
        policy_types=types,
        ingress=ingress,
        egress=egress,
        place=top.place,
    )


def _policy_types(spec: Cursor, egress: tuple[Rule, ...] | None) -> frozenset[Direction]:
    """Read policyTypes. Absent or empty: Ingress always, and Egress when there is an egress rule."""
    written = spec.items("policyTypes") or ()
    if not written:
        return frozenset(Direction) if egress else frozenset((Direction.INGRESS,))
    if len(written) > 2:
        spec.complain("has more than two entries", key="policyTypes")
    types = (_direction(item) for item in written)
    return frozenset(found for found in types if found is not None)


def _direction(item: Cursor) -> Direction | None:
    if isinstance(item.value, str) and item.value in tuple(Direction):
        return Direction(item.value)
    hint = did_you_mean(str(item.value), Direction)
    item.complain(f"{named(item.value)} is neither Ingress nor Egress", hint=hint)
    return None


def _rules(spec: Cursor, key: str, peers_key: str) -> tuple[Rule, ...] | None:
    items = spec.items(key)
    return None if items is None else tuple(_rule(item, peers_key) for item in items)


def _rule(item: Cursor, peers_key: str) -> Rule:
    # An empty item ("-" alone) is a rule without peers and ports, which admits everything.
    if item.value is None or not item.is_mapping():
        return Rule(place=item.place)
    other_key = "to" if peers_key == "from" else "from"
    if other_key in item.value:
        direction = "ingress" if peers_key == "from" else "egress"
        message = f'an {direction} rule has "{peers_key}", not "{other_key}"'
        item.doubt(RemarkCode.UNKNOWN_FIELD, message, key=other_key)
    item.keys((peers_key, "ports", other_key))
    peers = item.items(peers_key)
    ports = item.items("ports")
    return Rule(
        peers=None if peers is None else tuple(decode_peer(peer) for peer in peers),
        ports=None if ports is None else tuple(decode_port(port) for port in ports),
        place=item.place,
    )
