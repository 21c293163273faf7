"""Checks before a run: that the server answers, and that it allows what a run needs."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.cluster.kube.rest import FORBIDDEN_REMEDY, Rest
from netprobe.errors import EnvironmentFailure, Refused

_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """One thing that a run does: verb and resource (with subresource) of an API group."""

    verb: str
    resource: str
    group: str = ""
    subresource: str = ""

    def __str__(self) -> str:
        """Render as ``create pods/exec``."""
        return f"{self.verb} {self.resource}" + (f"/{self.subresource}" if self.subresource else "")


NEEDS = (
    Need(verb="create", resource="namespaces"),
    Need(verb="delete", resource="namespaces"),
    Need(verb="create", resource="deployments", group="apps"),
    Need(verb="create", resource="services"),
    Need(verb="create", resource="networkpolicies", group="networking.k8s.io"),
    Need(verb="delete", resource="networkpolicies", group="networking.k8s.io"),
    Need(verb="list", resource="pods"),
    Need(verb="list", resource="endpointslices", group="discovery.k8s.io"),
    Need(verb="create", resource="pods", subresource="exec"),
)


def server_version(rest: Rest) -> str:
    """The API server's version (``v1.36.2``); raises EnvironmentFailure when it is unreachable."""
    return str(rest.get("/version").get("gitVersion") or "")


def check_access(rest: Rest) -> None:
    """Raise EnvironmentFailure for a server that does not answer, or that forbids what a run needs.

    Where the server does not say what it allows, the run itself will find out.
    """
    server_version(rest)
    try:
        lacking = [need for need in NEEDS if not _allowed(rest, need)]
    except Refused as refused:
        if refused.status == 401:
            raise
        return
    if lacking:
        raise EnvironmentFailure(
            f"Your account on {rest.connection.server} may not {', '.join(map(str, lacking))}.",
            remedy=FORBIDDEN_REMEDY,
        )


def _allowed(rest: Rest, need: Need) -> bool:
    attributes = {
        "verb": need.verb,
        "group": need.group,
        "resource": need.resource,
        "subresource": need.subresource,
    }
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {key: value for key, value in attributes.items() if value}},
    }
    return bool((rest.create(_REVIEWS, review).get("status") or {}).get("allowed"))
