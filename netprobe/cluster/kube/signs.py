"""Reading what tells which CNI a cluster has. What is forbidden is noted, and the reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from netprobe.cluster.identity.known.wanted import CONFIG_MAPS, DAEMON_SET_HOMES, DEPLOYMENT_HOMES
from netprobe.cluster.identity.objects import name_of
from netprobe.cluster.kube.kinds import collection_path, object_path
from netprobe.cluster.kube.rest import ANY_JSON, Rest
from netprobe.cluster.port import Body, ObjectRef, Signs
from netprobe.errors import Refused

_DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
_CHARTS = "helmcharts.helm.cattle.io"
_CHARTS_PATH = "/apis/helm.cattle.io/v1/namespaces/kube-system/helmcharts"
_NAMES_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json"
"""CRDs carry megabytes of schemas; their names are enough."""

T = TypeVar("T")
Bodies = tuple[Body, ...]


def read_signs(rest: Rest) -> Signs:
    """Read nodes, DaemonSets, a few Deployments and ConfigMaps, and the names of CRDs.

    Raises EnvironmentFailure when the server does not answer or does not accept our credentials.
    """
    return _Reading(rest).signs()


class _Reading:
    """Reads that may be forbidden, and a list of those that were."""

    def __init__(self, rest: Rest) -> None:
        self.rest = rest
        self.unseen: list[str] = []

    def signs(self) -> Signs:
        version = self._unless_forbidden(lambda: self.rest.get("/version"), "the server's version") or {}
        custom = self._custom()
        charts = _CHARTS in (custom or ())
        return Signs(
            server=self.rest.connection.server,
            context=self.rest.connection.context,
            version=str(version.get("gitVersion") or ""),
            nodes=self._unless_forbidden(lambda: self.rest.items(collection_path("Node")), "nodes"),
            daemon_sets=self._daemon_sets(),
            deployments=self._in_homes("Deployment", DEPLOYMENT_HOMES) or (),
            config_maps=self._config_maps(),
            helm_charts=(self._charts() or ()) if charts else (),
            custom=custom,
            unseen=tuple(self.unseen),
        )

    def _daemon_sets(self) -> Bodies | None:
        everywhere = self._tried(lambda: self.rest.items(collection_path("DaemonSet")))
        if everywhere is not None:
            return everywhere
        found = self._in_homes("DaemonSet", DAEMON_SET_HOMES)
        if found is not None:
            self.unseen.append("DaemonSets of other namespaces")
        return found

    def _in_homes(self, kind: str, homes: Sequence[str]) -> Bodies | None:
        """The objects of some namespaces; None when not one of these may be listed."""
        answers = {home: self._tried(lambda home=home: self._list(kind, home)) for home in homes}  # type: ignore[misc]
        closed = [home for home, found in answers.items() if found is None]
        if closed:
            self.unseen.append(f"{kind}s in {', '.join(closed)}")
        seen = [found for found in answers.values() if found is not None]
        return tuple(body for found in seen for body in found) if seen else None

    def _list(self, kind: str, namespace: str) -> Bodies:
        return self.rest.items(collection_path(kind, namespace))

    def _config_maps(self) -> Bodies:
        found: list[Body] = []
        closed: list[str] = []
        for name in CONFIG_MAPS:
            namespace, _, own = name.partition("/")
            ref = ObjectRef(api_version="v1", kind="ConfigMap", namespace=namespace, name=own)
            body = self._tried(lambda ref=ref: self._get(ref))  # type: ignore[misc]
            if body is None:
                closed.append(name)
            elif body:
                found.append({"kind": "ConfigMap", **body})
        if closed:
            self.unseen.append(f"ConfigMaps {', '.join(closed)}")
        return tuple(found)

    def _get(self, ref: ObjectRef) -> dict[str, Any]:
        """The object, {} when there is none."""
        try:
            return self.rest.get(object_path(ref))
        except Refused as refused:
            if refused.status != 404:
                raise
            return {}

    def _custom(self) -> tuple[str, ...] | None:
        """The names of CRDs; when these may not be listed, those of API groups, which say nearly as much."""
        definitions = self._tried(lambda: self._items(_DEFINITIONS, _NAMES_ONLY))
        if definitions is not None:
            return tuple(name_of(each) for each in definitions)
        self.unseen.append("CustomResourceDefinitions (API groups were looked at instead)")
        groups = self._unless_forbidden(lambda: self.rest.get("/apis"), "API groups")
        return None if groups is None else tuple(str(each.get("name")) for each in groups.get("groups") or ())

    def _charts(self) -> Bodies | None:
        return self._unless_forbidden(lambda: self._items(_CHARTS_PATH), "HelmCharts in kube-system")

    def _unless_forbidden(self, read: Callable[[], T], words: str) -> T | None:
        answer = self._tried(read)
        if answer is None:
            self.unseen.append(words)
        return answer

    def _items(self, path: str, accept: str = ANY_JSON) -> Bodies:
        """A collection; empty where the server does not have it."""
        try:
            return self.rest.items(path, accept=accept)
        except Refused as refused:
            if refused.status != 404:
                raise
            return ()

    @staticmethod
    def _tried(read: Callable[[], T]) -> T | None:
        """What is read; None when it is forbidden."""
        try:
            return read()
        except Refused as refused:
            if refused.status != 403:
                raise
            return None
