"""All checks of a cluster, in the order in which a run would meet them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from netprobe.cluster.kube.facts import Facts
from netprobe.doctor import access, admission, capacity, surroundings
from netprobe.model.checkup import Check


def check_cluster(
    facts: Facts,
    *,
    labels: Mapping[str, str],
    expiries: Mapping[str, datetime | None],
    now: datetime,
) -> tuple[Check, ...]:
    """Judge what was seen.

    ``labels`` are those of netprobe's namespaces, ``expiries`` the namespaces of runs that are there, with
    the time after which others may remove them.
    """
    return (
        access.api(facts),
        access.version(facts),
        access.credentials(facts, now),
        access.clock(facts),
        access.permissions(facts),
        admission.pod_security(facts),
        admission.webhooks(facts, labels),
        admission.limits(facts),
        capacity.nodes(facts),
        capacity.image(facts),
        surroundings.dns(facts),
        surroundings.cni(facts),
        surroundings.leftovers(facts, expiries, now),
    )
