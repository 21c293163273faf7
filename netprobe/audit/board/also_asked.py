"""Edges that are asked beside those that the plan chooses: before changes, and for known faults."""

from __future__ import annotations

from netprobe.audit.board.pods import BEYOND

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
