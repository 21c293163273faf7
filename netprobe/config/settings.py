"""The settings of netprobe: their names, their defaults, and what they may be."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]
Jobs = Annotated[int, Field(ge=1, le=32)]
SelectsPods = Literal["measure", "yes", "no", "unknown"]
Word = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """What a command works with, from all sources together.

    ``settle`` is the ceiling in seconds for a flow to settle, ``deploy_deadline`` how long pods may
    take to become ready. ``output`` holds ``FORMAT=FILE`` words. ``image`` is "" for the built-in
    one. ``journals`` is the folder for journals that are not named. ``jobs`` scenarios are run at the
    same time; None leaves it to the cluster. ``ipblock_selects_pods`` says whether ipBlocks mean pods
    there, or has runs find out.
    """

    cluster: str = "lab"
    settle: float = 30.0
    deploy_deadline: float = 120.0
    image: str = ""
    color: Literal["auto", "always", "never"] = "auto"
    output: tuple[str, ...] = ()
    journals: str = ".netprobe"
    jobs: int | None = None
    ipblock_selects_pods: SelectsPods = "measure"


class Settings(BaseModel):
    """The settings as one source may give them; every one is optional. Descriptions finish "must be"."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    cluster: Word | None = Field(
        default=None, description="a cluster such as lab, lab:none, running-lab or context:NAME"
    )
    settle: Seconds | None = Field(
        default=None, description="a number of seconds, more than 0 and at most 3600"
    )
    deploy_deadline: Seconds | None = Field(
        default=None, alias="deploy-deadline", description="a number of seconds, more than 0 and at most 3600"
    )
    image: Word | None = Field(default=None, description="the name of a container image")
    color: Literal["auto", "always", "never"] | None = Field(
        default=None, description="auto, always or never"
    )
    output: list[Word] | None = Field(
        default=None, description="a list of FORMAT=FILE, such as junit=report.xml"
    )
    journals: Word | None = Field(default=None, description="the name of a folder")
    jobs: Jobs | None = Field(default=None, description="a whole number of scenarios, 1 to 32")
    ipblock_selects_pods: SelectsPods | None = Field(
        default=None, alias="ipblock-selects-pods", description="measure, yes, no or unknown"
    )


KEYS: tuple[str, ...] = tuple(field.alias or name for name, field in Settings.model_fields.items())
"""The names of the settings as files spell them (``deploy-deadline``)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What is wrong with the value or the name of ``key``, and a hint that may be empty."""

    key: str
    message: str
    hint: str = ""


def check(values: Mapping[str, object], *, strict: bool) -> tuple[dict[str, object], tuple[Fault, ...]]:
    """Return the values by field name, and every fault in them.

    ``strict`` refuses text where a number belongs (a file has types; the environment has only text).
    """
    try:
        settings = Settings.model_validate(dict(values), strict=strict)
    except ValidationError as error:
        keys = dict.fromkeys(str(detail["loc"][0]) for detail in error.errors())
        return {}, tuple(_fault(key, values[key]) for key in keys)
    return settings.model_dump(exclude_none=True), ()


def nearest(key: str) -> str:
    """Return ``did you mean …`` for a name that is nearly a setting's, else the list of all names."""
    close = difflib.get_close_matches(key.replace("_", "-").lower(), KEYS, n=1)
    return f"did you mean {close[0]}?" if close else f"there are: {', '.join(KEYS)}"


def _fault(key: str, value: object) -> Fault:
    if key.replace("_", "-") not in KEYS:
        return Fault(key=key, message=f"there is no setting {key}", hint=nearest(key))
    field = Settings.model_fields[key.replace("-", "_")]
    return Fault(key=key, message=f"{key} must be {field.description}, not {value!r}")
