"""A pod that dials a Service itself as its first action, before anybody could ask it to.

What a pod could send before its network isolated it is seen only by something that runs in it from the
start: a container that dials at once and again, until it got through or some seconds have passed, and then
leaves word in a file that the pod's other containers can read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIRST_DIAL = "netprobe.io/first-dial"
"""The annotation of a pod template: ``SERVICE:PORT``.

The Service is one of the pod's namespace, with the name of the workload behind it and the port of its pods.
"""

WORD = "/tmp/netprobe-first"  # noqa: S108 - a path in the pod, an emptyDir of its own
"""The file: ``SERVICE:PORT`` when the pod got through; absent when it did not, or not yet."""

TRIES, PAUSE, TIMEOUT = 30, 0.1, 0.5
"""How often the Service is dialled, the seconds in between, and those for each."""

NAME = "first"


def first_dial_of(body: Mapping[str, Any]) -> str:
    """``SERVICE:PORT`` of a workload's pods, "" when they dial nobody."""
    spec = body.get("spec") or {}
    template = body if body.get("kind") == "Pod" else spec.get("template") or {}
    annotations = (template.get("metadata") or {}).get("annotations") or {}
    return str(annotations.get(FIRST_DIAL) or "")


def first_container(target: str, server: Mapping[str, Any]) -> dict[str, Any]:
    """The container that dials ``target``, beside the ``server`` whose image and limits it shares."""
    dial = f"curl -sS -o /dev/null --connect-timeout {TIMEOUT} --max-time {2 * TIMEOUT} http://{target}/"
    script = (
        f"trap 'exit 0' TERM; i=0; while [ $i -lt {TRIES} ]; do "
        f"if {dial} 2>/dev/null; then echo {target} >{WORD}; break; fi; "
        f"i=$((i+1)); sleep {PAUSE}; done; sleep 1000000 & wait"
    )
    shared = ("image", "imagePullPolicy", "resources", "securityContext", "volumeMounts")
    return {"name": NAME, "command": ["sh", "-c", script], **{key: server[key] for key in shared}}
