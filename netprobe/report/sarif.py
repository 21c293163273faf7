"""What every SARIF 2.1.0 log of netprobe has in common: its head, places, fingerprints."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from urllib.parse import quote

from netprobe.model.place import Place

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def log(*, version: str, rules: Sequence[object], results: Sequence[object], **more: object) -> str:
    """Return the text of a log with one run of this tool; ``more`` are further keys of the run."""
    driver = {"name": "netprobe", "version": version, "rules": list(rules)}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", **more, "results": list(results)}
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def physical(place: Place) -> dict[str, object]:
    """Return a physicalLocation; without a line it is the whole file."""
    path = PurePath(place.file)
    uri = quote(path.as_posix())
    artifact: dict[str, object] = {"uri": f"file://{uri}"} if path.is_absolute() else {"uri": uri}
    if not place.line:
        return {"artifactLocation": artifact}
    region = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    return {"artifactLocation": artifact, "region": region}


def related(places: Sequence[tuple[Place, str]]) -> list[Mapping[str, object]]:
    """Return relatedLocations: places, each with what it has to do with the result."""
    return [
        {"id": number, "physicalLocation": physical(place), "message": {"text": text}}
        for number, (place, text) in enumerate(places, 1)
    ]


def fingerprint(*words: str) -> dict[str, str]:
    """Return partialFingerprints that stay as long as ``words`` do."""
    return {"netprobeFinding/v1": hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]}
