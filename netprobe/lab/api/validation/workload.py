"""Rules for Deployments, ReplicaSets and DaemonSets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from netprobe.lab.api.selectors import match_labels
from netprobe.lab.api.status_errors import Cause
from netprobe.lab.api.validation.causes import invalid_value, required
from netprobe.lab.api.validation.names import labels_causes, selector_causes
from netprobe.lab.api.validation.pod import pod_spec_causes


def workload_causes(workload: Mapping[str, Any]) -> Iterator[Cause]:
    """Check replicas, the selector, the template and that one selects the other."""
    spec = workload["spec"]
    if spec.get("replicas", 0) < 0:
        yield invalid_value("spec.replicas", spec["replicas"], "must be greater than or equal to 0")
    selector = spec.get("selector")
    labels = spec["template"]["metadata"].get("labels", {})
    if not selector:
        yield required("spec.selector")
    else:
        yield from selector_causes("spec.selector", selector)
        if not match_labels(selector, labels):
            why = "`selector` does not match template `labels`"
            yield invalid_value("spec.template.metadata.labels", labels, why)
    yield from labels_causes("spec.template.metadata.labels", labels)
    yield from pod_spec_causes("spec.template.spec", spec["template"]["spec"], always_restarts=True)


def workload_change_causes(workload: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[Cause]:
    """Check an update: the selector may not change."""
    if workload["spec"].get("selector") != old["spec"].get("selector"):
        yield invalid_value("spec.selector", workload["spec"].get("selector"), "field is immutable")
