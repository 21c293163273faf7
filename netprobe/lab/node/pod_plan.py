"""What a pod's spec asks of a node: images, commands, environment, name resolution. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from netprobe.lab.store.objects import Object

CLUSTER_DOMAIN = "cluster.local"
CLUSTER_DNS = "10.96.0.10"
"""The address of the Service kube-dns, which every pod's resolv.conf names."""

CNI_FOLDER = "/etc/cni/net.d"
"""Where a node keeps its CNI configuration."""

NO_FILES: Mapping[str, str] = MappingProxyType({})

_REFERENCE = re.compile(r"\$(?:\$|\(([^()$]+)\))")


class Image(enum.Enum):
    """The images that the lab has."""

    AGNHOST = "agnhost"
    COREDNS = "coredns"


class UnusableSpec(Exception):
    """The lab's kubelet cannot do what the spec asks for; the message says what."""


def image_of(container: Mapping[str, Any]) -> Image | None:
    """Which of the lab's images a container's is, from any registry and of any tag; None: none of them."""
    name = str(container["image"]).partition("@")[0].rpartition("/")[2].partition(":")[0]
    return Image(name) if name in {image.value for image in Image} else None


def check(pod: Object, cni_files: Mapping[str, str] = NO_FILES) -> None:
    """Raise UnusableSpec for what would silently not be done: init containers, and most volumes.

    ``cni_files`` are those of the nodes, which a pod may see at their own path, for reading.
    """
    spec = pod["spec"]
    if spec.get("initContainers"):
        raise UnusableSpec("the lab runs no init containers")
    of_node = _cni_volumes(pod)
    if of_node and not cni_files:
        raise UnusableSpec(f"hostPath type check failed: {CNI_FOLDER} is not a directory")
    harmless = {volume["name"] for volume in spec.get("volumes") or () if "projected" in volume}
    scratch = {volume["name"] for volume in spec.get("volumes") or () if "emptyDir" in volume}
    for container in spec["containers"]:
        for mounted in container.get("volumeMounts") or ():
            name, path = mounted["name"], mounted["mountPath"].rstrip("/")
            if name in of_node and path == CNI_FOLDER and mounted.get("readOnly"):
                continue
            if name not in harmless and not (name in scratch and path == "/tmp"):  # noqa: S108 - in the pod
                raise UnusableSpec(
                    f"the lab mounts volumes of kind emptyDir at /tmp only, not {name} at {path}"
                )


def host_files_of(pod: Object, cni_files: Mapping[str, str]) -> dict[str, str]:
    """The files of the node that the pod asked for, by their path below /etc."""
    below = CNI_FOLDER.removeprefix("/etc/")
    return {f"{below}/{name}": text for name, text in cni_files.items()} if _cni_volumes(pod) else {}


def _cni_volumes(pod: Object) -> set[str]:
    """The names of the volumes that are the folder of the node's CNI files."""
    volumes = pod["spec"].get("volumes") or ()
    return {v["name"] for v in volumes if (v.get("hostPath") or {}).get("path", "").rstrip("/") == CNI_FOLDER}


def environment_of(
    container: Mapping[str, Any], pod: Object, *, pod_ip: str, host_ip: str, hostname: str
) -> dict[str, str]:
    """The container's environment; values may refer to earlier ones by ``$(NAME)``.

    Raises UnusableSpec for a source other than a fieldRef that the lab knows.
    """
    environment = {"HOSTNAME": hostname}
    for entry in container.get("env") or ():
        if source := entry.get("valueFrom"):
            value = _field(source, pod, pod_ip=pod_ip, host_ip=host_ip)
        else:
            value = expand(entry.get("value") or "", environment)
        environment[entry["name"]] = value
    return environment


def argv_of(container: Mapping[str, Any], environment: Mapping[str, str]) -> tuple[str, ...]:
    """The command line: the image's own program unless ``command`` says another, then ``args``."""
    command: Sequence[str] = container.get("command") or ("/agnhost",)
    arguments: Sequence[str] = container.get("args") or ()
    return tuple(expand(word, environment) for word in (*command, *arguments))


def expand(text: str, environment: Mapping[str, str]) -> str:
    """Replace ``$(NAME)`` where NAME is known; ``$$`` stands for one ``$`` that begins no reference."""

    def replacement(match: re.Match[str]) -> str:
        name = match.group(1)
        return "$" if name is None else environment.get(name, match.group())

    return _REFERENCE.sub(replacement, text)


def hostname_of(pod: Object) -> str:
    """The pod's host name: spec.hostname, or its name, cut to the 63 characters of a DNS label."""
    if pod["spec"].get("hostNetwork"):
        return str(pod["spec"]["nodeName"])
    return str(pod["spec"].get("hostname") or pod["metadata"]["name"])[:63].rstrip("-.")


def resolv_conf_of(pod: Object) -> str:
    """The pod's /etc/resolv.conf, as dnsPolicy and dnsConfig ask for it."""
    spec = pod["spec"]
    policy = spec.get("dnsPolicy") or "ClusterFirst"
    if policy == "ClusterFirst" and spec.get("hostNetwork"):
        policy = "Default"  # as the reference says of pods in the host's network
    servers: list[str] = []
    searches: list[str] = []
    options: list[str] = []
    if policy in {"ClusterFirst", "ClusterFirstWithHostNet"}:
        servers = [CLUSTER_DNS]
        namespace = pod["metadata"]["namespace"]
        searches = [f"{namespace}.svc.{CLUSTER_DOMAIN}", f"svc.{CLUSTER_DOMAIN}", CLUSTER_DOMAIN]
        options = ["ndots:5"]
    config = spec.get("dnsConfig") or {}
    servers += config.get("nameservers") or ()
    searches += config.get("searches") or ()
    for option in config.get("options") or ():
        options.append(f"{option['name']}:{option['value']}" if option.get("value") else option["name"])
    lines = [f"nameserver {server}" for server in servers]
    lines += [f"search {' '.join(searches)}"] if searches else []
    lines += [f"options {' '.join(options)}"] if options else []
    return "".join(f"{line}\n" for line in lines)


def sysctls_of(pod: Object) -> dict[str, str]:
    """The kernel parameters that the pod's securityContext sets, in its own network namespace.

    Raises UnusableSpec for others than those of IPv4, which are the only ones a pod has for itself.
    """
    asked = (pod["spec"].get("securityContext") or {}).get("sysctls") or ()
    sysctls = {str(one["name"]): str(one["value"]) for one in asked}
    for name in sysctls:
        if not name.startswith("net.ipv4."):
            raise UnusableSpec(f"the lab sets only sysctls of net.ipv4, not {name}")
    return sysctls


def _field(source: Mapping[str, Any], pod: Object, *, pod_ip: str, host_ip: str) -> str:
    meta, spec = pod["metadata"], pod["spec"]
    fields = {
        "metadata.name": meta["name"],
        "metadata.namespace": meta["namespace"],
        "metadata.uid": meta["uid"],
        "spec.nodeName": spec.get("nodeName", ""),
        "spec.serviceAccountName": spec.get("serviceAccountName", "default"),
        "status.hostIP": host_ip,
        "status.podIP": pod_ip,
        "status.podIPs": pod_ip,
    }
    path = (source.get("fieldRef") or {}).get("fieldPath", "")
    if path in fields:
        return str(fields[path])
    if found := re.fullmatch(r"metadata\.(labels|annotations)\['([^']+)'\]", path):
        return str((meta.get(found.group(1)) or {}).get(found.group(2), ""))
    raise UnusableSpec(
        f"the lab fills environment variables from fieldRef only, not from {path or ', '.join(source)}"
    )
