"""How the tools of a simulated pod put a packet's fate into words: the wire format of ``probing``."""

from __future__ import annotations

from netprobe.cluster.providers.simulation.network import Arrival, Fate
from netprobe.probing import wire
from netprobe.probing.request import Request, RequestKind
from netprobe.probing.script import udp_waits, whole_seconds
from netprobe.probing.shell import ANSWER


def seconds_of(request: Request, arrival: Arrival, quick: float) -> float:
    """How long an attempt takes: ``quick`` seconds when something answers, else its timeout."""
    if arrival.fate in (Fate.ANSWERED, Fate.REFUSED):
        return quick
    if request.kind is RequestKind.UDP:
        return float(sum(udp_waits(request.timeout)))
    return request.timeout if request.kind is RequestKind.TCP else float(whole_seconds(request.timeout))


def lines_for(request: Request, attempt: int, arrival: Arrival, started: float, seconds: float) -> list[str]:
    """The records that the pod's shell would print for one attempt."""
    if request.kind is RequestKind.TCP:
        return _transfer_lines(request, attempt, arrival, seconds)
    exit_code, text = _program_words(request, arrival)
    middle = started + udp_waits(request.timeout)[0] if arrival.fate is Fate.SILENCE else started + seconds
    stamps = (f"{started:.2f}", f"{middle:.2f}", f"{started + seconds:.2f}")
    return [wire.write_record("P", attempt, request.id, *stamps, exit_code, text)]


def _transfer_lines(request: Request, attempt: int, arrival: Arrival, seconds: float) -> list[str]:
    waited = round(seconds * 1000)
    code, lookup, connect, http, message = {
        Fate.ANSWERED: (0, 0.0001, seconds, "200", ""),
        Fate.SILENCE: (28, 0.0001, 0.0, "000", f"Connection timed out after {waited} milliseconds"),
        Fate.REFUSED: (7, 0.0001, 0.0, "000", f"Failed to connect to {arrival.address} port {request.port}"),
        Fate.UNRESOLVED: (28, 0.0, 0.0, "000", f"Resolving timed out after {waited} milliseconds"),
    }[arrival.fate]
    times = (f"{lookup:.6f}", f"{connect:.6f}", f"{seconds:.6f}")
    remote = arrival.address if connect else ""
    record = wire.write_record("T", attempt, request.id, code, *times, remote, http, message)
    if not arrival.identity:
        return [record]
    return [wire.write_record("B", attempt, request.id, f"netprobe {arrival.identity}"), record]


def _program_words(request: Request, arrival: Arrival) -> tuple[int, str]:
    """Exit code and text of nc, nslookup or agnhost."""
    server = f"{request.address}#{request.port}"
    if request.kind is RequestKind.UDP:
        pod = arrival.identity.split("/")[1] if arrival.identity else ""
        return 0, f"{ANSWER}{pod}" if arrival.fate is Fate.ANSWERED else ""
    if request.kind is RequestKind.SCTP:
        words = {Fate.ANSWERED: "", Fate.REFUSED: "REFUSED"}
        return (0 if arrival.fate is Fate.ANSWERED else 1), words.get(arrival.fate, "TIMEOUT")
    if arrival.fate is Fate.ANSWERED:
        return 0, f"Server: {request.address}; Address: {server}; Name: {request.lookup}; Address: 10.96.0.1"
    trouble = "connection refused" if arrival.fate is Fate.REFUSED else "timed out"
    return 1, f";; communications error to {server}: {trouble}; ;; no servers could be reached"
