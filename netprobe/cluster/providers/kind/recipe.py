"""The shape of a recipe file: how one CNI comes onto a kind cluster, as data.

Texts may hold ``${version}``, ``${number}`` (the version without its v), ``${cluster}``,
``${control-plane}`` (a node's name), ``${pod-subnet-v4}``, ``${pod-subnet-v6}`` and the recipe's own
``variables``.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from netprobe.manifests.names import wrong_dns_label

Family = Literal["ipv4", "ipv6", "dual"]
Proxy = Literal["iptables", "ipvs", "nftables", "none"]
Filled = Annotated[str, Field(min_length=1)]

_LONGEST_NAME = 24
"""So that the names of cluster and nodes stay below what Linux takes as a host name."""
_SLASHED = re.compile(r"[a-z0-9-]+/[a-z0-9.-]+")
_NUMBERS = re.compile(r"\d+\.\d+(\.\d+)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def _name(text: str) -> str:
    if wrong := wrong_dns_label(text):
        raise ValueError(wrong)
    if len(text) > _LONGEST_NAME:
        raise ValueError(f"must have at most {_LONGEST_NAME} characters")
    return text


def _one(value: object) -> object:
    """Refuse ``true``, which Python takes for 1."""
    if isinstance(value, bool):
        raise ValueError(f"must be 1, not the boolean {str(value).lower()}")  # noqa: TRY004 - pydantic reports ValueError
    return value


def _matching(pattern: re.Pattern[str], what: str) -> AfterValidator:
    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(f'"{text}" is not {what}')
        return text

    return AfterValidator(check)


Workload = Annotated[str, _matching(_SLASHED, "NAMESPACE/NAME")]
VersionNumber = Annotated[str, _matching(_NUMBERS, "a version such as 0.24")]
Checksum = Annotated[str, _matching(_SHA256, "a SHA-256 in 64 hexadecimal digits")]


class _Shape(BaseModel):
    """Nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class When(_Shape):
    """For which clusters something holds; what is left out holds for all."""

    families: list[Family] = []
    proxies: list[Proxy] = []

    def holds(self, family: Family, proxy: Proxy) -> bool:
        """Whether it holds for a cluster of this IP family and kube-proxy mode."""
        return (not self.families or family in self.families) and (not self.proxies or proxy in self.proxies)


class Ready(_Shape):
    """One condition, exactly one of these: a workload, a CRD that is served, or a resource's condition."""

    daemonset: Workload | None = None
    deployment: Workload | None = None
    crd: Filled | None = None
    resource: Filled | None = Field(default=None, description="Its path in the API: apis/GROUP/…/NAME.")
    condition: Filled | None = Field(default=None, description="Of the resource: the type that must be True.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Ready:
        given = [each for each in (self.daemonset, self.deployment, self.crd, self.resource) if each]
        if len(given) != 1:
            raise ValueError("give exactly one of daemonset, deployment, crd, resource")
        if (self.resource is None) != (self.condition is None):
            raise ValueError("resource and condition belong together")
        return self


class Subnets(_Shape):
    """The pods' addresses, by IP family."""

    ipv4: Filled = "10.244.0.0/16"
    ipv6: Filled = "fd00:10:244::/56"


class ClusterShape(_Shape):
    """What the kind cluster must be like. The first family and the first proxy mode are the defaults."""

    default_cni: bool = Field(default=False, alias="default-cni", description="Keep kind's own CNI.")
    bare: bool = Field(default=False, description="Leave it without a CNI: nothing of it gets ready.")
    kind: VersionNumber = Field(default="0.20", description="The oldest kind that will do.")
    families: list[Family] = Field(default=["ipv4"], min_length=1)
    proxies: list[Proxy] = Field(default=["iptables"], min_length=1)
    pod_subnet: Subnets = Field(default=Subnets(), alias="pod-subnet")


class Variable(_Shape):
    """A text that depends on the version or on kube-proxy's mode; ``default`` is for all others."""

    name: Filled
    default: str
    versions: dict[str, str] = {}
    proxies: dict[Proxy, str] = {}

    def text(self, version: str, proxy: Proxy) -> str:
        """What it stands for: the version's text first, then the mode's."""
        return self.versions.get(version, self.proxies.get(proxy, self.default))


class Plugins(_Shape):
    """CNI plugins for the nodes: ``names`` out of a .tgz, by URL or by path beside the recipe.

    ``${arch}`` in the archive is the nodes' architecture (amd64, arm64).
    """

    archive: Filled
    names: list[Filled] = Field(min_length=1)
    checksums: dict[str, Checksum] = Field(
        default={}, description="SHA-256 of the archive by architecture; none: not checked."
    )


class ImageTag(_Shape):
    """An image of the manifests that shall have another tag."""

    name: Filled
    tag: Filled


class Patch(_Shape):
    """A change of one object of the manifests: a strategic merge, or a list of JSON patch operations."""

    api_version: Filled = Field(default="apps/v1", alias="api-version")
    kind: Filled
    name: Filled
    merge: dict[str, Any] | None = None
    operations: list[dict[str, Any]] | None = None
    when: When = When()

    @model_validator(mode="after")
    def _exactly_one(self) -> Patch:
        if (self.merge is None) == (self.operations is None):
            raise ValueError("give exactly one of merge and operations")
        return self


class Overlay(_Shape):
    """Values of a chart that are merged over the others."""

    when: When
    values: dict[str, Any]


class Helm(_Shape):
    """A release of a chart. ``or-cilium``: where helm is missing, the Cilium CLI installs the same."""

    release: Filled
    repository: str = Field(default="", description="Its URL; none for a chart by path or by oci:// URL.")
    chart: Filled
    version: Filled
    namespace: Filled = "kube-system"
    values: dict[str, Any] = {}
    overlays: list[Overlay] = []
    or_cilium: bool = Field(default=False, alias="or-cilium")


class Step(_Shape):
    """One step of the installation, exactly one of: manifests, objects written out here, a chart.

    ``ready`` must hold before the next step begins.
    """

    apply: list[Filled] = Field(default=[], description="Manifests: URLs, or paths beside the recipe.")
    images: list[ImageTag] = []
    patches: list[Patch] = []
    objects: list[dict[str, Any]] = []
    helm: Helm | None = None
    when: When = When()
    ready: list[Ready] = []

    @model_validator(mode="after")
    def _exactly_one(self) -> Step:
        if sum((bool(self.apply), bool(self.objects), self.helm is not None)) != 1:
            raise ValueError("give exactly one of apply, objects, helm")
        if not self.apply and (self.images or self.patches):
            raise ValueError("images and patches belong to apply")
        return self


class Sign(_Shape):
    """Words in a log or an event that give a known trouble away."""

    says: Filled
    means: Filled
    source: Filled


class Gotcha(_Shape):
    """Something known about this CNI on kind, what the recipe does about it, and who says so."""

    known: Filled
    handled: Filled
    source: Filled


class RecipeFile(_Shape):
    """The whole of a recipe file."""

    recipe: Annotated[Literal[1], BeforeValidator(_one, json_schema_input_type=Literal[1])]
    name: Annotated[str, AfterValidator(_name)]
    title: Filled
    variant: str = ""
    about: str = ""
    versions: list[Filled] = Field(default=[], description="Versions known to it; the first is the default.")
    variables: list[Variable] = []
    cluster: ClusterShape = ClusterShape()
    modules: list[Filled] = Field(default=[], description="Kernel modules to load, through a node.")
    plugins: Plugins | None = None
    steps: list[Step] = []
    ready: list[Ready] = []
    deadline: int = Field(default=300, ge=10, le=3600, description="Seconds for it to become ready.")
    images: list[Filled] = []
    lacks: dict[str, Filled] = {}
    signs: list[Sign] = []
    gotchas: list[Gotcha] = []
    notes: list[Filled] = []
