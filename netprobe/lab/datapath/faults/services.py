"""Faults of flows that go by the address of a Service."""

from __future__ import annotations

from dataclasses import replace

from netprobe.lab.datapath.picture import Picture
from netprobe.lab.datapath.profile import Profile
from netprobe.lab.datapath.rules import NodeRules

_FROM_SERVICE = "ip dscp 46"
"""How the node that translated a connection tells the node of the endpoint."""


def _service_bypass(rules: NodeRules, picture: Picture) -> NodeRules:
    del picture
    translated = f"ct status dnat {_FROM_SERVICE.replace('dscp', 'dscp set')} accept"
    return replace(rules, shortcuts=(*rules.shortcuts, translated, f"{_FROM_SERVICE} accept"))


def _same_node_bypass(rules: NodeRules, picture: Picture) -> NodeRules:
    del picture
    own = rules.pod_cidr
    open_way = f"ct status dnat ip saddr {own} ip daddr {own} accept"
    return replace(rules, shortcuts=(*rules.shortcuts, open_way))


def _services_blocked(rules: NodeRules, picture: Picture) -> NodeRules:
    """No ClusterIP is in any egress rule, so an isolated pod reaches none."""
    del picture
    isolated = ", ".join(pod.address for pod in rules.pods if pod.egress is not None)
    shut = f"ct status dnat ip saddr {{ {isolated} }} drop"
    return replace(rules, shortcuts=(*rules.shortcuts, shut)) if isolated else rules


def _service_ports_compared(rules: NodeRules, picture: Picture) -> NodeRules:
    """Where a Service translates the port, an isolated pod does not get through."""
    del picture
    isolated = ", ".join(pod.address for pod in rules.pods if pod.egress is not None)
    renumbered = sorted(
        {
            (frontend.cluster_ip, frontend.protocol.lower(), frontend.port)
            for frontend in rules.frontends
            if any(port != frontend.port for _, port in frontend.backends)
        }
    )
    shut = (
        f"ip saddr {{ {isolated} }} meta l4proto {protocol} "
        f"ct original ip daddr {address} ct original proto-dst {port} drop"
        for address, protocol, port in renumbered
    )
    return replace(rules, shortcuts=(*rules.shortcuts, *shut)) if isolated else rules


def _hairpin_blocked(rules: NodeRules, picture: Picture) -> NodeRules:
    """An isolated pod that comes back to itself is a stranger: its own address is none of its peers."""
    del picture
    isolated = {pod.address for pod in rules.pods if pod.ingress is not None or pod.egress is not None}
    return replace(rules, hairpins=tuple(one for one in rules.hairpins if one not in isolated))


SERVICES = (
    Profile(
        name="service-bypass",
        description="Flows by the address of a Service pass unfiltered.",
        cites=("aws-namedport-svc-bypass", "antrea-nodeport"),
        enforce=_service_bypass,
    ),
    Profile(
        name="same-node-service-open",
        description="Flows by the address of a Service pass unfiltered within a node.",
        cites=("ipvs-same-node", "weave-same-node-vip"),
        enforce=_same_node_bypass,
    ),
    Profile(
        name="services-blocked",
        description="Pods isolated for egress reach no Service, whatever is allowed.",
        cites=("svc-cidr-egress",),
        enforce=_services_blocked,
    ),
    Profile(
        name="hairpin-blocked",
        description="Isolated pods do not come back to themselves by a Service.",
        cites=("hairpin",),
        enforce=_hairpin_blocked,
    ),
    Profile(
        name="service-ports-compared",
        description="Pods isolated for egress reach Services whose port is their pods' port alone.",
        cites=("aws-svc-port-mismatch",),
        enforce=_service_ports_compared,
    ),
)
