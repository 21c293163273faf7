"""The table of resources that the lab's API serves: what discovery lists and paths resolve to."""

from __future__ import annotations

from dataclasses import dataclass

ALL_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
CREATE_ONLY = ("create",)
READ_ONLY = ("get", "list", "watch")


@dataclass(frozen=True, kw_only=True, slots=True)
class Subresource:
    """``pods/exec``: its name, the kind it speaks and the verbs it takes.

    ``group`` and ``version`` are set only where the kind is of another group (Scale).
    """

    name: str
    kind: str
    verbs: tuple[str, ...]
    group: str = ""
    version: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resource:
    """One kind of object. ``group`` is "" for the core group; ``plural`` is the store's resource name."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True
    verbs: tuple[str, ...] = ALL_VERBS
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: tuple[Subresource, ...] = ()

    @property
    def api_version(self) -> str:
        """``apps/v1``, or ``v1`` in the core group."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def singular(self) -> str:
        """The lower-case kind, as discovery lists it."""
        return self.kind.lower()

    @property
    def qualified_plural(self) -> str:
        """``networkpolicies.networking.k8s.io``: how the API server's messages name the resource."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def qualified_kind(self) -> str:
        """``NetworkPolicy.networking.k8s.io``: how messages about invalid objects name the kind."""
        return f"{self.kind}.{self.group}" if self.group else self.kind

    @property
    def has_status(self) -> bool:
        """Whether ``status`` is written through a subresource of its own."""
        return any(sub.name == "status" for sub in self.subresources)

    def subresource(self, name: str) -> Subresource | None:
        """Find a subresource by name."""
        return next((sub for sub in self.subresources if sub.name == name), None)


def _status(kind: str) -> Subresource:
    return Subresource(name="status", kind=kind, verbs=("get", "patch", "update"))


_SCALE = Subresource(
    name="scale", kind="Scale", group="autoscaling", version="v1", verbs=("get", "patch", "update")
)

RESOURCES = (
    Resource(group="", version="v1", plural="configmaps", kind="ConfigMap", short_names=("cm",)),
    Resource(group="", version="v1", plural="events", kind="Event", short_names=("ev",)),
    Resource(
        group="",
        version="v1",
        plural="namespaces",
        kind="Namespace",
        namespaced=False,
        verbs=tuple(verb for verb in ALL_VERBS if verb != "deletecollection"),
        short_names=("ns",),
        subresources=(_status("Namespace"),),
    ),
    Resource(
        group="",
        version="v1",
        plural="nodes",
        kind="Node",
        namespaced=False,
        short_names=("no",),
        subresources=(_status("Node"),),
    ),
    Resource(
        group="",
        version="v1",
        plural="pods",
        kind="Pod",
        short_names=("po",),
        categories=("all",),
        subresources=(
            Subresource(name="exec", kind="PodExecOptions", verbs=("create", "get")),
            Subresource(name="log", kind="Pod", verbs=("get",)),
            _status("Pod"),
        ),
    ),
    Resource(group="", version="v1", plural="serviceaccounts", kind="ServiceAccount", short_names=("sa",)),
    Resource(
        group="",
        version="v1",
        plural="services",
        kind="Service",
        short_names=("svc",),
        categories=("all",),
        subresources=(_status("Service"),),
    ),
    Resource(
        group="apps",
        version="v1",
        plural="daemonsets",
        kind="DaemonSet",
        short_names=("ds",),
        categories=("all",),
        subresources=(_status("DaemonSet"),),
    ),
    Resource(
        group="apps",
        version="v1",
        plural="deployments",
        kind="Deployment",
        short_names=("deploy",),
        categories=("all",),
        subresources=(_SCALE, _status("Deployment")),
    ),
    Resource(
        group="apps",
        version="v1",
        plural="replicasets",
        kind="ReplicaSet",
        short_names=("rs",),
        categories=("all",),
        subresources=(_SCALE, _status("ReplicaSet")),
    ),
    Resource(
        group="apiextensions.k8s.io",
        version="v1",
        plural="customresourcedefinitions",
        kind="CustomResourceDefinition",
        namespaced=False,
        verbs=READ_ONLY,
        short_names=("crd", "crds"),
        categories=("api-extensions",),
    ),
    Resource(
        group="authorization.k8s.io",
        version="v1",
        plural="selfsubjectaccessreviews",
        kind="SelfSubjectAccessReview",
        namespaced=False,
        verbs=CREATE_ONLY,
    ),
    Resource(
        group="authorization.k8s.io",
        version="v1",
        plural="selfsubjectrulesreviews",
        kind="SelfSubjectRulesReview",
        namespaced=False,
        verbs=CREATE_ONLY,
    ),
    Resource(
        group="authentication.k8s.io",
        version="v1",
        plural="selfsubjectreviews",
        kind="SelfSubjectReview",
        namespaced=False,
        verbs=CREATE_ONLY,
    ),
    Resource(
        group="networking.k8s.io",
        version="v1",
        plural="networkpolicies",
        kind="NetworkPolicy",
        short_names=("netpol",),
    ),
    Resource(group="discovery.k8s.io", version="v1", plural="endpointslices", kind="EndpointSlice"),
)
"""Every resource, in the order in which discovery lists its groups."""

_BY_PATH = {(r.group, r.version, r.plural): r for r in RESOURCES}
_BY_PLURAL = {r.plural: r for r in RESOURCES}


def find_resource(group: str, version: str, plural: str) -> Resource | None:
    """The resource at a path, or None when the lab does not serve it."""
    return _BY_PATH.get((group, version, plural))


def by_plural(plural: str) -> Resource:
    """The resource that the store keeps under ``plural``; raises KeyError for one that is not served."""
    return _BY_PLURAL[plural]


def group_versions() -> tuple[tuple[str, str], ...]:
    """Every named (group, version) in discovery's order; the core group is not among them."""
    return tuple(dict.fromkeys((r.group, r.version) for r in RESOURCES if r.group))


def resources_of(group: str, version: str) -> tuple[Resource, ...]:
    """The resources of one group version, sorted by plural as discovery lists them."""
    return tuple(
        sorted((r for r in RESOURCES if (r.group, r.version) == (group, version)), key=lambda r: r.plural)
    )
