"""Looking at a cluster before a run: reads and dry runs only, nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from netprobe.cluster.kube.facts import Bodies, Clocks, Facts, Seen, Trial
from netprobe.cluster.kube.kinds import collection_path
from netprobe.cluster.kube.permissions import needed_for
from netprobe.cluster.kube.preflight import lacking_of, server_version
from netprobe.cluster.kube.reading import read_dns
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.kube.signs import read_signs
from netprobe.cluster.port import Body
from netprobe.errors import Refused
from netprobe.model.permission import Permission, Purpose

_WEBHOOKS = "/apis/admissionregistration.k8s.io/v1"
_PURPOSES = (Purpose.RUN, Purpose.CHECK)
_NOT_ALLOWED = " cannot create resource "
"""In the words of a server that refuses for want of permission, not because of the object."""

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Trials:
    """Objects that the server is asked about in a dry run, and the image of netprobe's pods.

    The pod is tried in the namespace that it names, which must exist.
    """

    namespace: Body
    pod: Body
    image: str


def examine(rest: Rest, trials: Trials) -> Facts:
    """Read everything that the checks of ``doctor`` look at.

    Raises EnvironmentFailure when the server does not answer or does not accept our credentials.
    """
    connection = rest.connection
    version = server_version(rest)
    dns = _seen(lambda: read_dns(rest))
    return Facts(
        server=connection.server,
        context=connection.context,
        proxy=connection.proxy,
        credentials=connection.credentials,
        image=trials.image,
        version=version,
        clocks=_clocks(rest),
        lacking=_seen(lambda: _lacking(rest)),
        namespaces=_listed(rest, collection_path("Namespace")),
        nodes=_listed(rest, collection_path("Node")),
        dns_services=Seen(value=None if dns.value is None else dns.value[0], why=dns.why),
        dns_pods=Seen(value=None if dns.value is None else dns.value[1], why=dns.why),
        quotas=_listed(rest, "/api/v1/resourcequotas"),
        limit_ranges=_listed(rest, "/api/v1/limitranges"),
        webhooks=_webhooks(rest),
        trial_namespace=_tried(rest, collection_path("Namespace"), trials.namespace),
        trial_pod=_tried(rest, _pods_path(trials.pod), trials.pod),
        signs=read_signs(rest),
    )


def _clocks(rest: Rest) -> Seen[Clocks]:
    before = datetime.now(UTC)
    server = rest.server_time()
    if server is None:
        return Seen(why="the server's answers carry no Date")
    return Seen(value=Clocks(server=server, before=before, after=datetime.now(UTC)))


def _lacking(rest: Rest) -> Mapping[Purpose, tuple[Permission, ...]]:
    needed = {purpose: needed_for(purpose) for purpose in _PURPOSES}
    lacking = set(lacking_of(rest, dict.fromkeys(each for needs in needed.values() for each in needs)))
    return {purpose: tuple(each for each in needs if each in lacking) for purpose, needs in needed.items()}


def _webhooks(rest: Rest) -> Seen[Bodies]:
    answers = [
        _listed(rest, f"{_WEBHOOKS}/{kind}webhookconfigurations") for kind in ("mutating", "validating")
    ]
    why = next((answer.why for answer in answers if answer.value is None), "")
    if why:
        return Seen(why=why)
    return Seen(value=tuple(body for answer in answers for body in answer.value or ()))


def _pods_path(pod: Body) -> str:
    metadata = pod["metadata"]
    assert isinstance(metadata, Mapping)
    return collection_path("Pod", str(metadata["namespace"]))


def _listed(rest: Rest, path: str) -> Seen[Bodies]:
    """A collection; none where the server does not have the kind."""

    def read() -> Bodies:
        try:
            return rest.items(path)
        except Refused as refused:
            if refused.status != 404:
                raise
            return ()

    return _seen(read)


def _tried(rest: Rest, path: str, body: Body) -> Seen[Trial]:
    try:
        answer = rest.would_create(path, body)
    except Refused as refused:
        words = refused.message.removeprefix("The API server refused: ")
        if refused.status == 401:
            raise
        if _NOT_ALLOWED in words or refused.status == 404:
            return Seen(why=words)
        return Seen(value=Trial(refusal=words))
    names = {each["name"] for each in _containers(body)}
    added = tuple(str(each["name"]) for each in _containers(answer) if each["name"] not in names)
    return Seen(value=Trial(added=added))


def _containers(body: Body) -> list[Mapping[str, Any]]:
    spec = body.get("spec")
    found = spec if isinstance(spec, Mapping) else {}
    return [*(found.get("initContainers") or ()), *(found.get("containers") or ())]


def _seen(read: Callable[[], T]) -> Seen[T]:
    """What is read, or why not; raises Refused when our credentials are not accepted at all."""
    try:
        return Seen(value=read())
    except Refused as refused:
        if refused.status == 401:
            raise
        return Seen(why=refused.message.removeprefix("The API server refused: "))
