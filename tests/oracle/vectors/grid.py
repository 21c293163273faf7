"""Nine pods: a, b and c in each of the namespaces x, y and z, with ports 80 and 81 of three protocols.

Labels are ``pod: a`` and ``ns: x``, port names ``serve-80-tcp``. The pods of x have addresses in
10.0.1.0/28, those of y in the rest of 10.0.1.0/24, those of z outside of it.
"""

from __future__ import annotations

from tests.oracle.cluster import Cluster
from tests.oracle.drawn import namespace, pod, policy, port

NAMES = tuple(f"{home}/{name}" for home in "xyz" for name in "abc")
FIRST = {"x": "10.0.1.1", "y": "10.0.1.33", "z": "10.0.2.1"}
NUMBERS = (80, 81)
SERVED = tuple(
    port(number, f"serve-{number}-{protocol.lower()}", protocol)
    for number in NUMBERS
    for protocol in ("TCP", "UDP", "SCTP")
)


def address(name):
    """The address of ``x/a``; pods that are not of the nine have one of their own, in 10.0.3.0/24."""
    home, _, own = name.partition("/")
    if name not in NAMES:
        return f"10.0.3.{sum(name.encode()) % 256}"
    front, _, last = FIRST[home].rpartition(".")
    return f"{front}.{int(last) + 'abc'.index(own)}"


def grid(*policies, pods=None, namespaces=None):
    """The grid under policies; ``pods`` (``x/a``) and ``namespaces`` add to it, or replace labels."""
    homes = {home: {"ns": home} for home in "xyz"} | (namespaces or {})
    labels = {name: {"pod": name[-1]} for name in NAMES} | (pods or {})
    return Cluster(
        namespaces=tuple(namespace(name, found) for name, found in homes.items()),
        pods=tuple(
            pod(*name.split("/"), found, [{"ports": list(SERVED)}], [address(name)])
            for name, found in labels.items()
        ),
        policies=policies,
        ports=NUMBERS,
    )


def on(home, selector, *, name="p", ingress=None, egress=None):
    """A policy in a namespace; policyTypes are those of the lists that are given, also when empty."""
    rules = {key: found for key, found in (("ingress", ingress), ("egress", egress)) if found is not None}
    return policy(home, name, {"podSelector": selector, "policyTypes": [k.title() for k in rules], **rules})


def labelled(**labels):
    return {"matchLabels": labels}


def among(key, *values, operator="In"):
    return {"matchExpressions": [{"key": key, "operator": operator, "values": list(values)}]}


def pods(selector):
    return {"podSelector": selector}


def spaces(selector, pods=None):
    return {"namespaceSelector": selector} | ({} if pods is None else {"podSelector": pods})


def block(cidr, *holes):
    return {"ipBlock": {"cidr": cidr} | ({"except": list(holes)} if holes else {})}


EVERY = {}
A, B = labelled(pod="a"), labelled(pod="b")
