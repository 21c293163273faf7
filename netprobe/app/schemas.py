"""The published shapes of JSON reports, by name."""

from __future__ import annotations

import json
from collections.abc import Mapping

from netprobe.app.late import load

SCHEMAS: Mapping[str, str] = {
    "run": "netprobe.report.run_schema:schema",
    "check": "netprobe.report.audit.schema:schema",
    "compare": "netprobe.report.comparison.schema:schema",
}
"""Commands whose ``-o json=FILE`` has a published shape."""


def schema_text(name: str) -> str:
    """Return the JSON Schema of what the command ``name`` (of ``SCHEMAS``) writes."""
    return json.dumps(load(SCHEMAS[name])(), ensure_ascii=False, indent=2) + "\n"
