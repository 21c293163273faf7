"""Where the second engine is known to answer otherwise, each with the reason and as narrow as it can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from netprobe.model.decision import Answer
from tests.oracle.cluster import Body, Cluster, Point, name_of
from tests.oracle.reference import naive


@dataclass(frozen=True, kw_only=True)
class Known:
    """``answer`` is the oracle's where ``holds`` is true, and the second engine's is the opposite."""

    name: str
    answer: Answer
    holds: Callable[[Cluster, Point], bool]


def explain(cluster: Cluster, point: Point, answer: Answer) -> str | None:
    """Return the name of the known difference that explains an answer of the oracle."""
    fitting = (known for known in KNOWN_DIFFERENCES if known.answer is answer)
    return next((known.name for known in fitting if known.holds(cluster, point)), None)


def _is_loop(_cluster: Cluster, point: Point) -> bool:
    return point[0] == point[1]


def _has_ended(cluster: Cluster, point: Point) -> bool:
    ended = (name_of(pod) for pod in cluster.pods if naive.has_ended(pod))
    return any(name in point[:2] for name in ended)


def _has_an_empty_egress_list(cluster: Cluster, point: Point) -> bool:
    source = _pod(cluster, point[0])
    return any(
        not policy["spec"].get("policyTypes") and policy["spec"].get("egress") == []
        for policy in _policies_on(cluster, source)
    )


def _names_a_port_twice(cluster: Cluster, point: Point) -> bool:
    destination = _pod(cluster, point[1])
    ports = (
        [port for c in destination["spec"]["containers"] for port in c.get("ports", ())]
        if destination
        else []
    )
    names = [port["name"] for port in ports if "name" in port]
    return any(
        names.count(port.get("name")) > 1 and (port["protocol"], port["containerPort"]) == point[2:]
        for port in ports
    )


def _looks_for_a_key_elsewhere(cluster: Cluster, point: Point) -> bool:
    return any(
        pod is not None
        and pod["metadata"]["namespace"] != policy["metadata"]["namespace"]
        and peer.get("namespaceSelector") is not None
        and any(e["operator"] in ("Exists", "DoesNotExist") for e in _expressions(peer.get("podSelector")))
        for policy, peer, pod in _peers(cluster, point)
    )


def _looks_for_an_empty_value(cluster: Cluster, point: Point) -> bool:
    labels = {body["metadata"]["name"]: body["metadata"]["labels"] for body in cluster.namespaces}
    return any(
        pod is not None
        and any(
            expression["key"] not in labels[pod["metadata"]["namespace"]]
            and "" in expression.get("values", ())
            for expression in _expressions(peer.get("namespaceSelector"))
        )
        for _, peer, pod in _peers(cluster, point)
    )


KNOWN_DIFFERENCES = (
    # A pod cannot block access to itself; the engine treats it as any other and leaves it out of its output.
    Known(name="a pod and itself", answer=Answer.ALLOW, holds=_is_loop),
    # The engine does not read status.phase; the oracle says that such a pod has no address any more.
    Known(name="a pod that has ended", answer=Answer.UNDEFINED, holds=_has_ended),
    # An API server fills in policyTypes by the number of egress rules, the engine by the key being there.
    Known(name="an empty egress list", answer=Answer.ALLOW, holds=_has_an_empty_egress_list),
    # The engine keeps one port for each name of a pod, the last one; names are unique in a container only.
    Known(name="a port name twice in a pod", answer=Answer.ALLOW, holds=_names_a_port_twice),
    # The engine asks Exists and DoesNotExist of pods of the policy's own namespace only.
    Known(name="a key of pods elsewhere", answer=Answer.ALLOW, holds=_looks_for_a_key_elsewhere),
    # The engine takes a label that a namespace lacks for one with the empty value: In finds it ...
    Known(name="an empty value of namespaces, in", answer=Answer.DENY, holds=_looks_for_an_empty_value),
    # ... and NotIn does not.
    Known(name="an empty value of namespaces, not in", answer=Answer.ALLOW, holds=_looks_for_an_empty_value),
)


def _pod(cluster: Cluster, name: str) -> Body | None:
    return next((pod for pod in cluster.pods if name_of(pod) == name), None)


def _policies_on(cluster: Cluster, pod: Body | None) -> list[Body]:
    if pod is None:
        return []
    return [
        policy
        for policy in cluster.policies
        if policy["metadata"]["namespace"] == pod["metadata"]["namespace"]
        and naive.selects(policy["spec"].get("podSelector") or {}, naive.labels_of(pod))
    ]


def _peers(cluster: Cluster, point: Point) -> Iterator[tuple[Body, Body, Body | None]]:
    """The peers of all policies on both ends, with the policy and the pod (if it is one) at the other end."""
    source, destination = (_pod(cluster, name) for name in point[:2])
    for end, remote, rules, peers in (
        (source, destination, "egress", "to"),
        (destination, source, "ingress", "from"),
    ):
        for policy in _policies_on(cluster, end):
            for rule in policy["spec"].get(rules) or ():
                for peer in rule.get(peers) or ():
                    yield policy, peer, remote


def _expressions(selector: Body | None) -> list[Body]:
    if selector is None:
        return []
    labels = selector.get("matchLabels", {}).items()
    return [{"key": k, "operator": "In", "values": [v]} for k, v in labels] + selector.get(
        "matchExpressions", []
    )
