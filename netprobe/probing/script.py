"""Batch → shell script: what the shell of a source pod is told (sans I/O).

The script carries its batch as JSON in a comment, so that a simulated pod can read what a real one
executes.
"""

from __future__ import annotations

import ipaddress
import json
import math
from dataclasses import dataclass

from netprobe.probing import wire
from netprobe.probing.request import Batch, Request, RequestKind
from netprobe.probing.shell import PROLOGUE

_COMMENT = "# netprobe-batch "
_PARALLEL_MOST = 300
"""What curl allows at most (``--parallel-max``)."""
_BODY_SECONDS = 1.0
"""What a connected transfer is given beyond its timeout to say who it is."""
_LARGEST_BODY = 65536


@dataclass(frozen=True, kw_only=True, slots=True)
class Script:
    """The text to be sent, the line that ends its answer, and the seconds that it takes at most."""

    text: str
    end_mark: str
    seconds: float


def script_for(batch: Batch) -> Script:
    """The script that makes every attempt of the batch and answers in the format of ``wire``."""
    lines = [
        _COMMENT + _as_json(batch),
        "(",
        f"printf '%s\\n' {wire.begin_mark(batch.id)}",
        PROLOGUE.rstrip(),
    ]
    for attempt in range(batch.attempts):
        lines += _attempt_function(batch, attempt)
    for attempt in range(batch.attempts):
        if attempt:
            lines.append(f"sleep {batch.spacing:.3f}")
        lines.append(f"np_start {attempt}; np_attempt_{attempt} &")
    lines += ["wait", "np_show", ") </dev/null", f"printf '%s\\n' {wire.end_mark(batch.id)}", ""]
    return Script(text="\n".join(lines), end_mark=wire.end_mark(batch.id), seconds=_longest_seconds(batch))


def read_script(text: str) -> Batch:
    """The batch that a script carries, without its expected peers; raises ValueError if it carries none."""
    comment = next((line for line in text.split("\n") if line.startswith(_COMMENT)), None)
    if comment is None:
        raise ValueError("the script carries no batch")
    data = json.loads(comment.removeprefix(_COMMENT))
    requests = tuple(Request(**{**each, "kind": RequestKind(each["kind"])}) for each in data["requests"])
    return Batch(id=data["id"], spacing=data["spacing"], requests=requests)


def udp_waits(timeout: float) -> tuple[int, int]:
    """Whole seconds to wait for the answer to the first and to the second datagram (``nc -w``)."""
    whole = max(2, math.floor(timeout))
    return whole // 2, whole - whole // 2


def whole_seconds(timeout: float) -> int:
    """The timeout for programs that take whole seconds only, at least 1."""
    return max(1, math.floor(timeout))


def _as_json(batch: Batch) -> str:
    requests = [
        {
            "id": each.id,
            "kind": each.kind.value,
            "address": each.address,
            "port": each.port,
            "timeout": each.timeout,
            "attempts": each.attempts,
            "lookup": each.lookup,
        }
        for each in batch.requests
    ]
    return json.dumps({"id": batch.id, "spacing": batch.spacing, "requests": requests})


def _attempt_function(batch: Batch, attempt: int) -> list[str]:
    """The shell function that makes attempt number ``attempt`` of all requests that have one."""
    due = [request for request in batch.requests if request.attempts > attempt]
    transfers = [request for request in due if request.kind is RequestKind.TCP]
    lines = [f"np_attempt_{attempt}() {{"]
    lines += [_program_line(request, attempt) for request in due if request.kind is not RequestKind.TCP]
    if transfers:
        lines.append(f"np_curl {attempt} {min(len(transfers), _PARALLEL_MOST)} <<'NETPROBE-CURL'")
        lines.append("\nnext\n".join(_transfer(request, attempt) for request in transfers))
        lines.append("NETPROBE-CURL")
    return [*lines, "wait", "}"]


def _transfer(request: Request, attempt: int) -> str:
    """One section of curl's configuration.

    ``Connection: close`` gives every attempt a fresh connection: an old one would pass a policy
    that forbids new ones.
    """
    said = ("exitcode", "time_namelookup", "time_connect", "time_total", "remote_ip", "http_code", "errormsg")
    record = "\\t".join(("T", str(attempt), request.id, *(f"%{{{word}}}" for word in said), ".\\n"))
    return "\n".join(
        (
            f'url = "http://{_host(request.address)}:{request.port}/"',
            f'output = "b.{attempt}.{request.id}"',
            f"connect-timeout = {request.timeout:.3f}",
            f"max-time = {request.timeout + _BODY_SECONDS:.3f}",
            f"max-filesize = {_LARGEST_BODY}",
            'noproxy = "*"',
            'header = "Connection: close"',
            f'write-out = "{record}"',
        )
    )


def _host(address: str) -> str:
    """The host part of a URL: brackets around IPv6, a trailing dot after a name."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address.removesuffix(".") + "."
    return f"[{ip}]" if ip.version == 6 else str(ip)


def _program_line(request: Request, attempt: int) -> str:
    """The line that starts a UDP, SCTP or DNS probe in the background."""
    head = f"{attempt} {request.id}"
    seconds = whole_seconds(request.timeout)
    if request.kind is RequestKind.UDP:
        first, second = udp_waits(request.timeout)
        return f"np_udp {head} {request.address} {request.port} {first} {second} &"
    if request.kind is RequestKind.SCTP:
        target = f"{_host(request.address)}:{request.port}"
        return f"np_probe {head} /agnhost connect --protocol=sctp --timeout={seconds}s '{target}' &"
    transport = " -vc" if request.kind is RequestKind.DNS_TCP else ""
    options = f"-timeout={seconds} -retry=0 -type=A -port={request.port}{transport}"
    return f"np_probe {head} nslookup {options} {request.lookup.removesuffix('.')}. {request.address} &"


def _longest_seconds(batch: Batch) -> float:
    """The longest time that a batch takes when nothing answers (without the time to start programs)."""
    transfers = sum(request.kind is RequestKind.TCP for request in batch.requests)
    waves = max(1, math.ceil(transfers / _PARALLEL_MOST))
    tries = (
        (request.attempts - 1) * batch.spacing + max(waves * (request.timeout + _BODY_SECONDS), 2.0)
        for request in batch.requests
    )
    return max(tries, default=0.0)
