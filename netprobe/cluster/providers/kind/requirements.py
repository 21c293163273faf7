"""What this machine must have for a plan: programs, their versions, a Docker daemon that answers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from netprobe.cluster.providers.kind.plan import Plan
from netprobe.cluster.providers.kind.programs import INSTALL, Programs, missing
from netprobe.errors import EnvironmentFailure, InputError

_SECONDS = 30.0
_KUBECTL = "1.25"
"""The oldest that applies on the server's side, with kustomizations whose manifests are URLs."""
_HELM = "3.8"
_NFTABLES = "0.24"
_NUMBER = re.compile(r"v?(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Versions:
    """What is installed, as ``v0.32.0``; "" for what the plan does not need."""

    kind: str
    docker: str
    kubectl: str = ""
    helm: str = ""


def check_machine(programs: Programs, plan: Plan) -> Versions:
    """Find out what is here. Raises InputError (missing, too old), EnvironmentFailure (no daemon)."""
    _all_there(programs, plan)
    kind = kind_version(programs)
    _not_older("kind", kind, plan.recipe.cluster.kind, f"the recipe {plan.recipe.name}")
    if plan.proxy == "nftables":
        _not_older("kind", kind, _NFTABLES, "kube-proxy in mode nftables")
    return Versions(
        kind=kind,
        docker=_docker_version(programs),
        kubectl=_kubectl_version(programs) if _uses_kubectl(plan) else "",
        helm=_helm_version(programs) if _uses_helm(plan) and programs.has("helm") else "",
    )


def kind_version(programs: Programs) -> str:
    """The version of kind; raises InputError without kind, EnvironmentFailure for words that hold none."""
    said = programs.run("kind", "version", deadline=_SECONDS)
    return _version_in(said, "kind version")


def _all_there(programs: Programs, plan: Plan) -> None:
    needed = ["kind", "docker"] + (["kubectl"] if _uses_kubectl(plan) else [])
    lacking = [name for name in needed if not programs.has(name)]
    if _uses_helm(plan) and not programs.has("helm"):
        instead = any(step.helm.or_cilium for step in plan.steps if step.helm is not None)
        if not (instead and programs.has("cilium")):
            lacking.append("helm")
    if len(lacking) == 1:
        raise missing(lacking[0])
    if lacking:
        raise InputError(
            f"these programs are not on PATH: {', '.join(lacking)}",
            remedy="; ".join(f"{name}: {INSTALL[name].removeprefix('install it: ')}" for name in lacking),
        )


def _uses_kubectl(plan: Plan) -> bool:
    return any(step.apply or step.objects for step in plan.steps)


def _uses_helm(plan: Plan) -> bool:
    return any(step.helm is not None for step in plan.steps)


def _docker_version(programs: Programs) -> str:
    answer = programs.ask("docker", "version", "--format", "{{.Server.Version}}", deadline=_SECONDS)
    words = " ".join(answer.errors.split())
    if answer.code != 0 or not answer.output.strip():
        denied = "permission denied" in words.lower()
        raise EnvironmentFailure(
            f"the Docker daemon does not answer: {words or 'docker version says nothing of a server'}",
            remedy="put your user into the group docker, and log in again"
            if denied
            else "start Docker, and check `docker info`",
        )
    return answer.output.strip()


def _kubectl_version(programs: Programs) -> str:
    said = programs.run("kubectl", "version", "--client", "--output=json", deadline=_SECONDS)
    try:
        version = str(json.loads(said)["clientVersion"]["gitVersion"])
    except (ValueError, KeyError, TypeError):
        version = said
    found = _version_in(version, "kubectl version")
    _not_older("kubectl", found, _KUBECTL, "applying manifests on the server's side")
    return found


def _helm_version(programs: Programs) -> str:
    found = _version_in(
        programs.run("helm", "version", "--template={{.Version}}", deadline=_SECONDS), "helm version"
    )
    _not_older("helm", found, _HELM, "its charts")
    return found


def _version_in(said: str, command: str) -> str:
    found = _NUMBER.search(said)
    if found is None:
        raise EnvironmentFailure(
            f"`{command}` does not say a version: {' '.join(said.split())[:80] or 'nothing at all'}",
            remedy="check that the program on PATH is the right one",
        )
    return f"v{found[1]}.{found[2]}.{found[3] or 0}"


def _not_older(name: str, version: str, least: str, purpose: str) -> None:
    if _parts(version) < _parts(least):
        raise InputError(
            f"{name} {version} is too old for {purpose}: v{least} or newer is needed",
            remedy=f"update it; {INSTALL[name]}",
        )


def _parts(version: str) -> tuple[int, ...]:
    found = _NUMBER.match(version)
    assert found is not None
    return tuple(int(part or 0) for part in found.groups())
