"""The enforcement audit: does a network enforce NetworkPolicies, where not, and what is likely broken."""

from __future__ import annotations
