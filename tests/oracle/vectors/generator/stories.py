"""The 13 cases after Kubernetes' own tests, and the example."""

from __future__ import annotations

from tests.oracle.vectors.generator.case import DNS, case
from tests.oracle.vectors.grid import EVERY, A, B, among, labelled, on, pods, spaces
from tests.oracle.vectors.step import step

X, Y = labelled(ns="x"), labelled(ns="y")
OPEN = on("x", EVERY, ingress=[{}])
NAMED = on("x", EVERY, ingress=[{"ports": [{"port": "serve-81-tcp"}]}])
NAMED_LINES = ["x/* <- * on TCP 81"]
SHUT = on("x", EVERY, ingress=[], egress=[])


def _from_y(number):
    rule = {"from": [spaces(Y)], "ports": [{"port": number, "protocol": "TCP"}]}
    return on("x", A, name=f"p{number}", ingress=[rule])


def _into_a(peer):
    return on("x", A, ingress=[{"from": [peer]}])


FROM_UPDATED_SPACE = _into_a(spaces(labelled(ns2="updated")))
FROM_UPDATED_POD = _into_a(pods(labelled(pod="b", pod2="updated")))
ISOLATED = on("x", labelled(target="isolated"), ingress=[])
STORIES = {
    "default-deny-ingress": (
        ("ingress", "deny-all"),
        step(on("x", EVERY, ingress=[]), lines=["x/* <- none"]),
    ),
    "default-deny-all": (
        ("deny-all",),
        step(on("x", EVERY, ingress=[], egress=[DNS]), lines=["x/* <- none", "x/* -> none"]),
    ),
    "multiple PodSelectors and NamespaceSelectors": (
        (),
        step(
            _into_a(spaces(among("ns", "x", operator="NotIn"), among("pod", "b", "c"))),
            lines=["x/a <- y/b y/c z/b z/c"],
        ),
    ),
    "stacked policies": (
        (),
        step(_from_y(81), lines=["x/a <- y/* on TCP 81"]),
        step(_from_y(81), _from_y(80), lines=["x/a <- y/* on TCP 80, TCP 81"]),
    ),
    "allow-all": (("allow-all",), step(OPEN, lines=["x/* <- *"])),
    "ingress on one named port": (("ingress", "named-port"), step(NAMED, lines=NAMED_LINES)),
    "updated policy": (
        (),
        step(OPEN, lines=["x/* <- *"]),
        step(on("x", EVERY, ingress=[]), lines=["x/* <- none"]),
    ),
    "updated namespace": (
        (),
        step(FROM_UPDATED_SPACE, lines=["x/a <- none"]),
        step(
            FROM_UPDATED_SPACE, namespaces={"y": {"ns": "y", "ns2": "updated"}}, lines=["x/a <- y/*"]
        ),
    ),
    "updated pod": (
        (),
        step(FROM_UPDATED_POD, lines=["x/a <- none"]),
        step(FROM_UPDATED_POD, pods={"x/b": {"pod": "b", "pod2": "updated"}}, lines=["x/a <- x/b"]),
    ),
    "deny ingress to an updated pod": (
        (),
        step(ISOLATED, lines=[]),
        step(ISOLATED, pods={"x/a": {"target": "isolated"}}, lines=["x/a <- none"]),
    ),
    "ingress and egress together": (
        (),
        step(
            on(
                "x",
                A,
                ingress=[{"from": [pods(B)]}],
                egress=[{"ports": [{"port": 80}, {"protocol": "UDP", "port": 53}]}],
            ),
            lines=["x/a <- x/b", "x/a -> * on TCP 80"],
        ),
    ),
    "deny egress at the client": (
        ("conflict",),
        step(
            on("x", A, egress=[{"to": [spaces(Y, A)]}, {"ports": [{"protocol": "UDP", "port": 53}]}]),
            on("y", A, ingress=[{"from": [spaces(X, A)]}]),
            on("y", B, name="b", ingress=[{"from": [spaces(X, A)]}]),
            lines=["x/a -> y/a", "y/a y/b <- x/a"],
        ),
    ),
    "no longer after delete": (
        ("deny-all", "delete-policy"),
        step(SHUT, lines=["x/* <- none", "x/* -> none"]),
        step(lines=[]),
    ),
}  # fmt: skip


def upstream_cases():
    for name, (tags, *steps) in STORIES.items():
        yield case("UpstreamE2E", name, ("upstream-e2e", *tags), *steps)


def example_cases():
    named = step(NAMED, lines=NAMED_LINES)
    space = {"w": {"ns": "w"}}
    more = step(NAMED, namespaces=space, pods={"w/a": {"pod": "a"}}, lines=NAMED_LINES)
    yield case(
        "Example", "named port", ("example",), named, more, step(NAMED, namespaces=space, lines=NAMED_LINES)
    )
