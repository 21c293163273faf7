"""Watches: the events of a collection as a stream of JSON lines."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from netprobe.lab.api.listing import key_of
from netprobe.lab.api.options import ListOptions
from netprobe.lab.api.paths import Target
from netprobe.lab.api.selectors import Matcher, matcher
from netprobe.lab.api.status_errors import bad_request, expired
from netprobe.lab.store.objects import Event, Gone, Store

WatchEvent = dict[str, Any]

_INITIAL_EVENTS_END = {"k8s.io/initial-events-end": "true"}


async def watch(store: Store, target: Target, options: ListOptions) -> AsyncIterator[WatchEvent]:
    """Yield the watch events of the collection until ``timeout_seconds`` have passed.

    Without a resourceVersion (or from "0") the present objects come first, as ADDED. A version that
    is no longer remembered gives one ERROR event (410). Raises StatusError (400) for a bad selector.
    """
    matches = _selection(target, options)
    fresh = options.initial_events or options.resource_version in {"", "0"}
    since = store.version if fresh else _version(options.resource_version)
    present = store.list(target.resource.plural, target.namespace) if fresh else iter(())
    for obj in tuple(obj for obj in present if matches(obj)):
        yield {"type": "ADDED", "object": obj}
    if options.initial_events and options.bookmarks:
        yield _bookmark(target, since, _INITIAL_EVENTS_END)
    seen = since
    try:
        async for event in _changes(store, since, options.timeout_seconds):
            seen = event.version
            told = _told(event, target, matches)
            if told is not None:
                yield told
    except Gone as gone:
        yield {"type": "ERROR", "object": expired(str(gone)).body}
        return
    if options.bookmarks:
        yield _bookmark(target, seen, {})


async def _changes(store: Store, since: int, seconds: float) -> AsyncIterator[Event]:
    """The store's events for some seconds; the timeout never surrounds a yield, only the waiting."""
    deadline = asyncio.get_running_loop().time() + seconds
    async with contextlib.aclosing(store.watch(since)) as events:
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    event = await anext(events)
            except TimeoutError:
                return
            yield event


def _selection(target: Target, options: ListOptions) -> Matcher:
    matches = matcher(target.resource, options.label_selector, options.field_selector)
    if not target.name:
        return matches
    return lambda obj: obj["metadata"]["name"] == target.name and matches(obj)


def _told(event: Event, target: Target, matches: Matcher) -> WatchEvent | None:
    """The event as this watch sees it: an object that enters or leaves the selection appears or vanishes."""
    if event.resource != target.resource.plural:
        return None
    if target.namespace and key_of(event.object)[0] != target.namespace:
        return None
    now = event.type != "DELETED" and matches(event.object)
    before = event.type != "ADDED" and matches(event.previous or event.object)
    if now and before:
        return {"type": "MODIFIED", "object": event.object}
    if now:
        return {"type": "ADDED", "object": event.object}
    return {"type": "DELETED", "object": event.object} if before else None


def _bookmark(target: Target, version: int, annotations: dict[str, str]) -> WatchEvent:
    meta: dict[str, Any] = {"resourceVersion": str(version)}
    if annotations:
        meta["annotations"] = annotations
    resource = target.resource
    return {
        "type": "BOOKMARK",
        "object": {"kind": resource.kind, "apiVersion": resource.api_version, "metadata": meta},
    }


def _version(text: str) -> int:
    if not text.isdecimal():
        raise bad_request(f"invalid resource version {text!r}")
    return int(text)
