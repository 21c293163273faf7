"""A pod's answer → one reply per request and attempt (sans I/O)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from netprobe.model.observation import Outcome
from netprobe.probing import wire
from netprobe.probing.outcome import (
    Transfer,
    read_association,
    read_datagrams,
    read_lookup,
    read_transfer,
)
from netprobe.probing.request import Batch, Request, RequestKind
from netprobe.probing.script import udp_waits
from netprobe.probing.shell import ANSWER

_IDENTITY = re.compile(r"netprobe ([a-z0-9.-]+)/([a-z0-9.-]+)/([A-Za-z0-9-]*)")
_HOSTNAME = re.compile(r"[A-Za-z0-9.-]{1,253}")

Lines = Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]
"""Fields of records by (attempt, request id)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What one attempt of one request brought.

    ``attempt`` counts from 0. ``started`` is in seconds of the pod's ``/proc/uptime``, and never
    later than the first packet; ``seconds`` is how long the attempt took. ``peer`` is who answered,
    as ``ns/pod`` (only the pod's name when it answered by UDP and was not expected). ``address`` is
    the address that was reached, ``detail`` the tool's own words.
    """

    request: str
    attempt: int
    outcome: Outcome
    started: float = 0.0
    seconds: float = 0.0
    peer: str = ""
    address: str = ""
    detail: str = ""


def read_reply(batch: Batch, output: str) -> tuple[Reply, ...]:
    """One reply for every request and attempt of the batch, in their order.

    What is missing, cut or said twice is ERROR, with the reason in ``detail``.
    """
    records = tuple(wire.read_records(batch.id, output))
    begun = wire.has_begun(batch.id, output)
    transfers, bodies, programs = (_by_request(records, tag) for tag in ("T", "B", "P"))
    starts = {record.fields[0]: record.fields[1] for record in records if record.tag == "S"}
    replies = []
    for request in batch.requests:
        for attempt in range(request.attempts):
            key = (str(attempt), request.id)
            answers = (transfers if request.kind is RequestKind.TCP else programs).get(key, ())
            if len(answers) != 1:
                why = _why_missing(records, key[0], begun=begun) if not answers else "answered more than once"
                replies.append(_error(request, attempt, why, starts.get(key[0], "")))
                continue
            try:
                if request.kind is RequestKind.TCP:
                    body = "".join(fields[0] for fields in bodies.get(key, ()))
                    reply = _read_tcp(request, attempt, answers[0], starts[key[0]], body)
                else:
                    reply = _read_program(request, attempt, answers[0])
            except (ValueError, KeyError):
                reply = _error(
                    request, attempt, f"garbled answer: {' '.join(answers[0])}", starts.get(key[0], "")
                )
            replies.append(reply)
    return tuple(replies)


def _by_request(records: Iterable[wire.Record], tag: str) -> Lines:
    found: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {}
    for record in records:
        if record.tag == tag:
            key = (record.fields[0], record.fields[1])
            found[key] = (*found.get(key, ()), record.fields[2:])
    return found


def _error(request: Request, attempt: int, why: str, started: str) -> Reply:
    try:
        since = float(started)
    except ValueError:
        since = 0.0
    return Reply(request=request.id, attempt=attempt, outcome=Outcome.ERROR, started=since, detail=why)


def _why_missing(records: Iterable[wire.Record], attempt: str, *, begun: bool) -> str:
    """Why an attempt has no answer: the tool's own words where there are some."""
    for record in records:
        if record.tag == "X" and record.fields[0] in (attempt, "0") and record.fields[2] != "0":
            _, tool, exit_code, text = record.fields
            return f"{tool} exit {exit_code}: {text}" if text else f"{tool} exit {exit_code}"
    return "the output was cut before this attempt's answer" if begun else "the pod's shell did not answer"


def _read_tcp(request: Request, attempt: int, fields: tuple[str, ...], started: str, body: str) -> Reply:
    exit_code, namelookup, connect, total, remote, http_code, message = fields
    transfer = Transfer(
        by_name=not request.is_ip,
        timeout=request.timeout,
        exit_code=int(exit_code),
        namelookup=float(namelookup),
        connect=float(connect),
        total=float(total),
        http_code=http_code,
        message=message,
    )
    reading = read_transfer(transfer)
    identity = _IDENTITY.fullmatch(body.strip())
    reply = Reply(
        request=request.id,
        attempt=attempt,
        outcome=reading.outcome,
        started=float(started),
        seconds=transfer.connect or transfer.total,
        address=remote or (request.address if request.is_ip else ""),
        detail=reading.detail,
    )
    if identity is None or reading.outcome is not Outcome.CONNECTED:
        return reply
    return _answered_by(f"{identity[1]}/{identity[2]}", request, reply)


def _read_program(request: Request, attempt: int, fields: tuple[str, ...]) -> Reply:
    start, middle, end = (float(field) for field in fields[:3])
    exit_code, text = int(fields[3]), fields[4]
    reply = Reply(
        request=request.id,
        attempt=attempt,
        outcome=Outcome.ERROR,
        started=start,
        seconds=max(0.0, round(end - start, 2)),
        address=request.address,
    )
    if request.kind is RequestKind.UDP:
        if text.startswith(ANSWER):
            return _read_datagram(request, reply, text.removeprefix(ANSWER).strip())
        first, second = udp_waits(request.timeout)
        asked_again = exit_code == 0 or end > middle
        again = ((end - middle, second),) if asked_again else ()
        reading = read_datagrams(exit_code, text, ((middle - start, first), *again))
    elif request.kind is RequestKind.SCTP:
        reading = read_association(exit_code, text)
    else:
        reading = read_lookup(exit_code, text)
    return replace(reply, outcome=reading.outcome, detail=reading.detail)


def _read_datagram(request: Request, reply: Reply, text: str) -> Reply:
    """A UDP answer: whoever it is from, the destination was reached."""
    reply = replace(reply, outcome=Outcome.CONNECTED)
    if not _HOSTNAME.fullmatch(text):
        return replace(reply, detail=f"answered {text!r}, not a pod's name")
    return _answered_by(_expected(text, request), request, reply)


def _expected(pod: str, request: Request) -> str:
    """The expected peer of that pod name, as ``ns/pod``; the bare name when it was not expected."""
    return next((peer for peer in sorted(request.expected_peers) if peer.partition("/")[2] == pod), pod)


def _answered_by(peer: str, request: Request, reply: Reply) -> Reply:
    if request.expected_peers and peer not in request.expected_peers:
        wanted = ", ".join(sorted(request.expected_peers))
        return replace(
            reply, outcome=Outcome.WRONG_PEER, peer=peer, detail=f"{peer} answered instead of {wanted}"
        )
    return replace(reply, peer=peer)
