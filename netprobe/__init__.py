"""netprobe: does the network do what the NetworkPolicies say? Real packets, three opinions, a named party."""

from __future__ import annotations

__version__ = "0.1.0"
