"""Permissions as the objects that grant them: a ClusterRole, Roles, bindings and their account."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from netprobe.model.permission import Permission

_RBAC = "rbac.authorization.k8s.io"
_CORE = '""'
_WIDTH = 100

_POWERFUL = (
    'RBAC cannot say "only in namespaces that netprobe made". So this account may create and delete ANY'
    " namespace, start pods in ANY namespace, run commands in ANY pod, and change ANY NetworkPolicy. netprobe"
    " itself refuses to touch what the same run did not create; the API server does not. Guard the account's"
    " token as you would an administrator's."
)
_DELETING = (
    'RBAC cannot say "only namespaces that netprobe made": this account may delete ANY namespace. netprobe'
    " itself deletes only those that carry its labels."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """The service account that gets the permissions, and the name of the roles."""

    role: str
    name: str
    namespace: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rule:
    group: str
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    names: tuple[str, ...]
    why: tuple[str, ...]


def render(permissions: Sequence[Permission], account: Account, *, command: str, bare: bool = False) -> str:
    """Return the YAML of everything that lets ``account`` do ``command``; ``bare`` leaves the account out.

    The Namespace and the ServiceAccount come first, then what holds in the whole cluster, then what holds in
    one namespace each.
    """
    homes: dict[str, list[Permission]] = {}
    for each in permissions:
        homes.setdefault(each.namespace, []).append(each)
    documents = [] if bare else [_namespace(account), _service_account(account)]
    for home in sorted(homes):
        documents += [_role(account, home, homes[home]), _binding(account, home)]
    return "\n".join([*_head(permissions, command), "---\n".join(documents)])


def rules_of(permissions: Iterable[Permission]) -> tuple[_Rule, ...]:
    """The rules of a role: verbs of one resource together, then resources that need the same."""
    verbs: dict[tuple[str, str, tuple[str, ...]], dict[str, str]] = {}
    for each in permissions:
        verbs.setdefault((each.group, each.path, each.names), {})[each.verb] = each.why
    merged: dict[tuple[str, tuple[str, ...], tuple[str, ...]], dict[str, Mapping[str, str]]] = {}
    for (group, path, names), of in verbs.items():
        merged.setdefault((group, names, tuple(sorted(of))), {})[path] = of
    return tuple(
        _Rule(
            group=group,
            names=names,
            verbs=of,
            resources=tuple(sorted(paths)),
            why=tuple(dict.fromkeys(why for path in sorted(paths) for why in paths[path].values())),
        )
        for (group, names, of), paths in sorted(merged.items())
    )


def _head(permissions: Sequence[Permission], command: str) -> Iterator[str]:
    yield f"# The permissions of {command} on a cluster, and no more."
    writes = [each for each in permissions if each.verb not in ("get", "list")]
    if any(each.path == "pods/exec" for each in permissions):
        yield "#"
        yield from _comment(_POWERFUL)
    elif writes:
        yield "#"
        yield from _comment(_DELETING)
    else:
        yield "# It only reads."


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _namespace(account: Account) -> str:
    return f"apiVersion: v1\nkind: Namespace\nmetadata:\n  name: {account.namespace}\n"


def _service_account(account: Account) -> str:
    return (
        "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n"
        f"  name: {account.name}\n  namespace: {account.namespace}\n"
    )


def _role(account: Account, home: str, permissions: Sequence[Permission]) -> str:
    kind = "Role" if home else "ClusterRole"
    lines = [f"apiVersion: {_RBAC}/v1", f"kind: {kind}", "metadata:", f"  name: {account.role}"]
    lines += [f"  namespace: {home}"] if home else []
    lines.append("rules:")
    for rule in rules_of(permissions):
        lines += _comment("; ".join(rule.why))
        lines.append(f"- apiGroups: [{rule.group or _CORE}]")
        lines.append(f"  resources: [{', '.join(rule.resources)}]")
        lines += [f"  resourceNames: [{', '.join(rule.names)}]"] if rule.names else []
        lines.append(f"  verbs: [{', '.join(rule.verbs)}]")
    return "\n".join(lines) + "\n"


def _binding(account: Account, home: str) -> str:
    kind = "Role" if home else "ClusterRole"
    lines = [f"apiVersion: {_RBAC}/v1", f"kind: {kind}Binding", "metadata:", f"  name: {account.role}"]
    lines += [f"  namespace: {home}"] if home else []
    lines += ["roleRef:", f"  apiGroup: {_RBAC}", f"  kind: {kind}", f"  name: {account.role}"]
    lines += ["subjects:", "- kind: ServiceAccount", f"  name: {account.name}"]
    lines += [f"  namespace: {account.namespace}"]
    return "\n".join(lines) + "\n"
