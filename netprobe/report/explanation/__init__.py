"""The answer to a question about one flow, for people and for programs."""

from __future__ import annotations
