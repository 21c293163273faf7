"""A checkup as JSON."""

from __future__ import annotations

import json

from netprobe.model.checkup import Checkup

VERSION = 1
"""The value of ``netprobe_checkup``; it grows when a reader of the old shape would be misled."""


def render(checkup: Checkup) -> str:
    """Return the document."""
    document = {
        "netprobe_checkup": VERSION,
        "subject": checkup.subject,
        "netprobe_version": checkup.netprobe_version,
        "exit_code": checkup.exit_code,
        "checks": [
            {
                "name": check.name,
                "title": check.title,
                "health": check.health.value,
                "found": check.found,
                "remedy": check.remedy,
                "details": list(check.details),
            }
            for check in checkup.checks
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
