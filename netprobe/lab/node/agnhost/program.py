"""The agnhost program as a container runs it."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence

from netprobe.lab.node.agnhost.arguments import OFF, Netexec, UsageError, parse
from netprobe.lab.node.agnhost.serving import Server

PATHS = ("/agnhost", "agnhost")
"""How a container's command names this program."""


def run(arguments: Sequence[str], say_ready: Callable[[], None]) -> int:
    """Run until a signal ends the process; the exit status when it cannot be run at all.

    ``arguments`` come after the program's name; ``say_ready`` is called when every server listens.
    """
    try:
        settings = parse(arguments)
        server = Server(settings) if isinstance(settings, Netexec) else None
    except (UsageError, OSError) as error:
        _log(f"Error: {error}")
        return 1
    if isinstance(settings, Netexec):
        _log(_described(settings))
    say_ready()
    if server is not None:
        server.serve()
    while True:
        signal.pause()


def _described(settings: Netexec) -> str:
    ports = {"HTTP": settings.http_port, "UDP": settings.udp_port, "SCTP": settings.sctp_port}
    return "\n".join(f"Started {name} server on port {port}" for name, port in ports.items() if port != OFF)


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - this is the container's log
