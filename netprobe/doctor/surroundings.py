"""What else is in the cluster: its DNS, its CNI, and what earlier runs left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from netprobe.cluster.identity.identify import identify
from netprobe.cluster.kube.facts import Facts
from netprobe.doctor.about import About
from netprobe.model.checkup import Check
from netprobe.model.identification import Enforces

_DNS = About("dns", "DNS")
_CNI = About("cni", "CNI")
_LEFTOVERS = About("leftovers", "leftovers")

_EXPECTED = {
    Enforces.YES: "should enforce NetworkPolicies",
    Enforces.NO: "does not enforce NetworkPolicies",
    Enforces.BY_SETTING: "enforces NetworkPolicies or not, as it is set",
    Enforces.UNKNOWN: "nothing tells whether it enforces NetworkPolicies",
}
Body = Mapping[str, Any]


def dns(facts: Facts) -> Check:
    """The cluster's DNS, without which flows by name cannot be measured."""
    services: Sequence[Body] | None = facts.dns_services.value
    if services is None:
        return _DNS.unseen(facts.dns_services.why)
    if not services:
        return _DNS.warning(
            "no DNS Service was found (kube-system, k8s-app=kube-dns): flows by name and to dns are unknown",
            "Label the DNS Service k8s-app=kube-dns.",
        )
    metadata = services[0]["metadata"]
    name = f"Service {metadata.get('namespace')}/{metadata['name']}"
    pods: Sequence[Body] = facts.dns_pods.value or ()
    ready = sum(1 for pod in pods if _is_ready(pod))
    if pods and not ready:
        return _DNS.warning(
            f"{name}, but none of its {len(pods)} pods is ready: names will not resolve",
            f"Look with `kubectl get pods -n {metadata.get('namespace')}`.",
        )
    return _DNS.ok(f"{name}, {ready} of {len(pods)} pods ready" if pods else name)


def cni(facts: Facts) -> Check:
    """Which CNI this seems to be: a hint."""
    if facts.signs.nodes is None and facts.signs.daemon_sets is None:
        return _CNI.unseen(f"not seen: {', '.join(facts.signs.unseen)}")
    seen = identify(facts.signs)
    names = " and ".join(f"{each.title} {each.version}".strip() for each in seen.found)
    if not names:
        return _CNI.ok("none that netprobe knows was seen; netprobe check tells what it does")
    found = f"seems to be {names}, which {_EXPECTED[seen.enforces]}"
    if seen.enforces is Enforces.UNKNOWN:
        found = f"seems to be {names}; {_EXPECTED[seen.enforces]}"
    if seen.enforces is Enforces.NO:
        return _CNI.warning(found, "`netprobe check` proves it; `netprobe identify` says why.")
    return _CNI.ok(found)


def leftovers(facts: Facts, expiries: Mapping[str, datetime | None], now: datetime) -> Check:
    """Namespaces of runs: ``expiries`` has their names, and when others may remove them."""
    bodies: Sequence[Body] | None = facts.namespaces.value
    if bodies is None:
        return _LEFTOVERS.unseen(facts.namespaces.why)
    stuck = tuple(_stuck(bodies, expiries))
    if stuck:
        return _LEFTOVERS.warning(
            f"{len(stuck)} of netprobe's namespaces are being removed and still there",
            "If it stays so: what is named below holds them, mostly an APIService whose server is gone"
            " (kubectl get apiservices).",
            stuck,
        )
    expired = [name for name, until in expiries.items() if until is not None and until <= now]
    if expired:
        return _LEFTOVERS.warning(
            f"{len(expired)} namespaces of runs that are over",
            f"`netprobe clean --cluster context:{facts.context}` removes them.",
            tuple(expired),
        )
    if expiries:
        return _LEFTOVERS.ok(f"{len(expiries)} namespaces of runs that may go on", details=tuple(expiries))
    return _LEFTOVERS.ok("none")


def _stuck(bodies: Sequence[Body], expiries: Mapping[str, datetime | None]) -> Iterator[str]:
    for body in bodies:
        metadata = body["metadata"]
        if metadata["name"] in expiries and metadata.get("deletionTimestamp"):
            conditions = (body.get("status") or {}).get("conditions") or ()
            why = "; ".join(str(each.get("message")) for each in conditions if each.get("status") == "True")
            yield f"{metadata['name']}: since {metadata['deletionTimestamp']}{f': {why}' if why else ''}"


def _is_ready(pod: Body) -> bool:
    conditions = (pod.get("status") or {}).get("conditions") or ()
    return any(each.get("type") == "Ready" and each.get("status") == "True" for each in conditions)
