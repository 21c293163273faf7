"""Checks before a run: that the server answers, and that it allows what a run needs."""

from __future__ import annotations

from collections.abc import Iterable

from netprobe.cluster.kube.permissions import needed_for
from netprobe.cluster.kube.rest import FORBIDDEN_REMEDY, Rest
from netprobe.errors import EnvironmentFailure, Refused
from netprobe.model.permission import Permission, Purpose

REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

NEEDS = tuple(each for each in needed_for(Purpose.RUN) if each.vital)
"""What no run can do without."""


def server_version(rest: Rest) -> str:
    """The API server's version (``v1.36.2``); raises EnvironmentFailure when it is unreachable."""
    return str(rest.get("/version").get("gitVersion") or "")


def check_access(rest: Rest) -> None:
    """Raise EnvironmentFailure for a server that does not answer, or that forbids what a run needs.

    Where the server does not say what it allows, the run itself will find out.
    """
    server_version(rest)
    try:
        lacking = lacking_of(rest, NEEDS)
    except Refused as refused:
        if refused.status == 401:
            raise
        return
    if lacking:
        raise EnvironmentFailure(
            f"Your account on {rest.connection.server} may not {', '.join(map(str, lacking))}.",
            remedy=FORBIDDEN_REMEDY,
        )


def lacking_of(rest: Rest, needs: Iterable[Permission]) -> tuple[Permission, ...]:
    """Those that the server does not allow; raises Refused where it does not say."""
    return tuple(need for need in needs if not _allowed(rest, need))


def _allowed(rest: Rest, need: Permission) -> bool:
    """Whether all that the permission is about is allowed (of several named objects: the first)."""
    attributes = {
        "verb": need.verb,
        "group": need.group,
        "resource": need.resource,
        "subresource": need.subresource,
        "namespace": need.namespace,
        "name": need.names[0] if need.names else "",
    }
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {key: value for key, value in attributes.items() if value}},
    }
    return bool((rest.create(REVIEWS, review).get("status") or {}).get("allowed"))
