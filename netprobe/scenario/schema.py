"""The shape of ``scenario.yaml`` as pydantic models: names, types and bounds, nothing else.

What needs the manifests beside it (unknown pods, missing files, lines that match nothing) is
checked by the loader. ``json_schema`` gives editors the same shape.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from netprobe.manifests.names import wrong_dns_label
from netprobe.model.protocol import Protocol, Via
from netprobe.model.scenario import Default, Feature, Requires


def _label(text: str) -> str:
    if wrong := wrong_dns_label(text):
        raise ValueError(wrong)
    return text


_BOOLEANS = frozenset(("true", "false"))
_YES = "y, n, yes, no, on and off mean true or false in YAML: put such a name in quotes"


def _version(value: object) -> object:
    """Refuse ``true``, which Python takes for 1."""
    if isinstance(value, bool):
        raise ValueError(f"must be 1, not the boolean {str(value).lower()}")  # noqa: TRY004 - pydantic reports ValueError
    return value


def _names_with_labels(value: object) -> object:
    """``[x, z]`` is short for ``{x: {}, z: {}}``, and ``{x:}`` for ``{x: {}}``."""
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        return {name: {} for name in value}
    if isinstance(value, list) and any(isinstance(name, bool) for name in value):
        raise ValueError(_YES)
    if isinstance(value, dict):
        if not _BOOLEANS.isdisjoint(value):
            raise ValueError(_YES)
        return {name: {} if labels is None else labels for name, labels in value.items()}
    return value


def _pods(value: object) -> object:
    """``pods: 40`` is short for p1 to p40."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1000:
        return {f"p{number}": {} for number in range(1, value + 1)}
    return _names_with_labels(value)


def _without(reserved: str) -> AfterValidator:
    """Refuse a label that the grid gives itself."""

    def check(names: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for name, labels in names.items():
            if reserved in labels:
                raise ValueError(f'the grid itself labels {name} with "{reserved}: {name}"; use another key')
        return names

    return AfterValidator(check)


DnsLabel = Annotated[str, AfterValidator(_label)]
Port = Annotated[int, Field(ge=1, le=65535)]
Filled = Annotated[str, Field(min_length=1)]
Labels = dict[str, str]
Names = Annotated[
    dict[DnsLabel, Labels],
    Field(min_length=1),
    _without("ns"),
    BeforeValidator(_names_with_labels, json_schema_input_type=list[str] | dict[str, Labels | None]),
]
Pods = Annotated[
    dict[DnsLabel, Labels],
    Field(min_length=1),
    _without("pod"),
    BeforeValidator(_pods, json_schema_input_type=int | list[str] | dict[str, Labels | None]),
]


class _Shape(BaseModel):
    """Nothing unknown, nothing converted: ``yes`` is no name and ``"80"`` no port."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Grid(_Shape):
    """Shorthand for Namespaces and Deployments: every pod name in every namespace.

    Namespace ``x`` gets the label ``ns: x``, pod ``a`` the label ``pod: a``, next to the labels
    given here; its ports are named ``p80-tcp`` and so on. With ``via: service`` or ``name`` every
    Deployment has a Service of its name.
    """

    namespaces: Names
    pods: Pods
    ports: list[Port] = Field(default=[80], min_length=1)
    protocols: list[Annotated[Protocol, Field(strict=False)]] = Field(default=[Protocol.TCP], min_length=1)
    replicas: int = Field(default=1, ge=1, le=100)


class External(_Shape):
    """A host outside the cluster."""

    name: DnsLabel
    address: Filled
    ports: list[Port] = Field(min_length=1)
    protocol: Annotated[Protocol, Field(strict=False)] = Protocol.TCP


class Label(_Shape):
    """New labels for the running pods of a workload, or for a namespace; ``null`` takes one away."""

    workload: Filled | None = None
    namespace: Filled | None = None
    labels: dict[str, str | None] = Field(min_length=1)


class Scale(_Shape):
    """A new number of replicas."""

    workload: Filled
    replicas: int = Field(ge=0, le=100)


class Intent(_Shape):
    """What the author wants: a default, and lines that say otherwise."""

    default: Annotated[Default, Field(strict=False)] = Default.POLICY
    allow: list[Filled] = []
    deny: list[Filled] = []


class Step(_Shape):
    """Writes to the cluster, then an intent. The writes happen in the order of the fields here."""

    name: Filled
    apply: list[Filled] = []
    replace: list[Filled] = []
    delete: list[Filled] = []
    label: list[Label] = []
    scale: list[Scale] = []
    restart: list[Filled] = []
    intent: Intent = Intent()


class ScenarioFile(_Shape):
    """The whole of scenario.yaml."""

    netprobe: Annotated[Literal[1], BeforeValidator(_version, json_schema_input_type=Literal[1])]
    name: DnsLabel
    title: str = ""
    description: str = ""
    features: list[Annotated[Feature, Field(strict=False)]] = []
    requires: list[Annotated[Requires, Field(strict=False)]] = []
    workloads: list[Filled] = []
    grid: Grid | None = None
    external: list[External] = []
    via: list[Annotated[Via, Field(strict=False)]] = Field(default=[Via.IP], min_length=1)
    steps: list[Step] = Field(min_length=1)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scenario.yaml (draft 2020-12), for editors."""
    return ScenarioFile.model_json_schema(mode="validation")
