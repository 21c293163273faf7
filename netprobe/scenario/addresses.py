"""Addresses of pods in policies: ``${address:namespace/workload}`` where a CIDR stands.

Which address a pod gets is known once it runs, so a scenario can only name the pod. When the scenario is
loaded, an address of the documentation range stands in, so that all else can be checked; when the policy
is applied, the pod's own takes its place (as /32 or /128). ``${address:namespace/workload/8}`` is the address
with that prefix length and with its bits beyond the prefix, which API servers refuse from 1.36 on.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_PLACE = re.compile(r"\$\{address:(?P<pod>[^/}]*(?:/[^/}]*)?)(?:/(?P<prefix>\d{1,3}))?\}")
_STAND_INS = {4: "192.0.2.1/32", 6: "2001:db8::1/128"}


def with_stand_ins(value: Any) -> Any:
    """Return a copy of a policy's body in which an address stands for each pod that is named.

    In an ipBlock it is of the family of the block, so that an exception lies within it.
    """
    if isinstance(value, Mapping):
        version = 6 if ":" in _PLACE.sub("", str(value.get("cidr", ""))) else 4
        if "cidr" in value:
            return _filled(value, lambda _: _STAND_INS[version], exact=False)
        return {key: with_stand_ins(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [with_stand_ins(inner) for inner in value]
    return _filled(value, lambda _: _STAND_INS[4], exact=False)


def with_addresses(value: Any, cidr_of: Callable[[str], str]) -> Any:
    """Return a copy with real addresses; ``cidr_of`` takes ``namespace/workload`` and may raise."""
    return _filled(value, cidr_of, exact=True)


def named_pods(value: Any) -> Iterator[str]:
    """Yield what stands in place of addresses: ``namespace/workload``."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from named_pods(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from named_pods(inner)
    elif isinstance(value, str):
        yield from (found["pod"] for found in _PLACE.finditer(value))


def _filled(value: Any, cidr_of: Callable[[str], str], *, exact: bool) -> Any:
    """With ``exact`` bits beyond a prefix stay as they are."""
    if isinstance(value, Mapping):
        return {key: _filled(inner, cidr_of, exact=exact) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(inner, cidr_of, exact=exact) for inner in value]
    if not isinstance(value, str):
        return value

    def cidr(found: re.Match[str]) -> str:
        own = cidr_of(found["pod"])
        if found["prefix"] is None:
            return own
        block = f"{own.partition('/')[0]}/{found['prefix']}"
        return block if exact else str(ipaddress.ip_network(block, strict=False))

    return _PLACE.sub(cidr, value)
