from __future__ import annotations

import pytest

from netprobe.manifests.service import decode_service
from netprobe.model.protocol import Protocol
from netprobe.model.scenario import ScenarioService
from netprobe.model.topology import ServicePort

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80, targetPort: http}
  - {name: dns, port: 53, protocol: UDP}
"""


def test_a_service(document):
    problems = []
    assert decode_service(document(SERVICE), problems) == ScenarioService(
        namespace="shop",
        name="web",
        selector={"app": "web"},
        ports=(
            ServicePort(port=80, target="http", name="http"),
            ServicePort(port=53, protocol=Protocol.UDP, target=53, name="dns"),
        ),
    )
    assert problems == []


def test_a_service_of_type_nodeport_is_on_the_nodes(document):
    assert not decode_service(document(SERVICE), []).on_nodes
    assert decode_service(document(SERVICE.replace("spec:", "spec:\n  type: NodePort")), []).on_nodes


def test_a_headless_service_may_lack_ports_and_selector(document):
    text = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: None}}"
    service = decode_service(document(text), [])
    assert (service.headless, service.ports, service.selector) == (True, (), {})


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("name: dns, ", "", "spec.ports[1]: needs a name, because the Service has several ports"),
        ("name: dns", "name: http", 'spec.ports[1].name: the name "http" is given twice'),
        ("port: 53, protocol: UDP", "port: 80", "spec.ports[1]: TCP port 80 is given twice"),
        ("port: 80", "port: 80000", "spec.ports[0].port: 80000 must be between 1 and 65535"),
        ("targetPort: http", "targetPort: 0", "spec.ports[0].targetPort: 0 must be between 1 and 65535"),
        ("name: web", "name: 1web", 'metadata.name: "1web" must be lowercase letters'),
        ("  ports:", "  type: ExternalName\n  ports:",
         "spec.type: an ExternalName Service has no pods behind it"),
        ("  ports:", "  type: Other\n  ports:",
         'spec.type: "Other" is not one of ClusterIP, NodePort, LoadBalancer'),
        ("kind: Service", "kind: Servise", "kind: must be Service, not Servise"),
        ("{app: web}", "{app: 'a b'}", 'spec.selector.app: the label value "a b" must be empty'),
    ],
)  # fmt: skip
def test_mistakes(document, old, new, complaint):
    problems = []
    assert SERVICE.count(old) == 1
    assert decode_service(document(SERVICE.replace(old, new)), problems) is None
    assert len(problems) == 1
    assert problems[0].message.startswith(complaint)


def test_a_service_without_ports_is_refused(document):
    problems = []
    text = "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {a: b}}}"
    assert decode_service(document(text), problems) is None
    assert [problem.message for problem in problems] == ["spec.ports: a Service needs at least one port"]
