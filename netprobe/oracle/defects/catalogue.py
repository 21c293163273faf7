"""All named defects."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.oracle.defects import directions, exceptions, peers, ports, skipping
from netprobe.oracle.defects.defect import Defect
from netprobe.oracle.defects.rewriting import by_peer, by_port, by_rule, by_selector

_ALL = (
    Defect(
        name="nothing-enforced",
        says="accepts policies and enforces none of them",
        cites=(
            "flannel-noop",
            "dockerdesktop-noop",
            "minikube-bridge-noop",
            "kindnet-old-noop",
            "eks-default-off",
        ),
        reads=directions.nothing_enforced,
    ),
    Defect(
        name="ingress-ignored",
        says="does not isolate pods for ingress",
        cites=("azure-npm-namedport",),
        reads=directions.ingress_ignored,
    ),
    Defect(
        name="egress-ignored",
        says="does not isolate pods for egress",
        cites=("weave-no-egress",),
        reads=directions.egress_ignored,
    ),
    Defect(
        name="deny-all-ignored",
        says="does not isolate where a policy has no rules",
        cites=("eks-first-create-noop",),
        reads=directions.without_rules_ignored,
    ),
    Defect(
        name="deny-all-egress-ignored",
        says="does not isolate for egress where a policy has no egress rules",
        cites=("antrea-deny-all-egress",),
        reads=directions.egress_without_rules_ignored,
    ),
    Defect(
        name="ingress-isolates-egress",
        says="shuts egress of pods that a policy isolates for ingress alone",
        cites=("aws-v6-ingress-kills-egress", "kindnet-orbstack-ingress-breaks-egress"),
        reads=directions.ingress_isolates_egress,
    ),
    Defect(
        name="egress-open-inside",
        says="enforces egress rules towards addresses outside the cluster only",
        cites=("kuberouter-egress-incluster",),
        reads=directions.egress_open_inside,
    ),
    Defect(
        name="first-rule-only",
        says="looks at the first rule of a direction only",
        cites=("antrea-two-egress",),
        reads=directions.first_rule_only,
    ),
    Defect(
        name="absent-peers-admit-nobody",
        says="lets a rule without from (to) admit nobody instead of everybody",
        cites=("weave-nil-from",),
        reads=directions.empty_peers_admit_nobody,
    ),
    Defect(
        name="ports-ignored",
        says="lets rules admit every port",
        cites=("azure-npm-namedport", "cilium-default-port"),
        reads=by_rule(ports.ports_ignored),
    ),
    Defect(
        name="ports-beside-ipblock-ignored",
        says="lets rules admit every port to and from their ipBlocks",
        cites=("weave-ipblock-ignores-port",),
        reads=by_rule(ports.ports_beside_blocks_ignored),
    ),
    Defect(
        name="protocols-ignored",
        says="admits a port for every protocol",
        cites=("calico-default-tcp",),
        reads=by_port(ports.protocols_ignored),
    ),
    Defect(
        name="protocol-alone-ignored",
        says="lets a ports entry without a port number admit nothing",
        cites=("ovn-no-port-protocol",),
        reads=by_port(ports.protocol_alone_ignored),
    ),
    Defect(
        name="named-ports-ignored",
        says="lets port names admit nothing",
        cites=("weave-namedport", "aws-namedport-missing", "calico-sctp-namedport"),
        reads=by_port(ports.names_ignored),
    ),
    Defect(
        name="named-ports-open",
        says="lets port names admit every port of their protocol",
        cites=("azure-npm-namedport",),
        reads=by_port(ports.names_mean_every_port),
    ),
    Defect(
        name="named-ports-disable-policies",
        says="skips policies in which a port name occurs",
        cites=("kuberouter-namedport-skip",),
        reads=ports.names_disable_policies,
    ),
    Defect(
        name="endport-ignored",
        says="admits only the first port of a range",
        cites=("azure-endport", "cilium-endport", "kuberouter-endport-old"),
        reads=by_port(ports.end_port_ignored),
    ),
    Defect(
        name="sctp-disables-policies",
        says="does not isolate pods whose policies are about SCTP alone",
        cites=("sctp-gaps",),
        reads=ports.sctp_disables_policies,
    ),
    Defect(
        name="udp-open",
        says="lets all UDP through",
        cites=("windows-npm-gaps",),
        reads=ports.every_udp_port_admitted,
    ),
    Defect(
        name="peers-ignored",
        says="lets rules admit everybody on their ports",
        cites=("eks-unsupported-dropped",),
        reads=by_rule(peers.peers_ignored),
    ),
    Defect(
        name="peers-ored",
        says="reads two selectors of one peer as either instead of both",
        cites=("weave-ns-and-pod",),
        reads=by_peer(peers.selectors_ored),
    ),
    Defect(
        name="pods-ignored-beside-namespaces",
        says="does not look at a podSelector beside a namespaceSelector",
        cites=("weave-ns-and-pod",),
        reads=by_peer(peers.pods_ignored_beside_namespaces),
    ),
    Defect(
        name="namespaces-ignored-beside-pods",
        says="does not look at a namespaceSelector beside a podSelector",
        cites=("ovn-ns-label-change",),
        reads=by_peer(peers.namespaces_ignored_beside_pods),
    ),
    Defect(
        name="pod-selectors-cross-namespaces",
        says="reads a podSelector alone as pods of every namespace",
        cites=("aws-podid-collision",),
        reads=by_peer(peers.pods_of_every_namespace),
    ),
    Defect(
        name="same-selector-opens",
        says="reads ingress from the pods that a policy selects as ingress from everybody",
        cites=("weave-same-selectors",),
        reads=peers.own_selector_opens,
    ),
    Defect(
        name="namespace-selectors-ignored",
        says="lets peers with a namespaceSelector admit nobody",
        cites=("azure-ns-empty",),
        reads=by_peer(peers.namespaces_mean_nobody),
    ),
    Defect(
        name="first-peer-only",
        says="looks at the first peer of a rule only",
        cites=("antrea-two-egress",),
        reads=by_rule(peers.first_peer_only),
    ),
    Defect(
        name="expressions-ignored",
        says="does not look at matchExpressions",
        cites=("windows-npm-gaps",),
        reads=by_selector(peers.expressions_ignored),
    ),
    Defect(
        name="first-value-only",
        says="looks at the first value of In only",
        cites=("azure-expr-multi",),
        reads=by_selector(peers.first_value_only),
    ),
    Defect(
        name="negations-ignored",
        says="does not look at NotIn and DoesNotExist",
        cites=("windows-npm-gaps",),
        reads=by_selector(peers.negations_ignored),
    ),
    Defect(
        name="ipblock-ignored",
        says="lets ipBlocks admit nobody",
        cites=("single-family-engines",),
        reads=by_peer(peers.blocks_ignored),
    ),
    Defect(
        name="except-ignored",
        says="admits the exceptions of an ipBlock, too",
        cites=("eks-pod-missing-probes", "windows-npm-gaps"),
        reads=by_peer(peers.exceptions_ignored),
    ),
    Defect(
        name="except-disables-ipblock",
        says="lets ipBlocks with exceptions admit nobody",
        cites=("windows-npm-gaps",),
        reads=by_peer(peers.exceptions_disable_blocks),
    ),
    Defect(
        name="last-rule-for-a-block",
        says="knows a block of addresses for the last rule alone that has it",
        cites=("hostbits-cidr",),
        reads=peers.last_rule_for_a_block,
    ),
    Defect(
        name="except-as-deny",
        says="denies the exceptions of an ipBlock even where another rule admits them",
        cites=("ovn-except-as-deny", "kuberouter-nft-except", "antrea-overlap-cidr"),
        denies=exceptions.denied_first,
    ),
    Defect(
        name="same-node-open",
        says="lets flows between pods of one node through",
        cites=("antrea-intranode",),
        skips=skipping.on_one_node,
    ),
    Defect(
        name="cross-node-open",
        says="lets flows between nodes through",
        cites=("weave-remote-pods",),
        skips=skipping.between_nodes,
    ),
    Defect(
        name="service-open",
        says="lets flows by a Service's address through",
        cites=("aws-namedport-svc-bypass", "antrea-nodeport"),
        skips=skipping.by_service,
    ),
    Defect(
        name="same-node-service-open",
        says="lets flows by a Service's address through when both pods are on one node",
        cites=("ipvs-same-node", "weave-same-node-vip"),
        skips=skipping.by_service_on_one_node,
    ),
    Defect(
        name="egress-beats-ingress",
        says="lets in, on the same node, whatever an egress rule let out",
        cites=("kuberouter-egress-beats-ingress",),
        skips=skipping.let_out_on_one_node,
    ),
)

DEFECTS: Mapping[str, Defect] = {defect.name: defect for defect in _ALL}
"""Every defect by its name."""
