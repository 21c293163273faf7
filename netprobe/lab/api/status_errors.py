"""Refusals as the API server words them: each is a ``Status`` object with an HTTP code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netprobe.lab.api.resources import Resource

USER = "system:anonymous"
_INSTEAD = {
    "attach": "; see a container's output with kubectl logs -f, run a program with kubectl exec",
    "portforward": "; send the request from inside a pod, with kubectl exec",
    "ephemeralcontainers": "; programs of the lab's machine are in every pod: use kubectl exec",
}


class StatusError(Exception):
    """A request is refused; ``body`` is the Status object to answer with, ``code`` its HTTP status."""

    def __init__(self, code: int, reason: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.body = status_body(code, reason, message, details)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """One thing that is wrong with an object: the API's reason word, its message and the field's path."""

    reason: str
    message: str
    field: str

    def as_json(self) -> dict[str, str]:
        """The cause as an entry of ``details.causes``."""
        return {"reason": self.reason, "message": self.message, "field": self.field}


def status_body(
    code: int, reason: str, message: str, details: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Build a failing ``Status``; ``details`` None leaves the field out."""
    body: dict[str, Any] = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": reason,
    }
    if details is not None:
        body["details"] = details
    return {**body, "code": code}


def details_of(resource: Resource, name: str, **more: object) -> dict[str, Any]:
    """``details`` that name an object by its plural, with the group where there is one."""
    details: dict[str, Any] = {"name": name} if name else {}
    if resource.group:
        details["group"] = resource.group
    return {**details, "kind": resource.plural, **more}


def not_found(resource: Resource, name: str) -> StatusError:
    """404 for an object that is not there."""
    return StatusError(
        404, "NotFound", f'{resource.qualified_plural} "{name}" not found', details_of(resource, name)
    )


def unknown_resource() -> StatusError:
    """404 for a path under a known group version that leads nowhere."""
    return StatusError(404, "NotFound", "the server could not find the requested resource", {})


def not_in_the_lab(subresource: str) -> StatusError:
    """404 for a subresource of pods that a real server may have; clients print the message."""
    instead = _INSTEAD.get(subresource, "")
    return StatusError(404, "NotFound", f"the lab does not serve pods/{subresource}{instead}", {})


def already_exists(resource: Resource, name: str) -> StatusError:
    """409 for a name that is taken."""
    message = f'{resource.qualified_plural} "{name}" already exists'
    return StatusError(409, "AlreadyExists", message, details_of(resource, name))


def conflict(resource: Resource, name: str, why: str) -> StatusError:
    """409 for a write that rests on an older state."""
    message = f'Operation cannot be fulfilled on {resource.qualified_plural} "{name}": {why}'
    return StatusError(409, "Conflict", message, details_of(resource, name))


def modified_meanwhile(resource: Resource, name: str) -> StatusError:
    """409 for a stale resourceVersion."""
    why = "the object has been modified; please apply your changes to the latest version and try again"
    return conflict(resource, name, why)


def forbidden(resource: Resource, name: str, why: str, causes: Sequence[Cause] = ()) -> StatusError:
    """403 by an admission rule."""
    more = {"causes": [cause.as_json() for cause in causes]} if causes else {}
    message = f'{resource.qualified_plural} "{name}" is forbidden: {why}'
    return StatusError(403, "Forbidden", message, details_of(resource, name, **more))


def anonymous(resource: Resource, verb: str, namespace: str, name: str) -> StatusError:
    """403 for a request without a token."""
    scope = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    named = f'{resource.qualified_plural} "{name}"' if name else resource.qualified_plural
    message = (
        f'{named} is forbidden: User "{USER}" cannot {verb} resource "{resource.plural}" '
        f'in API group "{resource.group}" {scope}'
    )
    return StatusError(403, "Forbidden", message, details_of(resource, name))


def anonymous_path(verb: str, path: str) -> StatusError:
    """403 for a request without a token to a path that is no resource."""
    message = f'forbidden: User "{USER}" cannot {verb} path "{path}"'
    return StatusError(403, "Forbidden", message, {})


def unauthorized() -> StatusError:
    """401 for a token that is not the lab's."""
    return StatusError(401, "Unauthorized", "Unauthorized")


def bad_request(message: str) -> StatusError:
    """400 for a request that cannot be understood."""
    return StatusError(400, "BadRequest", message)


def undecodable(kind: str, version: str, wanted: str, why: str) -> StatusError:
    """400 for a body that is no object of the ``wanted`` kind."""
    return bad_request(f'{kind} in version "{version}" cannot be handled as a {wanted}: {why}')


def invalid(resource: Resource, name: str, causes: Sequence[Cause]) -> StatusError:
    """422 for an object that breaks rules; every broken rule is a cause."""
    each = [f"{cause.field}: {cause.message}" for cause in causes]
    what = each[0] if len(each) == 1 else f"[{', '.join(each)}]"
    details: dict[str, Any] = {"name": name}
    if resource.group:
        details["group"] = resource.group
    details |= {"kind": resource.kind, "causes": [cause.as_json() for cause in causes]}
    return StatusError(422, "Invalid", f'{resource.qualified_kind} "{name}" is invalid: {what}', details)


def method_not_allowed() -> StatusError:
    """405 for a verb that the resource does not take."""
    return StatusError(
        405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {}
    )


def unsupported_media_type() -> StatusError:
    """415 for a patch or body in a form that the lab does not read."""
    return StatusError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {})


def expired(message: str) -> StatusError:
    """410 for a resourceVersion or a continue token that is no longer remembered."""
    return StatusError(410, "Expired", message)


def internal(message: str) -> StatusError:
    """500: the lab itself could not do it."""
    return StatusError(
        500, "InternalError", f"Internal error occurred: {message}", {"causes": [{"message": message}]}
    )
