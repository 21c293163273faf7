"""IBM's network-config-analyzer as a second engine, in this process.

It is asked through the classes behind its command line: finders that take parsed objects, and the
allowed connections of a configuration, which it keeps as boxes (sources, destinations, protocols, ports).
"""

from __future__ import annotations

import contextlib
import io
import ipaddress
import sys
import warnings
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from netprobe.model.protocol import Protocol
from tests.oracle.cluster import Body, Cluster, Point, name_of

FOLDER = Path(sys.prefix, "second-engine")
if not FOLDER.is_dir():
    raise RuntimeError("the second engine is not installed: run .ci/setup test")
sys.path.append(str(FOLDER))  # last, so that what both hold is taken from the environment


class Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)


# It warns on both streams whatever its logger is told, and keeps the stderr that it finds when imported.
with warnings.catch_warnings(), contextlib.redirect_stderr(Nowhere()):
    warnings.simplefilter("ignore")
    from nca.CoreDS.Peer import BasePeerSet
    from nca.NetworkConfig.NetworkConfig import NetworkConfig
    from nca.NetworkConfig.PeerContainer import PeerContainer
    from nca.NetworkConfig.PoliciesFinder import PoliciesFinder
    from nca.NetworkConfig.TopologyObjectsFinder import NamespacesFinder, PodsFinder
    from nca.Resources.PolicyResources.NetworkPolicy import PolicyConnectionsFilter
    from nca.Utils.NcaLogger import NcaLogger

NUMBERS = {Protocol.TCP: 6, Protocol.UDP: 17, Protocol.SCTP: 132}

NcaLogger().mute()
NcaLogger().dont_collect_msgs()


def allowed(cluster: Cluster) -> set[Point]:
    """Return every point that the second engine allows. Raises SyntaxError for a policy that it refuses."""
    with contextlib.redirect_stdout(Nowhere()):
        config = _config(cluster)
        only = PolicyConnectionsFilter.only_all_allowed_connections()
        connections = config.allowed_connections(res_conns_filter=only).all_allowed_conns
        ends = _ends(cluster)
        return {
            point
            for box in connections
            for point in _points(dict(zip(connections.active_dimensions, box, strict=True)), ends, cluster)
        }


def _config(cluster: Cluster) -> NetworkConfig:
    BasePeerSet.reset()  # which otherwise keeps the pods of earlier clusters, and their port names
    namespaces = NamespacesFinder()
    for body in cluster.namespaces:
        namespaces.parse_yaml_code_for_ns(body)
    pods = PodsFinder()
    pods.namespaces_finder = namespaces
    for body in cluster.pods:
        pods.add_eps_from_yaml(body)
    peers = PeerContainer(pods.peer_set, namespaces.namespaces, [], pods.representative_peers)
    policies = PoliciesFinder()
    policies.set_peer_container(peers)
    for body in cluster.policies:
        policies.parse_yaml_code_for_policy(body, "policies")
    policies.parse_policies_in_parse_queue()
    return NetworkConfig("cluster", peers, policies)


def _points(box, ends: dict[str, int], cluster: Cluster) -> Iterator[Point]:
    """The points of a box; a dimension that it does not have holds everything."""
    assert set(box) <= {"src_peers", "dst_peers", "protocols", "dst_ports"}

    def inside(dimension, numbers):
        return [key for key, number in numbers.items() if dimension not in box or number in box[dimension]]

    yield from product(
        inside("src_peers", ends),
        inside("dst_peers", ends),
        inside("protocols", NUMBERS),
        inside("dst_ports", {number: number for number in cluster.ports}),
    )


def _ends(cluster: Cluster) -> dict[str, int]:
    """Return the number that the engine gives each pod and each address."""
    base = BasePeerSet()
    order = {pod.full_name(): number for number, pod in enumerate(base.ordered_peer_list)}
    numbers = {name_of(body): base.min_pod_index + order[name_of(body)] for body in cluster.pods}
    for address in cluster.externals:
        parsed = ipaddress.ip_address(address)
        first = base.min_ipv4_index if parsed.version == 4 else base.min_ipv6_index
        numbers[address] = first + int(parsed)
    return numbers


def acceptable(policy: Body) -> Body:
    """Return a policy of the same meaning that the engine does not refuse (see ``REFUSED``)."""
    spec = {"podSelector": {}} | policy["spec"]
    if types := spec.get("policyTypes"):
        spec["policyTypes"] = sorted(types, reverse=True)
        spec = {key: value for key, value in spec.items() if key not in RULES or RULES[key] in types}
    return policy | {"spec": spec}


RULES = {"ingress": "Ingress", "egress": "Egress"}
REFUSED = {
    "no podSelector, which selects every pod": {"policyTypes": ["Ingress"]},
    "Egress before Ingress": {"podSelector": {}, "policyTypes": ["Egress", "Ingress"]},
    "rules of a direction that policyTypes leaves out, which are without effect": {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "ingress": [{}],
    },
}
