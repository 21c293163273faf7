"""What the oracle and the second engine say differently about a cluster."""

from __future__ import annotations

from dataclasses import dataclass, replace

from netprobe.model.decision import Answer
from netprobe.model.ip_blocks import IpBlocksMeanPods
from tests.oracle.agreement.engine import acceptable, allowed
from tests.oracle.agreement.known_differences import explain
from tests.oracle.cluster import Cluster, Point, asked


@dataclass(frozen=True, kw_only=True)
class Difference:
    """``answer`` is the oracle's; ``known`` names what explains the difference, "" when nothing does."""

    point: Point
    answer: Answer
    known: str


def compare(cluster: Cluster) -> tuple[int, list[Difference]]:
    """Ask both about every point; return how many there are, and the differences.

    The engine keeps addresses and pods apart: to it, an ipBlock never means a pod.
    """
    answers = asked(cluster, IpBlocksMeanPods.NO)
    theirs = allowed(replace(cluster, policies=tuple(acceptable(policy) for policy in cluster.policies)))
    return len(answers), [
        Difference(point=point, answer=answer, known=explain(cluster, point, answer) or "")
        for point, answer in answers.items()
        if (answer is Answer.ALLOW) != (point in theirs)
    ]
