"""NetworkPolicy as the Kubernetes API reference words it, with sets and nothing clever.

Reads plain API objects and knows nothing of netprobe. Every set is written out in full: the pods that a
policy selects, the (source, destination) pairs that a peer means, the (protocol, number) pairs that an
entry of ports means at a destination. Pods on the host network are outside of it.
"""

from __future__ import annotations

import ipaddress
from functools import cache

PROTOCOLS = ("TCP", "UDP", "SCTP")


def allowed(cluster, *, blocks_mean_pods):
    """Return every (source, destination, protocol, number) that may pass.

    ``blocks_mean_pods``: whether an ipBlock that holds a pod's address means the pod, too.
    """
    pods = {name_of(pod): pod for pod in cluster.pods if not has_ended(pod)}
    everything = {
        (source, destination, protocol, number)
        for source, destination in ends(cluster, pods)
        for protocol in PROTOCOLS
        for number in cluster.ports
    }
    out, into = set(), set()
    egress_isolated, ingress_isolated = set(), set()
    for policy in cluster.policies:
        spec = policy["spec"]
        rules = Rules(cluster, pods, policy, blocks_mean_pods=blocks_mean_pods)
        if "Egress" in policy_types(spec):
            egress_isolated |= rules.selected
            out |= {point for point in rules.admitted("egress", "to") if point[0] in rules.selected}
        if "Ingress" in policy_types(spec):
            ingress_isolated |= rules.selected
            into |= {point for point in rules.admitted("ingress", "from") if point[1] in rules.selected}
    # "By default, a pod is non-isolated for egress; all outbound connections are allowed." The same for
    # ingress. Policies have no say about what happens at a host outside.
    out |= {point for point in everything if point[0] not in egress_isolated}
    into |= {point for point in everything if point[1] not in ingress_isolated}
    # "a Pod cannot block access to itself"
    loops = {point for point in everything if point[0] == point[1]}
    # "both the egress policy on the source pod and the ingress policy on the destination pod need to allow
    # the connection"
    return (out & into) | loops


class Rules:
    """What one policy selects and admits."""

    def __init__(self, cluster, pods, policy, *, blocks_mean_pods):
        self.cluster = cluster
        self.pods = pods
        self.blocks_mean_pods = blocks_mean_pods
        self.namespaces = {labelled["metadata"]["name"]: labelled for labelled in cluster.namespaces}
        self.home = policy["metadata"]["namespace"]
        self.spec = policy["spec"]
        # podSelector: "selects the pods to which this NetworkPolicy object applies", in its own namespace;
        # "An empty podSelector matches all pods in this namespace".
        self.selected = {
            name
            for name, pod in pods.items()
            if pod["metadata"]["namespace"] == self.home
            and selects(self.spec.get("podSelector") or {}, labels_of(pod))
        }

    def admitted(self, direction, peers_key):
        """Return the union of the rules: the points that match both the peers and the ports of one."""
        found = set()
        for rule in self.spec.get(direction) or []:
            for source, destination in self.pairs(rule.get(peers_key), direction):
                for protocol, number in self.numbers(rule.get("ports"), destination):
                    found.add((source, destination, protocol, number))
        return found

    def pairs(self, peers, direction):
        """Return the union of the peers; none, or an empty list: all sources (destinations)."""
        everyone = ends(self.cluster, self.pods)
        if not peers:
            return everyone
        found = set()
        for peer in peers:
            if peer.get("ipBlock") is not None:
                found |= {pair for pair in everyone if self.is_in_block(peer["ipBlock"], direction, pair)}
            else:
                pods = self.selected_by(peer)
                found |= {pair for pair in everyone if remote_of(pair, direction) in pods}
        return found

    def selected_by(self, peer):
        """Return the pods that the selectors of a peer select.

        podSelector alone: "the pods matching podSelector in the policy's own namespace"; namespaceSelector
        alone: "all pods in the namespaces selected by namespaceSelector"; both: "the pods matching
        podSelector in the namespaces selected by namespaceSelector".
        """
        return {
            name
            for name, pod in self.pods.items()
            if self.is_namespace(peer.get("namespaceSelector"), pod["metadata"]["namespace"])
            and selects(peer.get("podSelector") or {}, labels_of(pod))
        }

    def is_namespace(self, selector, namespace):
        if selector is None:
            return namespace == self.home
        return selects(selector, labels_of(self.namespaces[namespace]))

    def is_in_block(self, block, direction, pair):
        remote = remote_of(pair, direction)
        if remote in self.pods and not self.blocks_mean_pods:
            return False
        return held(block, addresses_of(pair, self.pods)[0 if direction == "ingress" else 1])

    def numbers(self, entries, destination):
        """Return the union of the entries of ``ports``; none, or an empty list: all ports."""
        every = {(protocol, number) for protocol in PROTOCOLS for number in self.cluster.ports}
        if not entries:
            return every
        found = set()
        for entry in entries:
            found |= {pair for pair in every if pair[0] == (entry.get("protocol") or "TCP")} & (
                self.meant_by(entry, destination, every)
            )
        return found

    def meant_by(self, entry, destination, every):
        """port: a number, "or named port on a pod"; "If this field is not provided, this matches all"."""
        port = entry.get("port")
        if port is None:
            return every
        if isinstance(port, str):
            return {
                (protocol, number) for name, protocol, number in self.declared(destination) if name == port
            }
        return {pair for pair in every if port <= pair[1] <= (entry.get("endPort") or port)}

    def declared(self, destination):
        """Return (name, protocol, number) of every port of a pod; a host outside has none."""
        if destination not in self.pods:
            return set()
        return {
            (port.get("name"), port.get("protocol") or "TCP", port["containerPort"])
            for container in self.pods[destination]["spec"]["containers"]
            for port in container.get("ports") or []
        }


def ends(cluster, pods):
    """Return every (source, destination) of which one at least is a pod, and that share a family."""
    everyone = (*pods, *cluster.externals)
    pairs = {(one, other) for one in everyone for other in everyone if one in pods or other in pods}
    return {pair for pair in pairs if addresses_of(pair, pods)}


def addresses_of(pair, pods):
    """Return the addresses of both ends: the first of the destination whose family the source has."""
    own, others = (
        [parsed(entry["ip"]) for entry in pods[end]["status"]["podIPs"]] if end in pods else [parsed(end)]
        for end in pair
    )
    return next(((one, other) for other in others for one in own if one.version == other.version), None)


def policy_types(spec):
    """Default "based on the existence of ingress or egress rules": Ingress always, Egress with a rule."""
    written = spec.get("policyTypes")
    if written:
        return set(written)
    return {"Ingress", "Egress"} if spec.get("egress") else {"Ingress"}


def selects(selector, labels):
    """matchLabels and matchExpressions are ANDed; an empty selector matches all objects."""
    wanted = [
        {"key": key, "operator": "In", "values": [value]}
        for key, value in (selector.get("matchLabels") or {}).items()
    ]
    return all(meets(labels, one) for one in [*wanted, *(selector.get("matchExpressions") or [])])


def meets(labels, requirement):
    key, values = requirement["key"], requirement.get("values") or []
    return {
        "In": key in labels and labels[key] in values,
        "NotIn": key not in labels or labels[key] not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }[requirement["operator"]]


def held(block, address):
    """Inside ``cidr`` and in none of ``except``; an address of the other family is in no block."""
    holes = [network(hole) for hole in block.get("except") or []]
    return address in network(block["cidr"]) and not any(address in hole for hole in holes)


def remote_of(pair, direction):
    return pair[0] if direction == "ingress" else pair[1]


def has_ended(pod):
    """In these phases all containers have terminated: there is nobody to reach, or to be reached by."""
    return pod["status"]["phase"] in ("Succeeded", "Failed")


def name_of(pod):
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"


def labels_of(body):
    return body["metadata"].get("labels") or {}


parsed = cache(ipaddress.ip_address)
network = cache(ipaddress.ip_network)
