"""The cases about targets (6), whole rules (4), conflicts (16), and changes while traffic flows (6)."""

from __future__ import annotations

from tests.oracle.vectors.generator.case import (
    BOTH,
    DIRECTIONS,
    PEERS,
    base,
    case,
    lines,
    with_peers,
    with_ports,
)
from tests.oracle.vectors.grid import EVERY, A, B, among, block, labelled, on, spaces
from tests.oracle.vectors.step import step

BASE_LINES = [f"x/a {text}" for text in BOTH.values()]


def target_cases():
    for home in "xyz":
        found = step(base(home), lines=[f"{home}/a {text}" for text in BOTH.values()])
        yield case("Target", f"namespace {home}", ("target-namespace",), found)
    for name, selector, meant in (
        ("every pod", EVERY, "x/*"),
        ("pod a", A, "x/a"),
        ("pods a and b", among("pod", "a", "b"), "x/a x/b"),
    ):
        found = step(base(selector=selector), lines=[f"{meant} {text}" for text in BOTH.values()])
        yield case("Target", name, ("target-pod-selector",), found)


def rule_cases():
    every = "TCP 80, TCP 81, UDP 80, UDP 81, SCTP 80, SCTP 81"
    for direction in DIRECTIONS:
        shut = step(base(**{direction: []}), lines=lines(direction, "none"))
        yield case("Rules", f"{direction}: deny all", (direction, "deny-all"), shut)
        wide = step(base(**{direction: [{}]}), lines=lines(direction, "*", every))
        yield case("Rules", f"{direction}: allow all", (direction, "allow-all"), wide)


ALL_PODS = spaces(EVERY)
ALL_ADDRESSES = block("0.0.0.0/0")
NO_PODS = spaces(labelled(**{"this-will-never-happen": "qrs123"}))
NO_ADDRESSES = block("0.0.0.0/31")
ALL_BY_POD = ("all-pods", "all-namespaces")
LAYERS = (
    ("deny all and allow all", ([], [{}]), "*", ("deny-all", "allow-all")),
    ("deny all and allow all pods", ([], [[ALL_PODS]]), "*", ("deny-all", *ALL_BY_POD)),
    ("deny all and allow all addresses", ([], [[ALL_ADDRESSES]]), "*", ("deny-all",)),
    ("deny all addresses and allow all pods", ([[NO_ADDRESSES]], [[ALL_PODS]]), "*", ALL_BY_POD),
    ("deny all pods and allow all addresses", ([[NO_PODS]], [[ALL_ADDRESSES]]), "*", ()),
    ("deny all addresses", ([[NO_ADDRESSES]],), "none", ()),
    ("deny all pods", ([[NO_PODS]],), "none", ()),
)
"""The rules of each policy on one pod (peers, or a whole rule), whom they admit together, the tags."""


def conflict_cases():
    deny_out = (on("x", B, egress=[]), on("y", labelled(pod="c"), ingress=[{}]))
    deny_in = (on("x", B, egress=[{}]), on("y", labelled(pod="c"), ingress=[]))
    tags = ("conflict", "deny-all", "allow-all", *DIRECTIONS)
    yield case(
        "Conflict", "deny all from, allow all to", tags, step(*deny_out, lines=["x/b -> none", "y/c <- *"])
    )
    yield case(
        "Conflict", "allow all from, deny all to", tags, step(*deny_in, lines=["x/b -> *", "y/c <- none"])
    )
    for direction in DIRECTIONS:
        arrow = "<-" if direction == "ingress" else "->"
        for name, layers, meant, tags in LAYERS:
            policies = [
                on("x", B, name=f"p{n}", **{direction: [_rule(direction, rule) for rule in rules]})
                for n, rules in enumerate(layers)
            ]
            found = step(*policies, lines=[f"x/b {arrow} {meant}"])
            yield case("Conflict", f"{direction}: {name}", ("conflict", direction, *tags), found)


def _rule(direction, rule):
    return {"from" if direction == "ingress" else "to": rule} if isinstance(rule, list) else rule


def action_cases():
    start = step(base(), lines=BASE_LINES)
    yield case(
        "Action", "create and delete a policy", ("create-policy", "delete-policy"), start, step(lines=[])
    )
    other = step(
        with_ports("ingress", [{"protocol": "UDP", "port": "serve-81-udp"}]),
        lines=lines("ingress", PEERS["ingress"], "UDP 81"),
    )
    yield case("Action", "create and update a policy", ("create-policy", "update-policy"), start, other)
    another = step(
        base(),
        namespaces={"y-2": {"ns": "y"}},
        pods={"y-2/a": {"pod": "a"}, "y-2/b": {"pod": "b"}},
        lines=[
            "x/a <- x/b x/c y/b y/c y-2/b on TCP 80",
            "x/a -> y/a y/b z/a z/b y-2/a y-2/b on TCP 80",
        ],
    )
    tags = ("create-namespace", "delete-namespace")
    yield case("Action", "create and delete a namespace", tags, start, another, start)
    policy = with_peers("ingress", [spaces(labelled(**{"new-ns": "qrs"}))])
    before = step(policy, lines=lines("ingress", "none"))
    during = step(policy, namespaces={"y": {"ns": "y", "new-ns": "qrs"}}, lines=lines("ingress", "y/*"))
    name = "a namespace gets a label, and loses it"
    yield case("Action", name, ("set-namespace-labels",), before, during, before)
    more = step(base(), pods={"x/d": {"pod": "d"}}, lines=BASE_LINES)
    yield case("Action", "create and delete a pod", ("create-pod", "delete-pod"), start, more, start)
    policy = with_peers("ingress", [spaces(among("ns", "y", "z"), labelled(**{"new-label": "abc"}))])
    before = step(policy, lines=lines("ingress", "none"))
    labels = {"y/b": {"pod": "b", "new-label": "abc"}}
    during = step(policy, pods=labels, lines=lines("ingress", "y/b"))
    yield case("Action", "a pod gets a label, and loses it", ("set-pod-labels",), before, during, before)
