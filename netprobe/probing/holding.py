"""A connection that is held open: what a pod's shell is told, and how its log is read (sans I/O).

The pod asks the same server again and again over one connection, and notes when an answer came. HTTP
lets it: a server keeps the connection of a client that does not say ``close``.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

MARK = "netprobe-hold"
"""In a comment of every script of this module, followed by what it does: ``open`` or ``ask``."""

PERIOD = 0.5
"""Seconds between requests."""

_MOST_REQUESTS = 400
_ID = re.compile(r"[a-z0-9]{1,32}")
_FOLDER = "${TMPDIR:-/tmp}/netprobe-held."


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldLog:
    """What was noted, in seconds of the pod's ``/proc/uptime``; ``now`` is when it was read.

    ``answers`` are the moments of answers, ``ended`` when the connection ended (None: it has not).
    ``running`` tells whether somebody still asks; ``error`` holds the words of the tool.
    """

    now: float
    answers: tuple[float, ...] = ()
    ended: float | None = None
    running: bool = False
    error: str = ""


def end_mark(name: str) -> str:
    """The line that ends the answer to a script about the connection ``name``."""
    return f"NETPROBE-HELD-{name}"


def open_script(name: str, address: str, port: int) -> str:
    """Open the connection ``name`` (short, a-z and 0-9) in the background. Raises ValueError."""
    if not _ID.fullmatch(name) or not 1 <= port <= 65535:
        raise ValueError(f"no connection {name!r} to port {port}")
    ip = ipaddress.ip_address(address)
    folder = f"{_FOLDER}{name}"
    request = "GET / HTTP/1.1\\r\\nHost: held\\r\\n\\r\\n"
    return f"""# {MARK} open
np_held="{folder}"; rm -rf "$np_held"; mkdir "$np_held" && (
  cd "$np_held"; : >answers; : >go
  {{ np_n=0; while [ -e go ] && [ "$np_n" -lt {_MOST_REQUESTS} ]; do
      printf '{request}'; np_n=$((np_n + 1)); sleep {PERIOD}
    done
  }} | sh -c 'echo $$ >pid; exec nc -n {ip} {port}' 2>error | while IFS= read -r np_line; do
    case $np_line in *HTTP/1.*) read -r np_now np_rest </proc/uptime; echo "$np_now" >>answers ;; esac
  done
  read -r np_now np_rest </proc/uptime; echo "$np_now" >ended
) </dev/null >/dev/null 2>&1 &
printf '%s\\n' {end_mark(name)}
"""


def ask_script(name: str) -> str:
    """Print the log of the connection ``name``, then end it and remove what it wrote."""
    folder = f"{_FOLDER}{name}"
    return f"""# {MARK} ask
(
  cd "{folder}" || exit
  read -r np_now np_rest </proc/uptime; echo "now $np_now"
  while read -r np_line; do echo "answer $np_line"; done <answers
  if [ -e ended ]; then read -r np_line <ended; echo "ended $np_line"; fi
  if kill -0 "$(cat pid)"; then echo running; fi
  if IFS= read -r np_line <error; then echo "error $np_line"; fi
  rm -f go; kill "$(cat pid)"
  cd /; rm -rf "{folder}"
) </dev/null 2>/dev/null
printf '%s\\n' {end_mark(name)}
"""


def read_log(output: str) -> HeldLog | None:
    """The log that ``ask_script`` printed; None when there is none, or a line of it is garbled."""
    words: dict[str, list[str]] = {}
    for line in output.splitlines():
        word, _, rest = line.partition(" ")
        words.setdefault(word, []).append(rest)
    try:
        ended = [float(each) for each in words.get("ended", ())]
        return HeldLog(
            now=float(words["now"][0]),
            answers=tuple(float(each) for each in words.get("answer", ())),
            ended=ended[0] if ended else None,
            running="running" in words,
            error=next(iter(words.get("error", ())), ""),
        )
    except (KeyError, ValueError):
        return None
