"""What several clusters came to, side by side: from their reports to rows, and what differences mean."""

from __future__ import annotations
