"""Clusters as if they had been measured: made by hand, and drawn."""

from __future__ import annotations

from hypothesis import strategies as st

from netprobe.comparison.measured import (
    Hint,
    Measured,
    MeasuredAudit,
    MeasuredCluster,
    MeasuredFeature,
    MeasuredFinding,
    MeasuredNode,
    MeasuredRun,
    MeasuredStep,
    SeenCni,
)
from netprobe.model.audit import Enforcement, Suspect
from netprobe.model.finding import Kind, Party, Verdict
from netprobe.model.identification import Limit
from netprobe.model.run import SentinelReading

TITLES = {"ingress-deny": "default deny of ingress", "egress-deny": "default deny of egress", "dns": "DNS",
          "ports": "ports by number", "policy-delete": "deleted policies"}  # fmt: skip


def cluster_of(name="lab", title="", kind="lab", **facts):
    title = title or f"lab ({name.partition(':')[2] or 'enforcing'})"
    return MeasuredCluster(name=name, kind=kind, title=title, version="v1.36.2", facts=facts)


def feature(name, *, agreed=3, leaked=0, blocked=0, unanswered=0, examples=True):
    verdict = Enforcement.ENFORCED
    if leaked or blocked:
        verdict = Enforcement.NOT_ENFORCED if not blocked and not agreed else Enforcement.PARTIALLY_ENFORCED
    elif unanswered:
        verdict = Enforcement.INCONCLUSIVE
    told = f"home/api → home/{name}:8080 connected; {name} isolates it: LEAK, the network does not enforce it"
    return MeasuredFeature(
        name=name,
        title=TITLES.get(name, name),
        verdict=verdict,
        agreed=agreed,
        leaked=leaked,
        blocked=blocked,
        unanswered=unanswered,
        skipped=0,
        reason=f"the pod of {name} does not answer" if unanswered else "",
        examples=(told,) if leaked and examples else (),
    )


def audit_of(cluster, features, **more):
    verdicts = {each.verdict for each in features}
    wrong = sum(each.leaked + each.blocked for each in features)
    if wrong:
        verdict = Enforcement.PARTIALLY_ENFORCED
    elif Enforcement.INCONCLUSIVE in verdicts or not features:
        verdict = Enforcement.INCONCLUSIVE
    else:
        verdict = Enforcement.ENFORCED
    values = {
        "verdict": verdict,
        "conclusion": f"NetworkPolicies: {verdict.value.lower()}",
        "cluster": cluster,
        "run_id": "7f3a2c",
        "started": "2026-01-02T03:04:05Z",
        "seconds": 28.4,
        "netprobe_version": "0.1.0",
        "probes": sum(each.agreed for each in features) + wrong,
        "deviations": wrong,
        "suspects": (),
        "near": (),
        "nodes": (MeasuredNode(node="node1", verdict=verdict),),
        "features": tuple(features),
        "excluded_nodes": {},
        "skipped": {},
        "cni": None,
        "unseen": (),
        "notes": (),
    }
    return MeasuredAudit(**{**values, **more})


def reading(seconds, *, closing=True, flipped=True, node="node1"):
    return SentinelReading(node=node, closing=closing, flipped=flipped, seconds=seconds)


def suspect(name, says, count):
    return Suspect(name=name, says=says, cites=(), explained=count, deviations=count, against=0)


def finding(name, verdict=Verdict.PASS, kind=None, seen="open", step="deny all"):
    party = None if kind is None else Party.POLICY if kind is Kind.POLICY_MISTAKE else Party.NETWORK
    return MeasuredFinding(
        id=f"three-tier/{step}/{name}",
        verdict=verdict,
        kind=kind,
        party=party,
        explanation=f"{name}: {verdict.value}",
        seen=seen,
    )


def run_of(cluster, findings, *, scenario="three-tier", interrupted="", **more):
    step = MeasuredStep(name="deny all", complete=not interrupted, findings=tuple(findings), sentinels=())
    values = {
        "run_id": "7f3a2c",
        "scenario": scenario,
        "title": "Only neighbouring tiers talk to each other",
        "netprobe_version": "0.1.0",
        "cluster": cluster,
        "started": "2026-01-02T03:04:05Z",
        "seconds": 9.5,
        "interrupted": interrupted,
        "headlines": (),
        "notes": (),
        "steps": (step,),
    }
    return MeasuredRun(**{**values, **more})


def four():
    """A lab that enforces, one like Flannel, one that ignores egress, and a cluster that did not answer."""
    sound, flannel = (
        cluster_of(nodes="2", kernel="6.1.0"),
        cluster_of("lab:flannel", "lab, emulating Flannel"),
    )
    half = cluster_of("lab:ingress-only")
    web, hairpin = "shop/web[0]->shop/db[0]:5432/TCP/ip", "shop/db[0]->shop/db[0]:5432/TCP/service"
    name = "shop/web[0]->dns:53/UDP/ip"
    noop = Limit(text="policies are accepted and have no effect", ids=("flannel-noop",))
    hint = Hint(
        sentence="seems to be Flannel v0.28.9, which does not enforce NetworkPolicies: the packets agree",
        expected="no",
        found=(SeenCni(title="Flannel", version="v0.28.9", limits=(noop,)),),
        fitting_limits=(noop,),
    )
    enforcing = Measured(
        label="lab",
        audit=audit_of(
            sound,
            [feature(each) for each in TITLES],
            sentinels=(reading(0.03), reading(0.09, node="node2"), reading(0.04, closing=False)),
        ),
        runs=(
            run_of(
                sound,
                [
                    finding(web, seen="closed"),
                    finding(name, Verdict.FAIL, Kind.POLICY_MISTAKE, "closed"),
                    finding(hairpin, Verdict.UNDEFINED, seen="open"),
                ],
            ),
        ),
    )
    nothing = Measured(
        label="lab:flannel",
        audit=audit_of(
            flannel,
            [
                *(feature(each, agreed=0, leaked=2) for each in list(TITLES)[:4]),
                feature("policy-delete", agreed=4),
            ],
            verdict=Enforcement.NOT_ENFORCED,
            conclusion="NetworkPolicies are accepted and not enforced on all 2 nodes",
            suspects=(suspect("nothing-enforced", "accepts policies and enforces none of them", 8),),
            cni=hint,
            sentinels=(reading(30.0, flipped=False), reading(30.0, flipped=False, node="node2")),
        ),
        runs=(
            run_of(
                flannel,
                [
                    finding(web, Verdict.FAIL, Kind.LEAK),
                    finding(name, Verdict.FAIL, Kind.POLICY_MISTAKE, "open"),
                    finding(hairpin, Verdict.UNDEFINED, seen="closed"),
                ],
                headlines=("NetworkPolicy is not enforced on node1",),
            ),
        ),
    )
    in_part = Measured(
        label="lab:ingress-only",
        audit=audit_of(
            half,
            [
                feature("ingress-deny"),
                feature("egress-deny", agreed=0, leaked=2),
                feature("dns", agreed=2, leaked=1),
                feature("ports", agreed=3, blocked=1),
                feature("policy-delete"),
            ],
            suspects=(suspect("egress-ignored", "does not isolate pods for egress", 4),),
            skipped={"flows between nodes": "this cluster has one node"},
            sentinels=(reading(0.1), reading(0.16)),
        ),
    )
    lost = Measured(
        label="context:staging", missing="the cluster staging does not answer: connection refused"
    )
    return enforcing, nothing, in_part, lost


@st.composite
def measured(draw, label="one"):
    """A cluster with an audit, a run, both or neither."""
    cluster = cluster_of(f"lab:{label}")
    names = draw(st.lists(st.sampled_from([*TITLES, "new-feature"]), unique=True))
    small = st.integers(0, 2)
    features = [
        feature(each, agreed=draw(small), leaked=draw(small), blocked=draw(small), unanswered=draw(small))
        for each in names
    ]
    flows = draw(st.lists(st.sampled_from(["a->b", "a->c", "b->c"]), unique=True))
    judged = st.sampled_from(
        [(verdict, None) for verdict in Verdict if verdict is not Verdict.FAIL]
        + [(Verdict.FAIL, kind) for kind in Kind]
    )
    findings = [
        finding(each, *draw(judged), seen=draw(st.sampled_from(["open", "closed"]))) for each in flows
    ]
    return Measured(
        label=label,
        audit=draw(st.sampled_from([None, audit_of(cluster, features)])),
        runs=draw(st.sampled_from([(), (run_of(cluster, findings),)])),
        missing=draw(st.sampled_from(["", "stopped by Ctrl-C"])),
    )
