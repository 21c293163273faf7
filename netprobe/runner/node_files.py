"""CNI files of nodes, read by one short-lived pod on each: the privileged look that a user may allow.

A pod that mounts a folder of its node needs a namespace without Pod Security. netprobe makes one for it,
mounts /etc/cni/net.d and nothing else, for reading only, and removes all of it at once. Whatever the
cluster refuses is noted, and nothing is lost by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from netprobe.cluster.port import Body, Cluster, ObjectRef
from netprobe.errors import EnvironmentFailure, Refused
from netprobe.runner.site import EXPIRES, RUN_LABEL

FOLDER = "/etc/cni/net.d"
READY_DEADLINE = 20.0
"""Seconds that the pods have to start."""

GONE_DEADLINE = 60.0
_DEADLINE = 15.0
_MOST = 256 * 1024
"""Bytes of a file that are read; a real one has a few hundred."""

_FILE, _TEXT, _END = "NETPROBE-CNI-FILE ", "NETPROBE-CNI-TEXT ", "NETPROBE-CNI-END"
_NODE_LABEL = "netprobe.io/look"


@dataclass(frozen=True, kw_only=True, slots=True)
class NodeFiles:
    """The files by node, each name → text, and what could not be seen, in words."""

    by_node: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unseen: tuple[str, ...] = ()

    @property
    def common(self) -> Mapping[str, str] | None:
        """The files that most nodes have; None when no node was seen."""
        found = list(self.by_node.values())
        return max(found, key=found.count, default=None)

    @property
    def different(self) -> tuple[str, ...]:
        """The nodes with other files than most."""
        return tuple(node for node, files in self.by_node.items() if files != self.common)


def read_node_files(cluster: Cluster, run_id: str, nodes: Mapping[str, str], image: str) -> NodeFiles:
    """Read the files of the nodes (name → its label kubernetes.io/hostname) and leave nothing behind.

    Never fails for want of permission: what is refused is in ``unseen``.
    """
    namespace = f"np-{run_id}-look"
    found: dict[str, Mapping[str, str]] = {}
    unseen: list[str] = []
    space, *deployments = _bodies(run_id, nodes, image)
    is_there = True
    try:
        try:
            cluster.apply([space])
        except Refused:
            is_there = False
            raise
        _look(cluster, namespace, deployments, list(nodes), found, unseen)
    except EnvironmentFailure as failure:
        unseen.append(failure.message)
    finally:
        if is_there:
            unseen += _remove(cluster, namespace)
    missing = [node for node in nodes if node not in found]
    if missing:
        why = f" ({'; '.join(unseen)})" if unseen else ""
        unseen = [f"{FOLDER} of {', '.join(missing)}{why}"]
    return NodeFiles(by_node=found, unseen=tuple(unseen))


def _look(
    cluster: Cluster,
    namespace: str,
    deployments: Sequence[Body],
    nodes: Sequence[str],
    found: dict[str, Mapping[str, str]],
    unseen: list[str],
) -> None:
    cluster.apply(deployments)
    try:
        cluster.wait_ready([_ref(body) for body in deployments], READY_DEADLINE)
    except EnvironmentFailure as failure:
        unseen.append(failure.message)
    names = {f"look-{number}": node for number, node in enumerate(nodes)}
    for pod in cluster.read((namespace,)).pods:
        metadata, status = _mapping(pod, "metadata"), _mapping(pod, "status")
        node = names.get(_mapping(metadata, "labels").get(_NODE_LABEL, ""))
        if metadata.get("namespace") != namespace or node is None or status.get("phase") != "Running":
            continue
        try:
            found[node] = _read(cluster, namespace, str(metadata["name"]))
        except EnvironmentFailure as failure:
            unseen.append(failure.message)


def _read(cluster: Cluster, namespace: str, pod: str) -> Mapping[str, str]:
    session = cluster.open_session(namespace, pod)
    try:
        return parse(session.exchange(_SCRIPT, _END, _DEADLINE))
    finally:
        session.close()


_SCRIPT = f"""for np_file in {FOLDER}/*; do
  [ -f "$np_file" ] && [ -r "$np_file" ] || continue
  printf '\\n{_FILE}%s\\n' "${{np_file##*/}}"
  head -c {_MOST} "$np_file" | sed 's/^/{_TEXT}/'
done
printf '\\n%s\\n' {_END}
"""


def parse(output: str) -> dict[str, str]:
    """The files in what the script printed, name → text."""
    files: dict[str, list[str]] = {}
    name = ""
    for line in output.split("\n"):
        if line.startswith(_FILE):
            name = line.removeprefix(_FILE)
            files[name] = []
        elif line.startswith(_TEXT) and name:
            files[name].append(line.removeprefix(_TEXT))
    return {each: "\n".join(lines) for each, lines in files.items()}


def _remove(cluster: Cluster, namespace: str) -> list[str]:
    """Remove the namespace; what is left of it, in words."""
    try:
        cluster.delete([ObjectRef(api_version="v1", kind="Namespace", name=namespace)])
        cluster.wait_gone([namespace], GONE_DEADLINE)
    except EnvironmentFailure as failure:
        return [f"namespace {namespace} may be left behind: {failure.message}"]
    return []


def _bodies(run_id: str, nodes: Mapping[str, str], image: str) -> Iterator[dict[str, Any]]:
    expires = str(int((datetime.now(UTC) + timedelta(hours=1)).timestamp()))
    marks = {RUN_LABEL: run_id, EXPIRES: expires}
    namespace = f"np-{run_id}-look"
    yield {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {
            "name": namespace,
            "labels": {"pod-security.kubernetes.io/enforce": "privileged", **marks},
            "annotations": {EXPIRES: expires},
        },
    }
    for number, hostname in enumerate(nodes.values()):
        labels = {_NODE_LABEL: f"look-{number}"}
        yield {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": f"look-{number}", "namespace": namespace, "labels": marks},
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": {**labels, **marks}}, "spec": _pod(hostname, image)},
            },
        }


def _pod(hostname: str, image: str) -> dict[str, Any]:
    """A pod that sleeps beside the folder: no network to serve, no token, no capability, nothing to write."""
    return {
        "nodeSelector": {"kubernetes.io/hostname": hostname},
        "tolerations": [{"operator": "Exists"}],
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 0,
        "containers": [
            {
                "name": "look",
                "image": image,
                "args": ["pause"],
                "securityContext": {
                    # The files belong to root, and often nobody else may read them.
                    "runAsUser": 0,
                    "allowPrivilegeEscalation": False,
                    "readOnlyRootFilesystem": True,
                    "capabilities": {"drop": ["ALL"]},
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "volumeMounts": [{"name": "cni", "mountPath": FOLDER, "readOnly": True}],
            }
        ],
        # Directory: a node that has no such folder does not get one.
        "volumes": [{"name": "cni", "hostPath": {"path": FOLDER, "type": "Directory"}}],
    }


def _ref(body: Body) -> ObjectRef:
    metadata = _mapping(body, "metadata")
    return ObjectRef(
        api_version="apps/v1", kind="Deployment", name=metadata["name"], namespace=metadata["namespace"]
    )


def _mapping(body: Mapping[str, object], key: str) -> Mapping[str, Any]:
    value = body.get(key)
    return value if isinstance(value, Mapping) else {}
