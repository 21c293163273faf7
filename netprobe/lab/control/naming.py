"""Generated names: random suffixes and template hashes, in letters that spell no words."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping

ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
NAME_LENGTH = 63
SUFFIX = 5


def generated_name(prefix: str) -> str:
    """``prefix`` and five random characters, as the API server's generateName does."""
    return prefix[: NAME_LENGTH - SUFFIX] + "".join(secrets.choice(ALPHABET) for _ in range(SUFFIX))


def content_hash(content: Mapping[str, object], length: int = 10) -> str:
    """A short hash of a JSON-like mapping; equal content gives equal text on every machine."""
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).digest()
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:length])
