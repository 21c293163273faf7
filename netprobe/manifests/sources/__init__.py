"""Where manifests come from: files, folders, the standard input."""

from __future__ import annotations

from netprobe.manifests.sources.reading import RENDER, read_sources

__all__ = ["RENDER", "read_sources"]
