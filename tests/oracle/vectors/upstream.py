"""What Kubernetes' own end-to-end tests of NetworkPolicy expect, on the grid and for every port.

By the names that they have there, in their order; several steps are states of the cluster one after another.
"""

from __future__ import annotations

from tests.oracle.vectors.grid import (
    EVERY,
    NAMES,
    A,
    B,
    address,
    among,
    block,
    labelled,
    on,
    pods,
    spaces,
)
from tests.oracle.vectors.step import step


def is_named(name):
    return labelled(**{"kubernetes.io/metadata.name": name})


def not_named(name):
    return among("kubernetes.io/metadata.name", name, operator="NotIn")


def into_a(*peers, ports=None):
    """A policy on x/a that admits from peers, or from everyone, on ports or on all."""
    rule = ({"from": list(peers)} if peers else {}) | ({"ports": ports} if ports else {})
    return on("x", A, ingress=[rule])


def out_of_a(*peers, name="p"):
    return on("x", A, name=name, egress=[{"to": list(peers)}])


def tcp(number):
    return {"protocol": "TCP", "port": number}


NOTHING_IN = on("x", EVERY, ingress=[])
SHUT = on("x", EVERY, ingress=[], egress=[])
OPEN_IN = on("x", EVERY, name="open", ingress=[{}])
TWICE_81 = on("x", A, ingress=[{"from": [spaces(is_named("y"))], "ports": [tcp(81)]}])
TWICE_80 = on("x", A, name="other", ingress=[{"from": [spaces(is_named("y"))], "ports": [tcp(80)]}])
ALL_BUT_B = block("10.0.0.0/8", f"{address('x/b')}/32")
ONLY_B = block(f"{address('x/b')}/32")
LABELLED_B = {"x/b": {"pod": "b", "pod2": "updated"}}
OTHERS = " ".join(name for name in NAMES if name not in ("x/a", "x/b"))

TCP = {
    "should support a 'default-deny-ingress' policy": (step(NOTHING_IN, lines=["x/* <- none"]),),
    "should support a 'default-deny-all' policy": (step(SHUT, lines=["x/* <- none", "x/* -> none"]),),
    "should enforce policy to allow traffic from pods within server namespace based on PodSelector": (
        step(into_a(pods(B)), lines=["x/a <- x/b"]),
    ),
    "should enforce policy to allow ingress traffic for a target": (
        step(
            NOTHING_IN,
            on("x", A, name="target", ingress=[{"from": [spaces(EVERY, EVERY)]}]),
            lines=["x/a <- *", "x/b x/c <- none"],
        ),
    ),
    "should enforce policy to allow ingress traffic from pods in all namespaces": (
        step(into_a(spaces({"matchLabels": {}})), lines=["x/a <- *"]),
    ),
    "should enforce policy to allow traffic only from a different namespace, based on NamespaceSelector": (
        step(into_a(spaces(is_named("y"))), lines=["x/a <- y/*"]),
    ),
    "should enforce policy based on PodSelector with MatchExpressions": (
        step(into_a(pods(among("pod", "b"))), lines=["x/a <- x/b"]),
    ),
    "should enforce policy based on NamespaceSelector with MatchExpressions": (
        step(into_a(spaces(among("kubernetes.io/metadata.name", "y"))), lines=["x/a <- y/*"]),
    ),
    "should enforce policy based on PodSelector or NamespaceSelector": (
        step(into_a(spaces(not_named("x")), pods(B)), lines=["x/a <- x/b y/* z/*"]),
    ),
    "should enforce policy based on PodSelector and NamespaceSelector": (
        step(into_a(spaces(not_named("x"), B)), lines=["x/a <- y/b z/b"]),
    ),
    "should enforce policy based on Multiple PodSelectors and NamespaceSelectors": (
        step(into_a(spaces(not_named("x"), among("pod", "b", "c"))), lines=["x/a <- y/b y/c z/b z/c"]),
    ),
    "should enforce policy based on any PodSelectors": (
        step(into_a(pods(B), pods(labelled(pod="c"))), lines=["x/a <- x/b x/c"]),
    ),
    "should enforce policy to allow traffic only from a pod in a different namespace based on "
    "PodSelector and NamespaceSelector": (step(into_a(spaces(is_named("y"), A)), lines=["x/a <- y/a"]),),
    "should enforce policy based on Ports": (step(TWICE_81, lines=["x/a <- y/* on TCP 81"]),),
    "should enforce multiple, stacked policies with overlapping podSelectors": (
        step(TWICE_81, lines=["x/a <- y/* on TCP 81"]),
        step(TWICE_81, TWICE_80, lines=["x/a <- y/* on TCP 80, TCP 81"]),
    ),
    "should support allow-all policy": (step(OPEN_IN, lines=["x/* <- *"]),),
    "should allow ingress access on one named port": (
        step(
            on("x", EVERY, ingress=[{"ports": [{"port": "serve-81-tcp"}]}]), lines=["x/* <- * on TCP 81"]
        ),
    ),
    "should allow ingress access from namespace on one named port": (
        step(
            into_a(spaces(is_named("y")), ports=[tcp("serve-80-tcp")]), lines=["x/a <- y/* on TCP 80"]
        ),
    ),
    "should allow egress access on one named port": (
        step(on("x", EVERY, egress=[{"ports": [{"port": "serve-80-tcp"}]}]), lines=["x/* -> * on TCP 80"]),
    ),
    "should enforce updated policy": (
        step(on("x", EVERY, ingress=[{}]), lines=[]),
        step(NOTHING_IN, lines=["x/* <- none"]),
    ),
    "should allow ingress access from updated namespace": (
        step(into_a(spaces(labelled(ns2="updated"))), lines=["x/a <- none"]),
        step(
            into_a(spaces(labelled(ns2="updated"))),
            namespaces={"y": {"ns": "y", "ns2": "updated"}},
            lines=["x/a <- y/*"],
        ),
    ),
    "should allow ingress access from updated pod": (
        step(into_a(pods(labelled(**LABELLED_B["x/b"]))), lines=["x/a <- none"]),
        step(into_a(pods(labelled(**LABELLED_B["x/b"]))), pods=LABELLED_B, lines=["x/a <- x/b"]),
    ),
    "should deny ingress from pods on other namespaces": (
        step(on("x", EVERY, ingress=[{"from": [pods({"matchLabels": {}})]}]), lines=["x/* <- x/*"]),
    ),
    "should deny ingress access to updated pod": (
        step(on("x", labelled(target="isolated"), ingress=[]), lines=[]),
        step(
            on("x", labelled(target="isolated"), ingress=[]),
            pods={"x/a": {"pod": "a", "target": "isolated"}},
            lines=["x/a <- none"],
        ),
    ),
    "should deny egress from pods based on PodSelector": (
        step(on("x", A, egress=[]), lines=["x/a -> none"]),
    ),
    "should deny egress from all pods in a namespace": (
        step(on("x", EVERY, egress=[]), lines=["x/* -> none"]),
    ),
    "should work with Ingress, Egress specified together": (
        step(
            on("x", A, ingress=[{"from": [pods(B)]}], egress=[{"ports": [{"port": 80}]}]),
            lines=["x/a <- x/b", "x/a -> * on TCP 80"],
        ),
    ),
    "should support denying of egress traffic on the client side (even if the server explicitly allows this "
    "traffic)": (
        step(
            out_of_a(spaces(is_named("y"), A)),
            on("y", A, ingress=[{"from": [spaces(is_named("x"), A)]}]),
            on("y", B, name="b", ingress=[{"from": [spaces(is_named("x"), A)]}]),
            lines=["x/a -> y/a", "y/a y/b <- x/a"],
        ),
    ),
    "should enforce egress policy allowing traffic to a server in a different namespace based on PodSelector "
    "and NamespaceSelector": (step(out_of_a(spaces(is_named("y"), A)), lines=["x/a -> y/a"]),),
    "should enforce ingress policy allowing any port traffic to a server on a specific protocol": (
        step(into_a(ports=[{"protocol": "TCP"}]), lines=["x/a <- * on TCP 80, TCP 81"]),
    ),
    "should enforce multiple ingress policies with ingress allow-all policy taking precedence": (
        step(on("x", EVERY, ingress=[{"ports": [{"port": 80}]}]), lines=["x/* <- * on TCP 80"]),
        step(on("x", EVERY, ingress=[{"ports": [{"port": 80}]}]), OPEN_IN, lines=["x/* <- *"]),
    ),
    "should enforce multiple egress policies with egress allow-all policy taking precedence": (
        step(on("x", EVERY, egress=[{"ports": [{"port": 80}]}]), lines=["x/* -> * on TCP 80"]),
        step(
            on("x", EVERY, egress=[{"ports": [{"port": 80}]}]),
            on("x", EVERY, name="open", egress=[{}]),
            lines=["x/* -> *"],
        ),
    ),
    "should stop enforcing policies after they are deleted": (
        step(SHUT, lines=["x/* <- none", "x/* -> none"]),
        step(lines=[]),
    ),
    "should allow egress access to server in CIDR block": (
        step(out_of_a(block(f"{address('y/b')}/32")), lines=["x/a -> y/b"]),
    ),
    "should enforce except clause while egress access to server in CIDR block": (
        step(out_of_a(ALL_BUT_B), lines=[f"x/a -> {OTHERS}"]),
    ),
    "should ensure an IP overlapping both IPBlock.CIDR and IPBlock.Except is allowed": (
        step(out_of_a(ALL_BUT_B), lines=[f"x/a -> {OTHERS}"]),
        step(out_of_a(ONLY_B), lines=["x/a -> x/b"]),
        step(out_of_a(ALL_BUT_B), out_of_a(ONLY_B, name="other"), lines=["x/a -> *"]),
    ),
    "should enforce policies to check ingress and egress policies can be controlled independently based on "
    "PodSelector": (
        step(on("x", A, egress=[{}]), lines=["x/a -> *"]),
        step(
            on("x", A, egress=[{}]), on("x", A, name="in", ingress=[]), lines=["x/a -> *", "x/a <- none"]
        ),
    ),
    "should not mistakenly treat 'protocol: SCTP' as 'protocol: TCP', even if the plugin doesn't support "
    "SCTP": (
        step(
            NOTHING_IN,
            on("x", A, name="sctp", ingress=[{"ports": [{"port": 81, "protocol": "SCTP"}]}]),
            lines=["x/a <- * on SCTP 81", "x/b x/c <- none"],
        ),
    ),
    "should properly isolate pods that are selected by a policy allowing SCTP, even if the plugin doesn't "
    "support SCTP": (
        step(into_a(ports=[{"port": 80, "protocol": "SCTP"}]), lines=["x/a <- * on SCTP 80"]),
    ),
    "should not allow access by TCP when a policy specifies only UDP": (
        step(into_a(ports=[{"port": 81, "protocol": "UDP"}]), lines=["x/a <- * on UDP 81"]),
    ),
    "should enforce policy to allow traffic based on NamespaceSelector with MatchLabels using default ns "
    "label": (
        step(into_a(spaces(is_named("y"))), lines=["x/a <- y/*"]),
    ),
    "should enforce policy based on NamespaceSelector with MatchExpressions using default ns label": (
        step(out_of_a(spaces(not_named("y"))), lines=["x/a -> x/* z/*"]),
    ),
}  # fmt: skip


def other_protocol(protocol):
    """The three tests that are repeated for UDP and for SCTP."""
    ports = [{"port": 81, "protocol": protocol}]
    return {
        "should support a 'default-deny-ingress' policy": (step(NOTHING_IN, lines=["x/* <- none"]),),
        "should enforce policy based on Ports": (
            step(into_a(spaces(is_named("y")), ports=ports), lines=[f"x/a <- y/* on {protocol} 81"]),
        ),
        "should enforce policy to allow traffic only from a pod in a different namespace based on "
        "PodSelector and NamespaceSelector": (step(into_a(spaces(is_named("y"), A)), lines=["x/a <- y/a"]),),
    }


VECTORS = {
    f"{protocol}: {name}": steps
    for protocol, found in (("TCP", TCP), ("UDP", other_protocol("UDP")), ("SCTP", other_protocol("SCTP")))
    for name, steps in found.items()
}
