"""What should make a reader doubt: several at once, agents missing, leftovers, foreign files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from netprobe.cluster.identity.cni_files import read_cni_files
from netprobe.cluster.identity.known.registry import FINGERPRINTS
from netprobe.cluster.identity.marks import CniFile, OnNodes
from netprobe.cluster.identity.matching import Match
from netprobe.cluster.identity.settings import NodeArgument
from netprobe.cluster.identity.workloads import Workload
from netprobe.cluster.port import Signs
from netprobe.model.identification import Enforces, FoundCni, Platform

_BESIDE = {each.name: each.beside for each in FINGERPRINTS}
_NODES = (
    (OnNodes("taint", "node.cilium.io/agent-not-ready"), "wait for Cilium's agent (taint agent-not-ready)"),
    (OnNodes("label", "kubernetes.io/os", "windows"), "run Windows, where enforcement differs"),
    (OnNodes("label", "eks.amazonaws.com/compute-type", "fargate"), "are Fargate, where nothing is enforced"),
    (OnNodes("label", "type", "virtual-kubelet"), "are virtual, where nothing is enforced"),
)
_K3S_POLICIES = NodeArgument("k3s.io/node-args", "--disable-network-policy")
_MULTUS = Workload(names=("kube-multus-ds", "multus"), images=("multus-cni",))


def warn(
    signs: Signs, platforms: Sequence[Platform], found: Sequence[FoundCni], leftovers: Sequence[Match]
) -> Iterator[str]:
    """All warnings, one sentence each."""
    yield from _several(found)
    yield from _agents(found, len(signs.nodes or ()))
    yield from _nodes(signs)
    yield from _k3s(signs, platforms, found)
    for match in leftovers:
        seen = ", ".join(map(str, match.evidence))
        yield f"{match.fingerprint.title} has no agent here, but left something behind: {seen}"
    yield from _files(signs, found)
    if _MULTUS.find(signs):
        yield "Multus gives pods further interfaces, which NetworkPolicies do not cover"


def _several(found: Sequence[FoundCni]) -> Iterator[str]:
    enforcers = [each.title for each in found if each.enforces is Enforces.YES]
    if len(enforcers) > 1:
        names = ", ".join(enforcers)
        yield f"several enforcers at once ({names}): a packet must pass all, and they may share tables"
    for one, other in combinations([each for each in found if each.is_cni], 2):
        if other.name not in _BESIDE[one.name] and one.name not in _BESIDE[other.name]:
            yield (
                f"several CNIs ({one.title}, {other.title}): a pod is wired by one of them, "
                "and an enforcer covers only pods that its own CNI wired"
            )


def _agents(found: Sequence[FoundCni], nodes: int) -> Iterator[str]:
    for each in found:
        wanted, ready = (sum(getattr(agent, key) for agent in each.agents) for key in ("wanted", "ready"))
        if each.agents and wanted < nodes:
            yield f"{each.title} has an agent on {wanted} of {nodes} nodes; nothing of it acts on the others"
        if ready < wanted:
            yield f"{each.title}: {ready} of {wanted} agents are ready"


def _nodes(signs: Signs) -> Iterator[str]:
    for mark, words in _NODES:
        names = mark.nodes(signs)
        if names:
            yield f"{len(names)} of {len(signs.nodes or ())} nodes {words}: {', '.join(names[:5])}"


def _k3s(signs: Signs, platforms: Sequence[Platform], found: Sequence[FoundCni]) -> Iterator[str]:
    """Of k3s' own enforcer, which stays beside another CNI unless it is switched off."""
    if not any(each.name in {"k3s", "rancher-desktop"} for each in platforms):
        return
    others = [each for each in found if each.name != "k3s" and each.enforces is Enforces.YES]
    values = [value for value, _ in _K3S_POLICIES.read((), signs)]
    if others and values and "true" not in values and not any(each.name == "k3s" for each in found):
        yield f"k3s' own enforcer is not switched off (--disable-network-policy) beside {others[0].title}"


def _files(signs: Signs, found: Sequence[FoundCni]) -> Iterator[str]:
    if signs.cni_files is None:
        return
    files = read_cni_files(signs.cni_files)
    for name in files.broken:
        yield f"CNI file {name} cannot be read as a CNI configuration"
    if files.taken is None:
        yield "there is no CNI configuration in the given folder: the kubelet would wire no pod by CNI"
        return
    if files.others:
        others = ", ".join(each.name for each in files.others)
        yield f"several CNI files: the node takes {files.taken.name}, not {others}"
    if {"aws-cni", "bandwidth"} <= set(files.taken.plugins):
        yield f"CNI file {files.taken.name} has the bandwidth plugin, which breaks enforcement on EKS"
    by_file = {
        each.name
        for each in FINGERPRINTS
        for mark in each.proofs
        if isinstance(mark, CniFile) and mark.find(signs)
    }
    cnis = [each for each in found if each.is_cni]
    if cnis and not any(each.name in by_file for each in cnis):
        plugins = ", ".join(files.taken.plugins)
        yield (
            f"the node's CNI file {files.taken.name} (plugins {plugins}) is not of {cnis[0].title}: "
            "pods may be wired by another plugin"
        )
