"""Tool's words → Outcome: what one attempt showed, from times and messages, never from an exit code alone."""

from __future__ import annotations

from dataclasses import dataclass

from netprobe.model.observation import Outcome

_CANNOT_RUN = (126, 127)
"""Exit codes of a shell that found no such program, or could not start it."""
_SILENT_MARGIN = 0.15
"""Seconds by which a wait may seem shorter than it was (``/proc/uptime`` counts in hundredths)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """An outcome with what made it so."""

    outcome: Outcome
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Transfer:
    """What curl says of one transfer; times in seconds from its start, 0 for a stage not reached."""

    by_name: bool
    timeout: float
    exit_code: int
    namelookup: float
    connect: float
    total: float
    http_code: str
    message: str


def read_transfer(transfer: Transfer) -> Reading:
    """The outcome of a TCP attempt.

    A connect time above 0 is CONNECTED whatever followed. A black-holed nameserver shows as
    curl 28 with a name lookup time of 0, which is no DROPPED.
    """
    message = transfer.message or f"curl exit {transfer.exit_code}"
    if transfer.connect > 0 or transfer.http_code not in ("", "000"):
        return Reading(outcome=Outcome.CONNECTED, detail=transfer.message)
    if transfer.exit_code == 28:
        unresolved = transfer.by_name and transfer.namelookup <= 0
        return Reading(outcome=Outcome.NAME_FAILED if unresolved else Outcome.DROPPED, detail=message)
    if transfer.exit_code == 7:
        silent = "timed out" in message.lower() or transfer.total >= transfer.timeout
        return Reading(outcome=Outcome.DROPPED if silent else Outcome.REJECTED, detail=message)
    if transfer.exit_code == 6 and transfer.by_name:
        return Reading(outcome=Outcome.NAME_FAILED, detail=message)
    return Reading(outcome=Outcome.ERROR, detail=f"curl exit {transfer.exit_code}: {message}")


def read_datagrams(exit_code: int, text: str, pauses: tuple[tuple[float, float], ...]) -> Reading:
    """The outcome of a UDP attempt by netcat that got no answer.

    ``pauses`` has, for each datagram sent, the seconds that netcat waited and was told to wait:
    it ends at once when an ICMP error arrives, and only then.
    """
    lowered = text.lower()
    if exit_code in _CANNOT_RUN:
        return Reading(outcome=Outcome.ERROR, detail=f"nc: {text}")
    if "refused" in lowered or "unreachable" in lowered or "no route" in lowered:
        return Reading(outcome=Outcome.REJECTED, detail=text)
    if text or exit_code not in (0, 1):
        return Reading(outcome=Outcome.ERROR, detail=f"nc exit {exit_code}: {text}")
    if any(waited < told - _SILENT_MARGIN for waited, told in pauses):
        return Reading(outcome=Outcome.REJECTED, detail="refused (ICMP)")
    return Reading(outcome=Outcome.DROPPED, detail=f"no answer to {len(pauses)} datagram(s)")


def read_lookup(exit_code: int, text: str) -> Reading:
    """The outcome of a DNS query by nslookup: any answer of the server, NXDOMAIN too, is CONNECTED."""
    lowered = text.lower()
    if exit_code in _CANNOT_RUN:
        return Reading(outcome=Outcome.ERROR, detail=f"nslookup: {text}")
    if "timed out" in lowered:
        return Reading(outcome=Outcome.DROPPED, detail=text)
    if "connection refused" in lowered or "unreachable" in lowered:
        return Reading(outcome=Outcome.REJECTED, detail=text)
    if text.startswith("Server:") or "** server can't find" in lowered:
        return Reading(outcome=Outcome.CONNECTED, detail=_answer_in(text))
    return Reading(outcome=Outcome.ERROR, detail=f"nslookup exit {exit_code}: {text}")


def read_association(exit_code: int, text: str) -> Reading:
    """The outcome of an SCTP attempt by ``agnhost connect``, which says TIMEOUT or REFUSED."""
    words = {"TIMEOUT": Outcome.DROPPED, "REFUSED": Outcome.REJECTED}
    if exit_code == 0:
        return Reading(outcome=Outcome.CONNECTED)
    return Reading(
        outcome=words.get(text.strip(), Outcome.ERROR),
        detail=text or f"agnhost connect exit {exit_code}",
    )


def _answer_in(text: str) -> str:
    """What the server answered: its status when it is an error, else the addresses."""
    lines = [line.strip() for line in text.split(";")]
    failures = [line.removeprefix("** ") for line in lines if line.startswith("**")]
    addresses = [line.split()[-1] for line in lines if line.startswith("Address") and "#" not in line]
    return "; ".join(failures or addresses) or "answered"
