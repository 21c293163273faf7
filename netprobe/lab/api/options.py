"""Options of requests: query parameters and DeleteOptions bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netprobe.lab.api.status_errors import bad_request

WATCH_SECONDS = 1800
"""How long a watch lasts when its client does not say."""
FIELD_VALIDATION = ("", "Ignore", "Warn", "Strict")


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteOptions:
    """``dry_run``: answer as if written; ``field_validation``: what unknown fields do."""

    dry_run: bool = False
    field_validation: str = "Warn"


@dataclass(frozen=True, kw_only=True, slots=True)
class DeleteOptions:
    """``grace_period`` in seconds (None: the pod's own), ``propagation`` Background, Foreground or Orphan."""

    dry_run: bool = False
    grace_period: int | None = None
    propagation: str = "Background"
    uid: str = ""
    resource_version: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListOptions:
    """Selectors and paging of a list or watch; ``resource_version`` is where a watch starts."""

    label_selector: str = ""
    field_selector: str = ""
    limit: int = 0
    continue_token: str = ""
    resource_version: str = ""
    timeout_seconds: int = WATCH_SECONDS
    bookmarks: bool = False
    initial_events: bool = False


def write_options(query: Mapping[str, str]) -> WriteOptions:
    """Read the options of a write; raises StatusError (400) for an unknown value."""
    validation = query.get("fieldValidation", "")
    if validation not in FIELD_VALIDATION:
        raise bad_request(f"fieldValidation: Unsupported value: {validation}")
    return WriteOptions(dry_run=_dry_run(query.get("dryRun", "")), field_validation=validation or "Warn")


def delete_options(query: Mapping[str, str], body: Mapping[str, Any]) -> DeleteOptions:
    """Read the options of a deletion from its query and its DeleteOptions body (which wins)."""
    preconditions = body.get("preconditions") or {}
    grace = body.get("gracePeriodSeconds", query.get("gracePeriodSeconds"))
    dry_run = (body.get("dryRun") or [query.get("dryRun", "")])[0]
    orphans = body.get("orphanDependents", query.get("orphanDependents") == "true")
    propagation = body.get("propagationPolicy") or query.get("propagationPolicy", "")
    return DeleteOptions(
        dry_run=_dry_run(dry_run),
        grace_period=None if grace is None else number("gracePeriodSeconds", str(grace)),
        propagation=propagation or ("Orphan" if orphans else "Background"),
        uid=preconditions.get("uid") or "",
        resource_version=preconditions.get("resourceVersion") or "",
    )


def list_options(query: Mapping[str, str]) -> ListOptions:
    """Read the options of a list or watch; raises StatusError (400) for a number that is none."""
    return ListOptions(
        label_selector=query.get("labelSelector", ""),
        field_selector=query.get("fieldSelector", ""),
        limit=number("limit", query.get("limit", "0")),
        continue_token=query.get("continue", ""),
        resource_version=query.get("resourceVersion", ""),
        timeout_seconds=number("timeoutSeconds", query.get("timeoutSeconds", "0")) or WATCH_SECONDS,
        bookmarks=truth(query.get("allowWatchBookmarks", "")),
        initial_events=truth(query.get("sendInitialEvents", "")),
    )


def truth(text: str) -> bool:
    """Whether a query parameter says yes."""
    return text.lower() in {"true", "1"}


def _dry_run(text: str) -> bool:
    if text not in {"", "All"}:
        raise bad_request(f'invalid dry run value: "{text}"; supported values: "All"')
    return text == "All"


def number(name: str, text: str) -> int:
    """Read a whole number; raises StatusError (400) naming the parameter."""
    if not text.isdecimal():
        raise bad_request(f'{name}: "{text}" is not a number')
    return int(text)
