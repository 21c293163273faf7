"""Networks that let some flows through without asking the policies."""

from __future__ import annotations

from netprobe.model.decision import Answer
from netprobe.oracle.defects.defect import Passage


def on_one_node(passage: Passage) -> bool:
    """Flows between pods of one node pass."""
    return passage.same_node


def between_nodes(passage: Passage) -> bool:
    """Flows from one node to another pass."""
    return not passage.same_node


def by_service_on_one_node(passage: Passage) -> bool:
    """Flows by a Service's address pass when both pods are on one node."""
    return passage.by_service and passage.same_node


def by_service(passage: Passage) -> bool:
    """Flows by a Service's address pass."""
    return passage.by_service


def let_out_on_one_node(passage: Passage) -> bool:
    """What a rule lets out is let in, too, when both pods are on one node."""
    egress = passage.decision.egress
    let_out = egress is not None and egress.answer is Answer.ALLOW and bool(egress.allowing)
    return let_out and passage.same_node
