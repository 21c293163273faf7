"""Metrics that are served when a command has done everything else, until somebody stops it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netprobe.app.metrics import Address, serving
from netprobe.cli.signals import wait_for_the_end


def serve_until_stopped(waiting: Sequence[tuple[Address, str]], tell: Callable[[str], None]) -> None:
    """Serve what is ``waiting`` (nothing: return at once) until Ctrl-C or SIGTERM. Raises InputError.

    That is the way in which such a command ends, so it changes nothing of its exit code.
    """
    if not waiting:
        return
    with serving(waiting) as urls, wait_for_the_end() as stopped:
        for url in urls:
            tell(f"netprobe: metrics are at {url} until this is stopped (Ctrl-C)")
        stopped.wait()
