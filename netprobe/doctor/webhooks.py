"""Which admission webhooks would look at netprobe's objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.cluster.kube.readiness import matches

_OURS = (
    ("CREATE", "", "namespaces"),
    ("CREATE", "", "pods"),
    ("CREATE", "", "services"),
    ("CREATE", "apps", "deployments"),
    ("CREATE", "networking.k8s.io", "networkpolicies"),
    ("CONNECT", "", "pods/exec"),
)
"""What a run asks for that webhooks may refuse or change: operation, group, resource."""

Body = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Watching:
    """A webhook and which of our resources it sees; ``fatal``: when it does not answer, we are refused."""

    name: str
    mutating: bool
    fatal: bool
    resources: tuple[str, ...]
    conditional: bool

    def __str__(self) -> str:
        """Render as one line."""
        does = "may change" if self.mutating else "may refuse"
        when = ", under conditions of its own" if self.conditional else ""
        down = "; when it is down, nothing is created" if self.fatal else ""
        return f"{self.name} {does} {', '.join(self.resources)}{when}{down}"


def watching(configurations: Iterable[Body], labels: Mapping[str, str]) -> Iterator[Watching]:
    """The webhooks that would look at objects in namespaces with these labels."""
    for body in configurations:
        mutating = str(body.get("kind", "")).startswith("Mutating")
        for hook in body.get("webhooks") or ():
            resources = tuple(_met(hook, labels))
            if resources:
                yield Watching(
                    name=str(hook.get("name")),
                    mutating=mutating,
                    fatal=hook.get("failurePolicy", "Fail") == "Fail",
                    resources=resources,
                    conditional=bool(hook.get("matchConditions") or hook.get("objectSelector")),
                )


def _met(hook: Body, labels: Mapping[str, str]) -> Iterator[str]:
    """Our resources that its rules name, unless it leaves out namespaces like ours."""
    if not matches(hook.get("namespaceSelector") or {}, labels):
        return
    for operation, group, resource in _OURS:
        if any(_names(rule, operation, group, resource) for rule in hook.get("rules") or ()):
            yield resource


def _names(rule: Body, operation: str, group: str, resource: str) -> bool:
    whole, _, sub = resource.partition("/")
    spelled = {resource, "*/*", f"{whole}/*", f"*/{sub}" if sub else "*"}
    scope = rule.get("scope", "*")
    fits = scope == "*" or (scope == "Cluster") is (resource == "namespaces")
    return (
        fits
        and bool({operation, "*"} & set(rule.get("operations") or ()))
        and bool({group, "*"} & set(rule.get("apiGroups") or ()))
        and bool(spelled & set(rule.get("resources") or ()))
    )
