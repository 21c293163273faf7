"""What a faulty network makes of policies: named defects as small variations on the oracle."""

from __future__ import annotations
