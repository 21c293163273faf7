"""An identification for a program."""

from __future__ import annotations

import json

from netprobe.model.identification import Evidence, FoundCni, Identification, Platform

VERSION = 1
"""The value of ``netprobe_identification``; it grows when a reader of the old shape would be misled."""


def render(seen: Identification, cluster: str) -> str:
    """Return the document. ``proven`` is false in all of them: nothing was probed."""
    document = {
        "netprobe_identification": VERSION,
        "cluster": cluster,
        "server_version": seen.version,
        "nodes": seen.nodes,
        "enforces": seen.enforces.value,
        "because": seen.because,
        "proven": False,
        "platforms": [_platform(each) for each in seen.platforms],
        "found": [_found(each) for each in seen.found],
        "warnings": list(seen.warnings),
        "unseen": list(seen.unseen),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _platform(each: Platform) -> dict[str, object]:
    return {"name": each.name, "title": each.title, "evidence": _evidence(each.evidence)}


def _found(each: FoundCni) -> dict[str, object]:
    return {
        "name": each.name,
        "title": each.title,
        "version": each.version,
        "role": each.role.value,
        "enforces": each.enforces.value,
        "because": each.because,
        "evidence": _evidence(each.evidence),
        "limits": [
            {"text": limit.text, "before": limit.before, "ids": list(limit.ids)} for limit in each.limits
        ],
        "agents": [
            {"name": agent.name, "wanted": agent.wanted, "ready": agent.ready} for agent in each.agents
        ],
    }


def _evidence(evidence: tuple[Evidence, ...]) -> list[dict[str, str]]:
    return [{"where": each.where, "what": each.what} for each in evidence]
