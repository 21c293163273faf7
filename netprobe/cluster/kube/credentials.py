"""What we show to an API server, and until when it is good."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

_DATE = "%Y-%m-%d %H:%M UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """What a connection identifies itself with.

    ``words`` name it and where it stands (``the client certificate of user dev (config:12:3)``); ``expires``
    is None when it does not say. ``renew`` is what to do when it has expired.
    """

    words: str = "no credentials"
    expires: datetime | None = None
    renew: str = "Log in again"

    def expired(self, now: datetime | None = None) -> str:
        """A sentence (without its stop) when they are no longer good, "" otherwise."""
        if self.expires is None or self.expires > (now or datetime.now(UTC)):
            return ""
        return f"{self.words} expired on {self.expires.strftime(_DATE)}"


def certificate_expiry(path: Path) -> datetime | None:
    """When the first certificate of a PEM file ends; None when the file holds none."""
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None


def token_expiry(token: str) -> datetime | None:
    """When a bearer token ends, as a JWT says it of itself; None for any other token."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (binascii.Error, ValueError, KeyError, TypeError, OverflowError, OSError):
        return None
