"""Audits made by hand: sound, nothing enforced, one fault, no answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netprobe.audit.recognition import recognise
from netprobe.model.audit import (
    AffectedPolicy,
    Audit,
    AuditReport,
    BystanderFlow,
    BystanderResult,
    BystanderWord,
    Enforcement,
    Established,
    FeatureResult,
    Impact,
    NodeResult,
    Suspect,
    Tally,
)
from netprobe.model.decision import Answer
from netprobe.model.flow import Flow, PodRef
from netprobe.model.identification import Enforces, FoundCni, Identification, Limit, Role
from netprobe.model.policy import Direction
from netprobe.model.protocol import Protocol
from netprobe.model.run import ClusterDescription, HeldReading, HeldState
from netprobe.oracle.defects.catalogue import DEFECTS

PAIRS = [(direction, protocol) for direction in Direction for protocol in (Protocol.TCP, Protocol.UDP)]
FEATURES = {
    "ingress-deny": "default deny of ingress", "egress-deny": "default deny of egress",
    "pod-selector": "pod selectors", "namespace-selector": "namespace selectors",
    "and": "both selectors in one peer (AND)", "or": "several peers in one rule (OR)",
    "expressions": "match expressions", "ports": "ports by number", "named-ports": "ports by name",
    "end-port": "ranges of ports (endPort)", "ip-block": "blocks of addresses (ipBlock)",
    "except": "exceptions of blocks (except)", "dns": "DNS",
}  # fmt: skip
"""Some of the board, written here so that a new feature changes no golden file."""

EXAMPLE = (
    "home/api → home/{0}:8080 connected; {0} isolates home/{0} for ingress; its ingress rules admit only "
    "pods with app=web on TCP 8080 (rule 1): LEAK, the network does not enforce it"
)
FLANNEL = Identification(
    version="v1.36.2",
    nodes=2,
    platforms=(),
    found=(
        FoundCni(
            name="flannel",
            title="Flannel",
            version="v0.27.4",
            role=Role.CNI,
            enforces=Enforces.NO,
            because="Flannel moves packets and reads no policies",
            evidence=(),
            limits=(Limit(text="policies are accepted and have no effect", ids=("flannel-noop",)),),
        ),
    ),
    enforces=Enforces.NO,
    because="Flannel: Flannel moves packets and reads no policies",
    warnings=("there are leftovers of Calico: node annotation projectcalico.org/IPv4Address",),
)


def node(name: str, verdict: Enforcement, seconds: float | None = 0.03) -> NodeResult:
    return NodeResult(node=name, verdict=verdict, cells=dict.fromkeys(PAIRS, verdict), seconds=seconds)


def features(verdict: Enforcement, tally: Tally, *wrong: str) -> tuple[FeatureResult, ...]:
    """All features of the board: those that are named (all, without names) with this verdict."""
    sound = Tally(agreed=3, denials=2)
    made = []
    for name, title in FEATURES.items():
        hit = not wrong or name in wrong
        made.append(
            FeatureResult(
                name=name,
                title=title,
                verdict=verdict if hit else Enforcement.ENFORCED,
                tally=tally if hit else sound,
                examples=(EXAMPLE.format(name),) if hit and tally.leaked else (),
            )
        )
    return tuple(made)


def suspect(name: str, count: int) -> Suspect:
    defect = DEFECTS[name]
    return Suspect(
        name=name, says=defect.says, cites=defect.cites, explained=count, deviations=count, against=0
    )


def report_of(audit: Audit, code: int, **more: object) -> AuditReport:
    values = {
        "cluster": ClusterDescription(
            name="context:staging", kind="live", title="cluster staging", version="v1.36.2"
        ),
        "run_id": "7f3a2c",
        "started": "2026-01-02T03:04:05Z",
        "seconds": 17.44,
        "netprobe_version": "0.1.0",
        "journal": ".netprobe/audit.jsonl",
    }
    return AuditReport(audit=audit, exit_code=code, **{**values, **more})


@pytest.fixture
def sound() -> AuditReport:
    """Everything is enforced, on two of three nodes."""
    audit = Audit(
        verdict=Enforcement.ENFORCED,
        sentence="NetworkPolicies are enforced on 2 of 3 nodes: all 91 probes agree with the policies",
        features=features(Enforcement.ENFORCED, Tally(agreed=3, denials=2)),
        nodes=(node("node1", Enforcement.ENFORCED), node("node2", Enforcement.ENFORCED, 0.12)),
        probes=91,
        excluded={"master": "it has the taint node-role (--tolerate puts pods there all the same)"},
        notes=("ipBlocks are held against pod addresses here: measured",),
    )
    return report_of(audit, 0)


@pytest.fixture
def open_network() -> AuditReport:
    """Nothing is enforced; seven policies of a shop have no effect."""
    audit = Audit(
        verdict=Enforcement.NOT_ENFORCED,
        sentence=(
            "NetworkPolicies are accepted and not enforced on all 2 nodes: nothing that they deny was blocked"
        ),
        features=features(Enforcement.NOT_ENFORCED, Tally(agreed=1, leaked=2, denials=2)),
        nodes=tuple(node(name, Enforcement.NOT_ENFORCED, None) for name in ("node1", "node2")),
        suspects=(suspect("nothing-enforced", 56),),
        deviations=56,
        probes=91,
        notes=("whether ipBlocks are held against pod addresses here is left open: " + "why " * 30,),
    )
    pods = tuple(PodRef(namespace="shop", workload="api", index=n) for n in range(3))
    database = PodRef(namespace="shop", workload="db")
    affected = tuple(
        AffectedPolicy(namespace="shop", name=f"policy-{n}", opened=(*pods, database)) for n in range(7)
    )
    impact = Impact(because="since no policy has any effect here", present=7, affected=affected)
    recognition = recognise(FLANNEL, audit)
    unseen = ("of the CNI these could not be seen: ConfigMaps kube-system/cilium-config",)
    return report_of(audit, 1, recognition=recognition, impact=impact, unseen=unseen)


@pytest.fixture
def one_fault() -> AuditReport:
    """Ports are ignored: three features, one policy opened, one read wrongly without effect."""
    wrong = ("ports", "named-ports", "end-port")
    audit = Audit(
        verdict=Enforcement.PARTIALLY_ENFORCED,
        sentence="NetworkPolicies are enforced in part on the one node: 6 leaks in ports by number …",
        features=features(Enforcement.NOT_ENFORCED, Tally(agreed=1, leaked=2, denials=2), *wrong),
        nodes=(node("node1", Enforcement.ENFORCED),),
        suspects=tuple(suspect(name, 6) for name in ("ports-ignored", "named-ports-open")),
        deviations=6,
        probes=70,
    )
    impact = Impact(
        because="since this network lets rules admit every port",
        present=12,
        affected=(
            AffectedPolicy(
                namespace="shop",
                name="database",
                opened=(PodRef(namespace="shop", workload="db"),),
                shut=(PodRef(namespace="shop", workload="api"),),
                leaks=4,
                blocks=1,
            ),
        ),
        beyond=("mail/outside",),
    )
    skipped = {"flows between nodes": "this cluster has one node"}
    return report_of(audit, 1, impact=impact, skipped=skipped, required=("ports",))


@pytest.fixture
def own_pod(sound) -> AuditReport:
    """A sound network that lets one connection to a pod of the user's through, and cuts old ones."""
    flows = tuple(
        BystanderFlow(
            flow=Flow(
                source=PodRef(namespace="home", workload=source),
                destination=PodRef(namespace="shop", workload="db-1"),
                port=5432,
            ),
            expected=expected,
            word=word,
            text=f"home/{source} to shop/db-1:5432",
        )
        for source, expected, word in (
            ("web", Answer.ALLOW, BystanderWord.AGREES),
            ("free", Answer.DENY, BystanderWord.LEAK),
        )
    )
    pod = BystanderResult(
        namespace="shop",
        pod="db-1",
        node="node2",
        verdict=Enforcement.PARTIALLY_ENFORCED,
        policies=("shop/only-web",),
        flows=flows,
    )
    held = Established(
        where="between nodes", reading=HeldReading(flow="f", state=HeldState.CUT, seconds=0.3, detail="")
    )
    return replace(sound, audit=replace(sound.audit, bystanders=(pod,), established=(held,)))


@pytest.fixture
def no_answer() -> AuditReport:
    """The environment ended it before the first step."""
    audit = Audit(
        verdict=Enforcement.INCONCLUSIVE,
        sentence="this audit proves nothing: Deployment np-7f3a2c-home/web is not ready: ErrImagePull",
        nodes=(node("node1", Enforcement.SKIPPED, None),),
    )
    return report_of(audit, 3)


@pytest.fixture
def many_nodes(sound) -> AuditReport:
    """Twenty nodes, one of them open."""
    nodes = [node(f"node{n}", Enforcement.ENFORCED, n / 100) for n in range(1, 20)]
    nodes.append(node("node20", Enforcement.NOT_ENFORCED, None))
    return replace(sound, audit=replace(sound.audit, nodes=tuple(nodes), excluded={}))
