"""The edges of the board by feature: what must be open and what must be closed, after each step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netprobe.audit.board.pods import BEYOND, RUN


class Phase(StrEnum):
    """The steps of an audit; before the first one, everything must be open."""

    DENY = "policies"
    CHANGE = "changes"
    OPEN = "open again"


@dataclass(frozen=True, kw_only=True, slots=True)
class FeatureCases:
    """A feature: ``name`` for gates and reports, ``title`` for people, and its edges as intent lines."""

    name: str
    title: str
    phase: Phase
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()


FEATURES = (
    FeatureCases(
        name="ingress-deny",
        title="default deny of ingress",
        phase=Phase.DENY,
        deny=(
            "home/api -> home/shut:8080",
            "home/db -> home/shut:8080",
            "home/web -> home/shut:8080",
            "away/web -> home/shut:8081",
            "home/sender -> home/shut:8090",
            "away/other -> home/shut:5300/udp",
        ),
    ),
    FeatureCases(
        name="egress-deny",
        title="default deny of egress",
        phase=Phase.DENY,
        deny=(
            "home/mute -> home/db:8080",
            "home/mute -> away/web:8081",
            "home/mute -> away/web:5300/udp",
            "home/shut -> home/db:8080",
        ),
    ),
    FeatureCases(
        name="egress-rules",
        title="egress rules",
        phase=Phase.DENY,
        allow=(
            "home/sender -> home/db:8080",
            "home/web -> home/db:8081",
            "home/caller -> home/db:8081",
            "home/caller -> home/api:8081",
            "home/caller -> away/web:8081",
            "home/caller -> home/db:8090",
        ),
        deny=(
            "home/sender -> home/api:8080",
            "home/sender -> away/web:8080",
            "home/caller -> home/db:8080",

            "home/web -> away/other:8080",
        ),
    ),
    FeatureCases(
        name="direction",
        title="ingress and egress independent",
        phase=Phase.DENY,
        allow=(
            "home/api -> home/mute:8080",
            "home/peers -> home/db:8080",
            "home/temporary -> home/db:8080",
        ),
    ),
    FeatureCases(
        name="pod-selector",
        title="pod selectors",
        phase=Phase.DENY,
        allow=(
            "home/web -> home/updated:8080",
            "home/db -> home/peers:8090",
            "home/db -> home/collision:8080",
            "home/twin-one -> home/twin-two:8080",
            "home/db -> home/marks:8080",
        ),
        deny=(
            "home/api -> home/collision:8080",
            "home/api -> home/twin-two:8080",
            "home/api -> home/marks:8080",

            "home/api -> home/updated:8080",
            "away/web -> home/updated:8080",
            "away/other -> home/peers:8081",
            "away/other -> home/peers:8090",
        ),
    ),
    FeatureCases(
        name="namespace-selector",
        title="namespace selectors",
        phase=Phase.DENY,
        allow=("away/web -> home/spaces:8080", "away/other -> home/spaces:8080"),
        deny=("home/api -> home/spaces:8080", "away/other -> home/trusted:8080"),
    ),
    FeatureCases(
        name="and",
        title="both selectors in one peer (AND)",
        phase=Phase.DENY,
        allow=("away/web -> home/peers:8080",),
        deny=(
            "away/other -> home/peers:8080",
            "home/web -> home/peers:8080",
            "home/db -> home/peers:8080",
        ),
    ),
    FeatureCases(
        name="or",
        title="several peers in one rule (OR)",
        phase=Phase.DENY,
        allow=("home/api -> home/peers:8081", "home/db -> home/blocks:8081"),
        deny=("home/db -> home/peers:8081",),
    ),
    FeatureCases(
        name="expressions",
        title="match expressions",
        phase=Phase.DENY,
        allow=(
            "home/api -> home/peers:8081",
            "away/web -> home/spaces:8081",
            "home/api -> home/set-one:8080",
            "home/db -> home/set-two:8080",
        ),
        deny=(
            "home/web -> home/peers:8090",
            "home/api -> home/peers:8090",
            "home/web -> home/peers:8081",
            "home/db -> home/set-one:8080",
            "home/api -> home/set-two:8080",
        ),
    ),
    FeatureCases(
        name="ports",
        title="ports by number",
        phase=Phase.DENY,
        allow=(
            "home/api -> home/anybody:8090",
            "away/other -> home/anybody:8090",
            "home/api -> home/many:8080",
            "home/api -> home/many:8081",
        ),
        deny=("home/api -> home/anybody:8080", "away/web -> home/anybody:8081"),
    ),
    FeatureCases(
        name="named-ports",
        title="ports by name",
        phase=Phase.DENY,
        allow=(
            "home/web -> home/ports:8080",
            "home/web -> home/ports-two:8080",
            "home/api -> away/other:8080",
        ),
        deny=("home/web -> home/ports:8081", "home/joiner -> home/ports:8080", "home/api -> away/other:8081"),
    ),
    FeatureCases(
        name="end-port",
        title="ranges of ports (endPort)",
        phase=Phase.DENY,
        allow=("home/api -> home/ports:8080", "home/api -> home/ports:8081"),
        deny=("home/api -> home/ports:8090",),
    ),
    FeatureCases(
        name="protocols",
        title="protocols",
        phase=Phase.DENY,
        deny=(
            "home/api -> home/ports:8080/udp",
            "home/api -> home/ports:5300/udp",
            "home/api -> home/signals:8080",
            "home/db -> home/signals:5300/udp",
        ),
    ),
    FeatureCases(
        name="sctp",
        title="SCTP",
        phase=Phase.DENY,
        allow=("home/api -> home/sig:9100/sctp",),
        deny=("home/db -> home/sig:9100/sctp", "home/api -> home/sig:8080"),
    ),
    FeatureCases(
        name="ip-block",
        title="blocks of addresses (ipBlock)",
        phase=Phase.DENY,
        allow=(
            "away/web -> home/blocks:8081",
            "away/other -> home/blocks:8080",
            "home/db -> home/merged:8080",
            "home/db -> home/rough:8080",
            "home/db -> home/rough:8081",
        ),
        deny=(
            "away/other -> home/blocks:8081",
            "away/other -> home/blocks:8090",
            "home/db -> home/rough:8090",
        ),
    ),
    FeatureCases(
        name="outside",
        title="a host outside of the cluster (ipBlock)",
        phase=Phase.DENY,
        allow=("home/roamer -> external:outside:8443",),
        deny=("home/mute -> external:outside:8443", "home/roamer -> home/db:8080"),
    ),
    FeatureCases(
        name="except",
        title="exceptions of blocks (except)",
        phase=Phase.DENY,
        allow=("home/db -> home/blocks:8080", "home/api -> home/merged:8081"),
        deny=("home/api -> home/blocks:8080", "home/api -> home/merged:8080"),
    ),
    FeatureCases(
        name="union",
        title="several policies for one pod",
        phase=Phase.DENY,
        allow=("home/web -> home/union:8080", "home/api -> home/union:8080"),
        deny=("home/db -> home/union:8080",),
    ),
    FeatureCases(
        name="dns",
        title="DNS",
        phase=Phase.DENY,
        allow=("home/resolver -> dns/udp", "home/resolver -> dns/tcp"),
        deny=("home/mute -> dns/udp", "home/resolver -> home/db:8080"),
    ),
    FeatureCases(
        name="service",
        title="flows by the address of a Service",
        phase=Phase.DENY,
        allow=(
            "home/api -> home/db:8080 via service",
            "home/sender -> home/db:8080 via service",
            "home/buyer -> home/fronted:8080 via service",
            "home/api -> home/fronted:8080 via service",
            "home/api -> home/union:8080 via service",
        ),
        deny=(
            "home/api -> home/shut:8080 via service",
            "home/db -> home/shut:8080 via service",
            "home/mute -> home/db:8080 via service",
            "home/patron -> home/web:8081 via service",
        ),
    ),
    FeatureCases(
        name="headless",
        title="names of headless Services",
        phase=Phase.DENY,
        allow=("home/patron -> home/db:8080 via name",),
        deny=("home/patron -> home/joiner:8080", "home/patron -> home/db:8081"),
    ),
    FeatureCases(
        name="node-port",
        title="Services by a port of a node",
        phase=Phase.DENY,
        allow=("home/visitor -> home/db:8080 via node-port",),
        deny=("home/api -> home/shut:8080 via node-port",),
    ),
    FeatureCases(
        name="own-service",
        title="a pod and its own Service",
        phase=Phase.DENY,
        allow=("home/twin-one -> home/twin-one:8080 via service",),
    ),
    FeatureCases(
        name="second-address",
        title="second addresses of pods (dual-stack)",
        phase=Phase.DENY,
        allow=("home/api -> home/db:8080 via second-ip", "home/web -> home/updated:8080 via second-ip"),
        deny=(
            "home/api -> home/shut:8080 via second-ip",
            "home/web -> home/shut:8080 via second-ip",
            "home/mute -> home/db:8080 via second-ip",
            "home/api -> home/updated:8080 via second-ip",
        ),
    ),
    FeatureCases(
        name="bare-pods",
        title="pods without an owner",
        phase=Phase.DENY,
        deny=("home/api -> home/lone:8080", "home/web -> home/lone:8080"),
    ),
    FeatureCases(
        name="namesakes",
        title="pods that read alike when their names are joined with their namespaces",
        phase=Phase.DENY,
        allow=(f"home/api -> {BEYOND}/me:8080",),
        deny=(f"home/api -> home/me-np-{RUN}:8080",),
    ),
    FeatureCases(
        name="limited-pods",
        title="pods with a limit of bandwidth",
        phase=Phase.DENY,
        deny=("home/api -> home/limited:8080", "home/web -> home/limited:8080"),
    ),
    FeatureCases(
        name="policy-update",
        title="changed policies",
        phase=Phase.CHANGE,
        allow=(
            "home/api -> home/updated:8080",
            "home/api -> home/aimed-before:8080",
            "home/api -> home/merged:8080",
        ),
        deny=(
            "home/web -> home/updated:8080",
            "home/api -> home/aimed-after:8080",
            "home/db -> home/merged:8080",
        ),
    ),
    FeatureCases(
        name="policy-add",
        title="policies that come later",
        phase=Phase.CHANGE,
        allow=("home/db -> home/protocol:5300/udp",),
        deny=(
            "home/api -> home/late:8080",
            "home/db -> home/protocol:8080",
            "home/api -> home/protocol:5300/udp",
        ),
    ),
    FeatureCases(
        name="policy-delete",
        title="deleted policies",
        phase=Phase.CHANGE,
        allow=(
            "home/api -> home/temporary:8080",
            "home/web -> home/union:8080",
            "home/union -> home/db:8080",
            "home/temporary -> home/db:8080",
        ),
        deny=("home/api -> home/union:8080",),
    ),
    FeatureCases(
        name="pod-labels",
        title="changed labels of pods",
        phase=Phase.CHANGE,
        allow=("home/joiner -> home/members:8080", "home/joiner -> home/marks:8080"),
        deny=("home/leaver -> home/members:8080", "home/api -> home/target:8080"),
    ),
    FeatureCases(
        name="namespace-labels",
        title="changed labels of namespaces",
        phase=Phase.CHANGE,
        allow=("away/other -> home/trusted:8080",),
        deny=("home/api -> home/trusted:8080", "away/other -> home/both:8080"),
    ),
    FeatureCases(
        name="new-pods",
        title="pods that come after the policies",
        phase=Phase.CHANGE,
        allow=(
            "home/newcomer -> home/updated:8080",
            "home/newcomer -> home/db:8080",
            "home/api -> home/set-one:8080",
            "home/db -> home/set-two:8080",
        ),
        deny=(
            "home/api -> home/fresh:8080",
            "home/fresh -> home/db:8080",
            "home/newcomer -> home/shut:8080",
            "home/api -> home/limited:8080",
            "home/db -> home/set-one:8080",
            "home/api -> home/set-two:8080",
        ),
    ),
    FeatureCases(
        name="replaced-pods",
        title="pods in the place of others",
        phase=Phase.CHANGE,
        allow=("home/lone -> home/members:8080", "home/api -> home/moved:8080"),
    ),
    FeatureCases(
        name="old-pods",
        title="pods that were there before",
        phase=Phase.CHANGE,
        deny=("home/db -> home/shut:8080", "home/mute -> home/db:8080"),
    ),
    FeatureCases(
        name="all-deleted",
        title="the end of all policies",
        phase=Phase.OPEN,
        allow=(
            "home/api -> home/shut:8080",
            "home/mute -> home/db:8080",
            "home/db -> home/union:8080",
            "home/api -> home/target:8080",
            "home/web -> home/updated:8080",
            "home/api -> home/temporary:8080",
            "home/api -> home/fresh:8080",
            "home/api -> home/late:8080",
        ),
    ),
)  # fmt: skip
"""All features of the board. In the step before a change, its edges are asked as well (see EARLIER)."""

EARLIER: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "policy-update": (
        ("home/api -> home/aimed-after:8080", "home/db -> home/merged:8080"),
        ("home/api -> home/aimed-before:8080", "home/api -> home/merged:8080"),
    ),
    "policy-add": (("home/api -> home/late:8080", "home/db -> home/protocol:8080"), ()),
    "policy-delete": (("home/temporary -> home/db:8081",), ("home/api -> home/temporary:8080",)),
    "pod-labels": (
        ("home/leaver -> home/members:8080", "home/api -> home/target:8080"),
        ("home/joiner -> home/members:8080", "home/joiner -> home/marks:8080"),
    ),
    "namespace-labels": (
        ("away/other -> home/both:8080",),
        ("away/other -> home/trusted:8080", "home/api -> home/trusted:8080"),
    ),
    "replaced-pods": (("home/lone -> home/members:8080",), ("home/api -> home/moved:8080",)),
    "new-pods": (("home/newcomer -> home/db:8080",), ("home/api -> home/fresh:8080",)),
}
"""What is open and what is closed in the step before a feature's change, so that the change shows."""

ALWAYS = frozenset((
    "home/sender -> home/db:8080",
    "home/newcomer -> home/updated:8080",
    "home/api -> home/fresh:8080",
    "home/fresh -> home/db:8080",
    "home/web -> home/shut:8080",
    "home/web -> home/ports:8080",
    "home/web -> home/ports-two:8080",
    "home/api -> home/ports:8080/udp",
    "home/api -> home/anybody:8090",
    "home/api -> home/many:8080",
    "home/api -> home/many:8081",
    "home/db -> home/collision:8080",
    "home/api -> home/collision:8080",
    "home/api -> home/merged:8081",
    "home/db -> home/merged:8080",
    "home/api -> home/union:8080 via service",
    "home/joiner -> home/members:8080",
    "home/joiner -> home/marks:8080",
    "away/other -> home/both:8080",
    "home/api -> home/aimed-before:8080",
    "home/caller -> home/db:8081",
    "home/caller -> home/api:8081",
    "home/caller -> away/web:8081",
    "home/db -> home/set-one:8080",
    "home/api -> home/set-two:8080",
    "home/db -> home/rough:8080",
    "home/db -> home/rough:8081",
    "home/patron -> home/web:8081 via service",
    "home/patron -> home/joiner:8080",
    "home/api -> home/lone:8080",
    "home/api -> home/limited:8080",
    "home/api -> home/set-one:8080",
    f"home/api -> {BEYOND}/me:8080",
    "home/lone -> home/members:8080",
    "home/api -> home/moved:8080",
    "home/api -> home/shut:8080 via second-ip",
))  # fmt: skip
"""Edges that every audit asks: each reveals a fault from the field, though no explanation needs it."""
