"""An audit as JUnit XML: one case for each feature and node, one for the whole."""

from __future__ import annotations

import io

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from netprobe.model.audit import AuditReport, Enforcement
from netprobe.report.audit.bystanders import notable, told
from netprobe.report.audit.wording import established_text
from netprobe.report.to_junit import clean

_NAME = "netprobe check"


def render(report: AuditReport) -> str:
    """Return the document. What is enforced passes; what is not fails; no answer is an error."""
    audit = report.audit
    suite = TestSuite(_NAME)
    suite.timestamp = report.started.removesuffix("Z")
    properties = {"cluster.title": report.cluster.title, "netprobe.verdict": audit.verdict.value}
    if report.recognition is not None:
        properties["netprobe.cni"] = report.recognition.sentence
    if audit.established:
        properties["netprobe.established"] = established_text(audit.established)
    for name, value in properties.items():
        suite.add_property(name, clean(value))
    cases = [_case("network", report.cluster.title, audit.verdict, audit.sentence, report.seconds)]
    for feature in audit.features:
        text = "; ".join(feature.examples) or feature.tally.reason or feature.title
        cases.append(_case("features", feature.name, feature.verdict, text))
    cases += [_case("nodes", node.node, node.verdict, f"canaries of {node.node}") for node in audit.nodes]
    for each in audit.bystanders:
        text = "; ".join(flow.text for flow in notable(each)) or told(each)
        cases.append(_case("also", each.title, each.verdict, text))
    cases += [_case("skipped", name, Enforcement.SKIPPED, text) for name, text in report.skipped.items()]
    suite.add_testcases(cases)
    document = JUnitXml("netprobe")
    document.append(suite)
    document.update_statistics()
    text_out = io.BytesIO()
    document.write(text_out, pretty=True)
    return text_out.getvalue().decode("utf-8")


def _case(group: str, name: str, verdict: Enforcement, text: str, seconds: float = 0.0) -> TestCase:
    case = TestCase(clean(name), classname=f"{_NAME}.{group}", time=round(seconds, 3))
    match verdict:
        case Enforcement.ENFORCED:
            pass
        case Enforcement.SKIPPED:
            case.result = [Skipped(clean(text), verdict.value)]
        case Enforcement.INCONCLUSIVE:
            case.result = [Error(clean(text), verdict.value)]
        case Enforcement.PARTIALLY_ENFORCED | Enforcement.NOT_ENFORCED:
            case.result = [Failure(clean(text), verdict.value)]
    return case
