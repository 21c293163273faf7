"""AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy from plain data."""

from __future__ import annotations

from collections.abc import Mapping

from netprobe.errors import InputError
from netprobe.manifests.admin.dialect import DIALECTS, Dialect
from netprobe.manifests.admin.peers import decode_subject
from netprobe.manifests.admin.rules import decode_admin_rules
from netprobe.manifests.cursor import Cursor, cursor, did_you_mean
from netprobe.manifests.document import Document, Places
from netprobe.manifests.kinds import ADMIN_POLICIES
from netprobe.manifests.metadata import decode_metadata, decode_type
from netprobe.model.admin_policy import AdminPolicy, Tier
from netprobe.model.inventory import Remark
from netprobe.model.place import Problem
from netprobe.model.policy import Direction

_BASELINE = "BaselineAdminNetworkPolicy"
_HIGHEST = 1000


def decode_admin_policy(
    document: Document, problems: list[Problem], *, remarks: list[Remark] | None = None
) -> AdminPolicy | None:
    """Read a cluster-wide policy from a file; None when it cannot be used, and then ``problems`` has grown.

    With ``remarks``, unknown fields go there.
    """
    return read_admin_policy(cursor(document, problems, remarks=remarks))


def decode_admin_policy_body(body: Mapping[str, object], *, file: str = "<cluster>") -> AdminPolicy:
    """Read a cluster-wide policy that an API server gave us, whose CRD may be newer than netprobe.

    Peers and ports that say something unknown fail closed, as the reference asks for. Raises InputError
    for a policy that is unknown as a whole (another subject, tier or action).
    """
    problems: list[Problem] = []
    document = Document(body=dict(body), places=Places(file=file))
    policy = read_admin_policy(cursor(document, problems, strict=False))
    if policy is None:
        raise InputError(f"this policy cannot be understood: {problems[0]}", problems=problems)
    return policy


def read_admin_policy(top: Cursor) -> AdminPolicy | None:
    """Read a cluster-wide policy from the top of its document; None, with problems, if unusable."""
    before = len(top.problems)
    kind = str(top.value.get("kind"))
    dialect = DIALECTS.get(kind)
    if dialect is None:
        decode_type(top, "", *DIALECTS)
        return None
    if not decode_type(top, ADMIN_POLICIES[kind], kind):
        return None
    top.keys(("apiVersion", "kind", "metadata", "spec", "status"))
    metadata = decode_metadata(top)
    if kind == _BASELINE:
        _check_only_name(top.mapping("metadata"))
    spec = top.mapping("spec", required=True)
    if metadata is None or spec is None:
        return None
    policy = _policy(spec, kind, metadata.name, dialect)
    return policy if len(top.problems) == before else None


def _check_only_name(metadata: Cursor | None) -> None:
    name = metadata.text("name") if metadata is not None else None
    if metadata is not None and name not in (None, "default"):
        metadata.complain(f'"{name}" must be "default", as there is only one {_BASELINE}', key="name")


def _policy(spec: Cursor, kind: str, name: str, dialect: Dialect) -> AdminPolicy | None:
    own = (*(() if dialect.tier else ("tier",)), *(("priority",) if dialect.has_priority else ()))
    spec.keys(("subject", "ingress", "egress", *own))
    tier = dialect.tier or _tier(spec)
    priority = _priority(spec) if dialect.has_priority else 0
    subject = decode_subject(spec, dialect)
    ingress = decode_admin_rules(spec, Direction.INGRESS, dialect)
    egress = decode_admin_rules(spec, Direction.EGRESS, dialect)
    if tier is None or priority is None or subject is None:
        return None
    return AdminPolicy(
        kind=kind,
        name=name,
        tier=tier,
        priority=priority,
        subject=subject,
        ingress=ingress,
        egress=egress,
        place=spec.places.of(()),
    )


def _tier(spec: Cursor) -> Tier | None:
    text = spec.text("tier", required=True)
    if text is None or text in tuple(Tier):
        return Tier(text) if text else None
    spec.complain(
        f'"{text}" is not a tier; use one of {", ".join(Tier)}', key="tier", hint=did_you_mean(text, Tier)
    )
    return None


def _priority(spec: Cursor) -> int | None:
    number = spec.number("priority", required=True)
    if number is not None and not 0 <= number <= _HIGHEST:
        spec.complain(f"{number} must be between 0 and {_HIGHEST}", key="priority")
    return number
