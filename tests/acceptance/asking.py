"""What netprobe asks an API server for, held against the table of permissions.

As a program: run netprobe with the arguments, and write what it asked for to ``asked.json``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from netprobe.cli.main import execute
from netprobe.cluster.kube.cluster import KubeCluster
from netprobe.cluster.kube.permissions import needed_for
from netprobe.cluster.kube.rest import Rest
from netprobe.cluster.kube.session import PodSession
from netprobe.model.permission import Permission, Purpose

FILE = "asked.json"
_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_PATH = re.compile(
    r"/(?:api|apis/(?P<group>[^/]+))/v[^/]+(?:/namespaces/(?P<namespace>[^/]+)(?=/))?"
    r"/(?P<resource>[a-z]+)(?:/(?P<name>[^/]+)(?:/(?P<sub>[a-z]+))?)?"
)
_OF_EVERYBODY = ("selfsubjectaccessreviews",)
"""What every account may do that a server knows (system:basic-user), beside discovery."""

Asked = tuple[str, str]


class Recorder:
    """Notes the requests of one cluster's client, or of all clients of this process."""

    def __init__(self) -> None:
        self.asked: set[Asked] = set()

    def of(self, cluster: KubeCluster) -> None:
        """Note the requests of this cluster's client."""
        call, open_session = cluster._rest._call_once, cluster.open_session

        def call_once(method, path, *more):
            self.asked.add((method, path))
            return call(method, path, *more)

        def opened(namespace, pod, container=""):
            self._exec(namespace, pod)
            return open_session(namespace, pod, container)

        cluster._rest._call_once, cluster.open_session = call_once, opened

    def everywhere(self) -> None:
        """Note the requests of all clients of this process."""
        call, open_socket = Rest._call_once, PodSession._open

        def call_once(rest, method, path, *more):
            self.asked.add((method, path))
            return call(rest, method, path, *more)

        def open_session(session, connection, namespace, pod, container):
            self._exec(namespace, pod)
            return open_socket(session, connection, namespace, pod, container)

        Rest._call_once, PodSession._open = call_once, open_session

    def _exec(self, namespace: str, pod: str) -> None:
        """A GET that newer servers take for "create"."""
        path = f"/api/v1/namespaces/{namespace}/pods/{pod}/exec"
        self.asked |= {("GET", path), ("POST", path)}


def uncovered(asked: Iterable[Asked], purpose: Purpose) -> list[Asked]:
    """Requests that the permissions for ``purpose`` do not allow."""
    needs = needed_for(purpose)
    return [
        each for each in asked if (found := _of(each)) and not any(_covers(need, found) for need in needs)
    ]


def unused(asked: Iterable[Asked], purpose: Purpose) -> set[str]:
    """Permissions for ``purpose`` that no request needs, but those that only some runs use."""
    made = [found for each in asked if (found := _of(each))]
    needs = (need for need in needed_for(purpose) if not need.seldom)
    return {str(need) for need in needs if not any(_covers(need, each) for each in made)}


def _of(asked: Asked) -> dict[str, str] | None:
    """What a request is about; None for discovery and what everybody may do."""
    method, path = asked
    found = _PATH.fullmatch(path)
    if found is None or found["resource"] in _OF_EVERYBODY:
        return None
    verb = _VERBS.get(method) or ("get" if found["name"] else "list")
    return {"verb": verb, **{key: value or "" for key, value in found.groupdict().items()}}


def _covers(need: Permission, asked: dict[str, str]) -> bool:
    return (
        (need.verb, need.group, need.resource, need.subresource)
        == (asked["verb"], asked["group"], asked["resource"], asked["sub"])
        and need.namespace in ("", asked["namespace"])
        and (not need.names or asked["name"] in need.names)
    )


if __name__ == "__main__":
    recorder = Recorder()
    recorder.everywhere()
    code = execute(sys.argv[1:])
    Path(FILE).write_text(json.dumps(sorted(recorder.asked)), encoding="utf-8")
    sys.exit(code)
