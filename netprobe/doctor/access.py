"""Whether the API server answers, is of a version that we know, and lets us do what a run needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from netprobe.cluster.kube.facts import Facts
from netprobe.doctor.about import About
from netprobe.model.checkup import Check
from netprobe.model.permission import Permission, Purpose

_API = About("api", "API server")
_VERSION = About("version", "version")
_CREDENTIALS = About("credentials", "credentials")
_CLOCK = About("clock", "clock")
_PERMISSIONS = About("permissions", "permissions")

OLDEST = (1, 21)
"""The first version with discovery.k8s.io/v1, without which nobody knows what is behind a Service."""

POD_SECURITY = (1, 25)
"""The first version in which the labels of Pod Security mean something on every cluster."""

_SKEW = timedelta(seconds=30)
_SOON = timedelta(hours=1)


def api(facts: Facts) -> Check:
    """The server answers, or there would be no facts."""
    way = f", through the proxy {facts.proxy}" if facts.proxy else ""
    found = f"{facts.server} answers (context {facts.context}{way})"
    return _API.ok(found)


def version(facts: Facts) -> Check:
    """The version of the server, against what netprobe needs."""
    numbers = re.match(r"v?(\d+)\.(\d+)", facts.version)
    if numbers is None:
        return _VERSION.unseen(f"the server says {facts.version!r}, which is no version")
    number = (int(numbers[1]), int(numbers[2]))
    oldest, secured = (f"v{major}.{minor}" for major, minor in (OLDEST, POD_SECURITY))
    if number < OLDEST:
        return _VERSION.failed(
            f"{facts.version}: netprobe needs {oldest} or newer (EndpointSlices of discovery.k8s.io/v1)",
            "Upgrade the cluster.",
        )
    if number < POD_SECURITY:
        found = f"{facts.version}: works, but Pod Security may not be in force before {secured}"
        return _VERSION.warning(found, "Nothing, if you trust netprobe's own pods.")
    return _VERSION.ok(f"{facts.version} ({oldest} or newer is needed)")


def credentials(facts: Facts, now: datetime) -> Check:
    """What we show to the server, and for how long."""
    shown = facts.credentials
    if shown.expires is None:
        return _CREDENTIALS.ok(f"{shown.words}; says no expiry")
    until = shown.expires.strftime("%Y-%m-%d %H:%M UTC")
    if shown.expires <= now:
        found = f"{shown.expired(now)}, and the server took it all the same"
        return _CREDENTIALS.warning(found, f"{shown.renew}, and check this machine's clock.")
    if shown.expires - now < _SOON:
        minutes = int((shown.expires - now).total_seconds()) // 60
        found = f"{shown.words} expires in {minutes} min; a long run may lose it"
        return _CREDENTIALS.warning(found, f"{shown.renew}.")
    return _CREDENTIALS.ok(f"{shown.words}; good until {until}")


def clock(facts: Facts) -> Check:
    """This machine's clock beside the server's; the answer tells whole seconds."""
    clocks = facts.clocks.value
    if clocks is None:
        return _CLOCK.unseen(facts.clocks.why)
    earliest, latest = clocks.before - timedelta(seconds=1), clocks.after
    if earliest - _SKEW <= clocks.server <= latest + _SKEW:
        return _CLOCK.ok(f"no more than {int(_SKEW.total_seconds())} s from the server's")
    apart = clocks.server - latest if clocks.server > latest else earliest - clocks.server
    which = "behind" if clocks.server > latest else "ahead of"
    return _CLOCK.warning(
        f"this machine is {int(apart.total_seconds())} s {which} the server: expiry dates, of tokens and of"
        " the run's namespaces, are off by that",
        "Set the clock (timedatectl set-ntp true).",
    )


def permissions(facts: Facts) -> Check:
    """What the account may not do, of all that a run and an audit do."""
    lacking = facts.lacking.value
    if lacking is None:
        return _PERMISSIONS.unseen(f"the server does not say what we may do: {facts.lacking.why}")
    of_run, of_check = lacking[Purpose.RUN], lacking[Purpose.CHECK]
    vital = [each for each in of_run if each.vital]
    details = tuple(_lines(of_run, of_check))
    if vital:
        found = f"a run cannot do without {len(vital)} of the permissions that are missing"
        return _PERMISSIONS.failed(found, _GRANT, details)
    if of_run or of_check:
        found = "a run works; what is missing makes it see less"
        return _PERMISSIONS.warning(found, _GRANT, details)
    return _PERMISSIONS.ok("all that `netprobe run` and `netprobe check` do is allowed")


_GRANT = "Give the account what `netprobe rbac` prints, or what of it is missing."


def _lines(of_run: tuple[Permission, ...], of_check: tuple[Permission, ...]) -> Iterator[str]:
    for each in (*of_run, *(more for more in of_check if more not in of_run)):
        where = f" in {each.namespace}" if each.namespace else ""
        group = f".{each.group}" if each.group else ""
        only = "" if each in of_run else "; for check only"
        needed = "needed: " if each.vital else ""
        named = f" {', '.join(each.names)}" if each.names else ""
        yield f"{each.verb} {each.path}{group}{named}{where} ({needed}{each.why}{only})"
