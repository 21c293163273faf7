"""What the lab answers to a user who asks about himself: there is one, and he may do everything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

USER = "netprobe-lab"
_ALL = ["*"]

REVIEWS: Mapping[str, Mapping[str, Any]] = {
    "selfsubjectaccessreviews": {"allowed": True},
    "selfsubjectreviews": {
        "userInfo": {"username": USER, "groups": ["system:masters", "system:authenticated"]}
    },
    "selfsubjectrulesreviews": {
        "resourceRules": [{"verbs": _ALL, "apiGroups": _ALL, "resources": _ALL}],
        "nonResourceRules": [{"verbs": _ALL, "nonResourceURLs": _ALL}],
        "incomplete": False,
    },
}
"""The status of each kind of review, by plural resource name; none of them is stored."""
