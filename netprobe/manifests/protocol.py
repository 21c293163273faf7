"""The ``protocol`` field of ports, wherever it stands."""

from __future__ import annotations

from netprobe.manifests.cursor import Cursor
from netprobe.model.protocol import Protocol


def decode_protocol(item: Cursor) -> Protocol:
    """Read ``protocol``, TCP when absent; another word than TCP, UDP or SCTP is a problem (then TCP)."""
    text = item.text("protocol")
    if text is None or text in tuple(Protocol):
        return Protocol(text) if text else Protocol.TCP
    hint = f'did you mean "{text.upper()}"?' if text.upper() in tuple(Protocol) else ""
    item.complain(f'"{text}" is not one of {", ".join(Protocol)}', key="protocol", hint=hint)
    return Protocol.TCP
