"""Pod Security admission: what a namespace labelled ``pod-security.kubernetes.io/enforce`` refuses.

https://kubernetes.io/docs/concepts/security/pod-security-standards/ - the levels "baseline" (host
namespaces, host ports, privileged containers) and "restricted" (the four rules every pod must state).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from netprobe.lab.api.resources import Resource
from netprobe.lab.api.status_errors import forbidden
from netprobe.lab.store.objects import Object, Store

ENFORCE = "pod-security.kubernetes.io/enforce"


def admit_pod(store: Store, resource: Resource, pod: Object) -> None:
    """Check a new pod against its namespace's level; raises StatusError (403)."""
    meta = pod["metadata"]
    namespace = store.find("namespaces", "", meta["namespace"]) or {"metadata": {}}
    labels = namespace["metadata"].get("labels", {})
    level = labels.get(ENFORCE, "privileged")
    violations = tuple(_violations(level, pod["spec"]))
    if violations:
        version = labels.get(f"{ENFORCE}-version", "latest")
        why = f'violates PodSecurity "{level}:{version}": {", ".join(violations)}'
        raise forbidden(resource, meta.get("name", ""), why)


def _violations(level: str, spec: Mapping[str, Any]) -> Iterator[str]:
    if level in {"baseline", "restricted"}:
        yield from _baseline(spec)
    if level == "restricted":
        yield from _restricted(spec)


def _baseline(spec: Mapping[str, Any]) -> Iterator[str]:
    hosts = [f"{key}=true" for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key)]
    if hosts:
        yield f"host namespaces ({', '.join(hosts)})"
    volumes = [f'"{each["name"]}"' for each in spec.get("volumes") or () if "hostPath" in each]
    if volumes:
        yield f"hostPath volumes ({'volume' if len(volumes) == 1 else 'volumes'} {', '.join(volumes)})"
    ports = [
        (container["name"], str(port["hostPort"]))
        for container in spec.get("containers", ())
        for port in container.get("ports", ())
        if port.get("hostPort")
    ]
    if ports:
        names = ", ".join(f'"{name}"' for name, _ in ports)
        yield f"hostPort ({_containers(len(ports))} {names} uses hostPort {', '.join(n for _, n in ports)})"
    privileged = [c["name"] for c in spec.get("containers", ()) if _context(c).get("privileged")]
    if privileged:
        yield f"privileged ({_list(privileged)} must not set securityContext.privileged=true)"


def _restricted(spec: Mapping[str, Any]) -> Iterator[str]:
    containers = spec.get("containers", ())
    escalating = [c["name"] for c in containers if _context(c).get("allowPrivilegeEscalation") is not False]
    if escalating:
        yield (
            "allowPrivilegeEscalation != false "
            f"({_list(escalating)} must set securityContext.allowPrivilegeEscalation=false)"
        )
    capable = [
        c["name"] for c in containers if "ALL" not in (_context(c).get("capabilities") or {}).get("drop", ())
    ]
    if capable:
        must = 'must set securityContext.capabilities.drop=["ALL"]'
        yield f"unrestricted capabilities ({_list(capable)} {must})"
    yield from _either(
        spec,
        lambda context: context.get("runAsNonRoot") is True,
        "runAsNonRoot != true (pod or {} must set securityContext.runAsNonRoot=true)",
    )
    yield from _either(
        spec,
        lambda context: (context.get("seccompProfile") or {}).get("type") in {"RuntimeDefault", "Localhost"},
        "seccompProfile (pod or {} must set securityContext.seccompProfile.type to "
        '"RuntimeDefault" or "Localhost")',
    )


def _either(
    spec: Mapping[str, Any], states: Callable[[Mapping[str, Any]], bool], sentence: str
) -> Iterator[str]:
    """Yield ``sentence`` unless the pod's context or every container's own states the rule."""
    silent = [c["name"] for c in spec.get("containers", ()) if not states(_context(c))]
    if silent and not states(spec.get("securityContext") or {}):
        yield sentence.format(_list(silent))


def _context(container: Mapping[str, Any]) -> Mapping[str, Any]:
    return container.get("securityContext") or {}


def _containers(count: int) -> str:
    return "container" if count == 1 else "containers"


def _list(names: Sequence[str]) -> str:
    return f"{_containers(len(names))} {', '.join(chr(34) + name + chr(34) for name in names)}"
