"""The shape of ``scenario.yaml`` as pydantic models: names, types and bounds, nothing else.

What needs the manifests beside it (unknown pods, missing files, lines that match nothing) is
checked by the loader. ``json_schema`` gives editors the same shape.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema

from netprobe.manifests.names import wrong_dns_label
from netprobe.model.protocol import Protocol, Via
from netprobe.model.scenario import FEATURES, REQUIREMENTS, Default, Feature, Requires

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_ID = "urn:netprobe:scenario:1"
_LINE = "Each reads SOURCE -> DESTINATION[:PORT[/PROTOCOL]], such as shop/api -> shop/database:5432."


def _label(text: str) -> str:
    if wrong := wrong_dns_label(text):
        raise ValueError(wrong)
    return text


_LABEL_PATTERN = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
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


DnsLabel = Annotated[
    str,
    AfterValidator(_label),
    WithJsonSchema({"type": "string", "maxLength": 63, "pattern": _LABEL_PATTERN}),
]
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

    namespaces: Names = Field(description="Names of namespaces: a list, or a mapping to extra labels.")
    pods: Pods = Field(
        description="Names of pods: a list, a mapping to extra labels, or a number (40 is p1 to p40)."
    )
    ports: list[Port] = Field(
        default=[80], min_length=1, description="The ports of every pod; 80 unless given."
    )
    protocols: list[Annotated[Protocol, Field(strict=False)]] = Field(
        default=[Protocol.TCP], min_length=1, description="The protocols of every port; TCP unless given."
    )
    replicas: int = Field(default=1, ge=1, le=100, description="The replicas of every Deployment.")


class External(_Shape):
    """A host outside the cluster."""

    name: DnsLabel = Field(description="The name that lines of the intent use: external:NAME.")
    address: Filled = Field(description="Its IP address, which the lab gives it.")
    ports: list[Port] = Field(min_length=1, description="The ports that it serves.")
    protocol: Annotated[Protocol, Field(strict=False)] = Field(
        default=Protocol.TCP, description="The protocol of its ports; TCP unless given."
    )


class BystanderPort(_Shape):
    """A port of somebody else's pod."""

    port: Port = Field(description="Its number.")
    protocol: Annotated[Protocol, Field(strict=False)] = Field(
        default=Protocol.TCP, description="Its protocol; TCP unless given."
    )


class Bystander(_Shape):
    """A pod that is there already and belongs to somebody else: a destination, and nothing is done to it."""

    namespace: Filled = Field(description="Its namespace, as the cluster calls it.")
    name: Filled = Field(description="The name of the pod.")
    ports: list[BystanderPort] = Field(min_length=1, description="The ports that are asked.")


class Label(_Shape):
    """New labels for the running pods of a workload, or for a namespace; ``null`` takes one away."""

    workload: Filled | None = Field(default=None, description="namespace/workload whose pods are relabelled.")
    namespace: Filled | None = Field(default=None, description="The namespace that is relabelled.")
    labels: dict[str, str | None] = Field(min_length=1, description="Labels to set; null takes a label away.")


class Scale(_Shape):
    """A new number of replicas."""

    workload: Filled = Field(description="namespace/workload.")
    replicas: int = Field(ge=0, le=100, description="How many replicas it shall have.")


class Intent(_Shape):
    """What the author wants: a default, and lines that say otherwise."""

    default: Annotated[Default, Field(strict=False)] = Field(
        default=Default.POLICY,
        description="What holds for flows to pods that no line names; policy (the default) has no opinion, "
        "with none they are not measured at all.",
    )
    allow: list[Filled] = Field(default=[], description=f"Flows that must work. {_LINE}")
    deny: list[Filled] = Field(default=[], description=f"Flows that must not work. {_LINE}")


class Step(_Shape):
    """Writes to the cluster, then an intent. The writes happen in the order of the fields here."""

    name: Filled = Field(description="The name of the step, unique in the scenario.")
    apply: list[Filled] = Field(default=[], description="Files whose policies are created or changed.")
    replace: list[Filled] = Field(
        default=[], description="The same, for policies that must be there already."
    )
    delete: list[Filled] = Field(
        default=[],
        description="Policies to delete: a file (every policy in it), or NetworkPolicy NAMESPACE/NAME.",
    )
    label: list[Label] = Field(default=[], description="Running pods and namespaces to relabel.")
    scale: list[Scale] = Field(default=[], description="Workloads to scale.")
    restart: list[Filled] = Field(
        default=[], description="Workloads (namespace/workload) whose pods are deleted and come anew."
    )
    intent: Intent = Field(default=Intent(), description="What must be true after the writes of this step.")


class ScenarioFile(_Shape):
    """The whole of scenario.yaml."""

    netprobe: Annotated[Literal[1], BeforeValidator(_version, json_schema_input_type=Literal[1])] = Field(
        description="The version of this format, and the mark by which netprobe knows its files."
    )
    name: DnsLabel = Field(description="Names the scenario in reports and finding ids.")
    title: str = Field(default="", description="One line for reports: what the scenario shows.")
    description: str = Field(default="", description="Text for reports.")
    features: list[Annotated[Feature, Field(strict=False)]] = Field(
        default=[], description="What the scenario is about; the rows of a comparison."
    )
    requires: list[Annotated[Requires, Field(strict=False)]] = Field(
        default=[], description="What it needs of a cluster; where that is missing, it is skipped."
    )
    workloads: list[Filled] = Field(
        default=[], description="Manifests to deploy: Namespaces, Deployments, DaemonSets, Pods, Services."
    )
    grid: Grid | None = Field(default=None, description="Shorthand for many equal workloads.")
    external: list[External] = Field(default=[], description="Hosts outside of the cluster.")
    bystanders: list[Bystander] = Field(
        default=[], description="Pods of others that are there already: destinations, never touched."
    )
    via: list[Annotated[Via, Field(strict=False)]] = Field(
        default=[Via.IP], min_length=1, description="How destinations are addressed; [ip] unless given."
    )
    steps: list[Step] = Field(
        min_length=1, description="Writes and intents, in order; each builds on the one before."
    )


class _WithoutTitles(GenerateJsonSchema):
    """Titles that only repeat the names of the keys help no reader."""

    def field_title_should_be_set(self, schema: object) -> bool:
        """Never."""
        del schema
        return False


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scenario.yaml (draft 2020-12), for editors."""
    text = json.dumps(ScenarioFile.model_json_schema(mode="validation", schema_generator=_WithoutTitles))
    schema: dict[str, Any] = json.loads(text.replace("``", "`"))  # editors show descriptions as Markdown
    schema["$defs"]["Feature"]["enumDescriptions"] = [FEATURES[word] for word in Feature]
    schema["$defs"]["Requires"]["enumDescriptions"] = [REQUIREMENTS[word] for word in Requires]
    head = {"$schema": _DRAFT, "$id": _ID, "title": "netprobe scenario"}
    return {**head, **schema, "title": head["title"], "description": "A scenario of netprobe: scenario.yaml."}
