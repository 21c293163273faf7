"""``netprobe rbac``: the roles that a command needs."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.cluster.kube.permissions import PERMISSIONS
from netprobe.errors import InputError
from netprobe.manifests.names import wrong_dns_label, wrong_dns_subdomain
from netprobe.model.permission import Purpose
from netprobe.report.rbac.to_yaml import Account, render

WORDS = {"matrix": Purpose.OFFLINE, "lint": Purpose.OFFLINE, **{each.value: each for each in Purpose}}
"""Commands by their names, and what each needs."""

DEFAULT = ("run", "check")
"""The commands of an account that nobody said anything about."""

_NAME = "netprobe"


@dataclass(frozen=True, kw_only=True, slots=True)
class RbacRequest:
    """For which commands (``words``), and what the objects are called.

    ``name`` None: netprobe, with the commands where they are not those of ``DEFAULT``.
    ``bare``: the namespace and the account are there already.
    """

    words: tuple[str, ...] = DEFAULT
    name: str | None = None
    namespace: str = _NAME
    service_account: str = _NAME
    bare: bool = False


def rbac(request: RbacRequest) -> str:
    """Return the manifests as YAML. Raises InputError for names that Kubernetes would refuse."""
    name = request.name or (_NAME if request.words == DEFAULT else "-".join((_NAME, *request.words)))
    wrong = [
        f"{option} {value}: {problem}"
        for option, value, check in (
            ("--name", name, wrong_dns_subdomain),
            ("--namespace", request.namespace, wrong_dns_label),
            ("--service-account", request.service_account, wrong_dns_subdomain),
        )
        if (problem := check(value))
    ]
    if wrong:
        raise InputError("; ".join(wrong), remedy="name it like a Kubernetes object")
    purposes = {WORDS[word] for word in request.words}
    permissions = [each for each in PERMISSIONS if each.purposes & purposes]
    account = Account(role=name, name=request.service_account, namespace=request.namespace)
    commands = " and ".join(f"`netprobe {word}`" for word in request.words)
    return render(permissions, account, command=commands, bare=request.bare)
