"""The one small protocol through which the runner sees a cluster.

The runner cannot tell the lab from a live cluster: both stand behind ``Cluster``. Everything here
speaks in *placed* names (``np-<run>-production``); translating to the author's names is the
runner's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from netprobe.model.run import ClusterDescription
from netprobe.model.topology import ExternalHost

Body = Mapping[str, object]
"""A Kubernetes object as a plain JSON-like mapping."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What netprobe allows itself on this cluster.

    ``flows_in_flight`` at any moment, ``connections_per_second`` (None: unlimited), ``quiet_seconds``
    after a write before attempts count although no sentinel flipped, ``own_dial_seconds`` above
    which a batch's own-pod dial counts as slow (the batch is void). ``runs_at_once`` is how many
    scenarios are run at the same time unless the user says otherwise; they share the limits.
    ``no_effect_seconds``: a policy that had no effect on a node for so long will have none, where it is
    known how soon this network takes policies up; None: it is not known, and the settle time counts.
    """

    flows_in_flight: int = 400
    connections_per_second: int | None = None
    quiet_seconds: float = 1.0
    own_dial_seconds: float = 1.0
    runs_at_once: int = 1
    no_effect_seconds: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectRef:
    """An object by apiVersion, kind and name; ``namespace`` is "" for cluster-scoped kinds."""

    api_version: str
    kind: str
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        """Render as ``Kind namespace/name``."""
        where = f"{self.namespace}/" if self.namespace else ""
        return f"{self.kind} {where}{self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterState:
    """What was read at one moment: plain objects, as the API server gives them.

    ``pods``, ``services`` and ``endpoint_slices`` are those of the run's namespaces and of the
    cluster's DNS; ``namespaces``, ``policies`` and ``admin_policies`` (the cluster-wide ones of
    policy.networking.k8s.io) are all of the cluster. ``dns_pods`` are the pods
    behind the DNS Service.
    """

    namespaces: tuple[Body, ...] = ()
    nodes: tuple[Body, ...] = ()
    pods: tuple[Body, ...] = ()
    services: tuple[Body, ...] = ()
    endpoint_slices: tuple[Body, ...] = ()
    policies: tuple[Body, ...] = ()
    admin_policies: tuple[Body, ...] = ()
    dns_namespace: str = "kube-system"
    unreadable: tuple[str, ...] = field(default=())


@dataclass(frozen=True, kw_only=True, slots=True)
class Census:
    """All objects of a cluster that decide flows, as the API server gives them.

    ``unreadable`` names kinds of policies that could not be read.
    """

    bodies: tuple[Body, ...]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Signs:
    """What tells which CNI a cluster has, as the API server gives it.

    ``server`` is the API's URL, ``context`` the kubeconfig's name for it, ``version`` the server's.
    ``nodes``, ``daemon_sets`` and ``custom`` are None when they could not be read at all. ``custom`` are
    the names of CustomResourceDefinitions (``ciliumendpoints.cilium.io``) or, where these may not be
    listed, of API groups. ``cni_files`` are CNI configuration files of a node, name → text; None when
    nobody brought any. ``unseen`` lists what could not be read, in words.
    """

    server: str = ""
    context: str = ""
    version: str = ""
    nodes: tuple[Body, ...] | None = ()
    daemon_sets: tuple[Body, ...] | None = ()
    deployments: tuple[Body, ...] = ()
    config_maps: tuple[Body, ...] = ()
    helm_charts: tuple[Body, ...] = ()
    custom: tuple[str, ...] | None = ()
    cni_files: Mapping[str, str] | None = None
    unseen: tuple[str, ...] = ()


class Session(Protocol):
    """One exec session: ``sh`` in a container, stdin and stdout held open."""

    def exchange(self, script: str, end_mark: str, deadline: float) -> str:
        """Send ``script`` and return stdout up to and without the line that is ``end_mark``.

        ``deadline`` is in seconds from now. Raises SessionLost (with what arrived) when the session
        ends or the deadline passes first; the session is unusable afterwards.
        """

    def close(self) -> None:
        """End the session; never raises, may be called twice."""


class Cluster(Protocol):
    """A cluster as the runner needs it. Methods may be called from several threads."""

    @property
    def description(self) -> ClusterDescription:
        """What this cluster is, for reports."""

    @property
    def limits(self) -> Limits:
        """What netprobe allows itself here."""

    def preflight(self) -> None:
        """Check that the cluster answers and that we may do what a run needs.

        Raises EnvironmentFailure with a remedy (unreachable, expired token, forbidden).
        """

    def apply(self, objects: Sequence[Body]) -> None:
        """Create each object, or replace it when it exists, in order.

        Raises Refused with the API server's words, and InputError never.
        """

    def delete(self, refs: Sequence[ObjectRef]) -> None:
        """Delete each object; one that is absent is fine. Namespaces: returns at once."""

    def delete_leftover(self, namespace: str, run: str) -> None:
        """Delete a namespace that an earlier run made; returns at once, absent is fine.

        Only while it still carries the labels of that run. Raises EnvironmentFailure when it does not.
        """

    def label(self, ref: ObjectRef, labels: Mapping[str, str | None]) -> None:
        """Merge ``labels`` into the object's; None removes a label."""

    def scale(self, ref: ObjectRef, replicas: int) -> None:
        """Set spec.replicas of a workload."""

    def wait_ready(self, refs: Sequence[ObjectRef], deadline: float) -> None:
        """Wait until every workload has all its pods Ready (and Services have their endpoints).

        ``deadline`` in seconds from now. Raises EnvironmentFailure naming each workload that is
        not ready and why, from pod conditions and events.
        """

    def wait_gone(self, namespaces: Sequence[str], deadline: float) -> None:
        """Wait until the namespaces no longer exist. Raises EnvironmentFailure at the deadline."""

    def read(self, namespaces: Sequence[str]) -> ClusterState:
        """Read the cluster's state; pods, services and endpoint slices of ``namespaces`` and of DNS."""

    def census(self) -> Census:
        """Read all that decides flows, in all namespaces. Raises Refused when that is not allowed."""

    def signs(self) -> Signs:
        """Read what tells which CNI this is; what is forbidden is listed as unseen."""

    def open_session(self, namespace: str, pod: str, container: str = "") -> Session:
        """Exec ``sh`` in the pod. Raises SessionLost when it cannot be opened."""

    def provide_externals(self, hosts: Sequence[ExternalHost]) -> Mapping[str, tuple[str, Mapping[int, int]]]:
        """Make the external hosts reachable, or say which are not there.

        Returns, per host name, its address and a map declared port → reachable port. A host that
        is missing from the result cannot be provided here: its flows are SKIP.
        """

    def close(self) -> None:
        """Release what the provider holds (a lab ends here). Never raises, may be called twice."""


class Provider(Protocol):
    """Finds or makes a cluster from the part after the colon of ``--cluster KIND[:ARGUMENT]``."""

    def open(self, argument: str) -> Cluster:
        """Return a ready cluster. Raises InputError (unknown argument) or EnvironmentFailure."""


def tell_nobody(text: str) -> None:
    """Somebody to tell who does not listen."""
    del text


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """On which terms a cluster is made for a run.

    ``keep`` leaves it behind; ``reuse`` takes one that is there (and leaves one that is made for the next
    run). ``images`` is a file with images for its nodes ("": they pull). ``image`` is netprobe's own ("":
    the built-in one). ``tell`` hears of every stage, ``warn`` of what the user should know.
    """

    keep: bool = False
    reuse: bool = False
    images: str = ""
    image: str = ""
    tell: Callable[[str], None] = tell_nobody
    warn: Callable[[str], None] = tell_nobody


@runtime_checkable
class Maker(Protocol):
    """A provider whose clusters are made for a run, may outlive it, and take minutes to make."""

    def make(self, argument: str, terms: Terms) -> Cluster:
        """Return a ready cluster on these terms. Raises InputError or EnvironmentFailure.

        What was half made when that fails is removed, unless ``terms.keep``.
        """
