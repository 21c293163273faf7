"""kubectl against a lab with the guide's three tiers: what people type, and what they are told.

What is found here is listed in docs/lab-api.md. All tests share one lab and one application.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

KUBECTL = Path(sys.executable).parent / "kubectl"
pytestmark = [
    pytest.mark.lab,
    pytest.mark.skipif(shutil.which(KUBECTL) is None, reason="kubectl is not installed"),
]

GUIDE = Path(__file__).parents[3] / "scenarios" / "three-tier"
IMAGE = "registry.k8s.io/e2e-test-images/agnhost:2.53"
TIERS = ("api", "bystander", "database", "frontend")


@pytest.fixture(scope="module")
def kubectl(enforcing, tmp_path_factory):
    """Runs kubectl: what it printed, or with ``fails`` what it complained of (exit code, text)."""
    home = tmp_path_factory.mktemp("home")
    config = home / "kubeconfig"
    enforcing.lab.write_kubeconfig(config)

    def run(line, *more, stdin="", fails=False):
        done = subprocess.run(
            [str(KUBECTL), *line.split(), *more],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=40,
            env={"PATH": os.environ["PATH"], "HOME": str(home), "KUBECONFIG": str(config)},
        )
        assert (done.returncode != 0) is fails, done.stderr
        return (done.returncode, done.stderr.strip()) if fails else done.stdout

    return run


@pytest.fixture(scope="module")
def app(kubectl, tmp_path_factory):
    """The guide's application, with an image that the lab has; everything else as it is published."""
    servers = re.sub(r"image: .*", f"image: {IMAGE}", (GUIDE / "app.yaml").read_text())
    path = tmp_path_factory.mktemp("app") / "app.yaml"
    path.write_text(servers)
    made = kubectl(f"apply -f {path} -f {GUIDE}/policies.yaml -f {GUIDE}/allow-dns.yaml")
    assert made.count(" created\n") == len(made.splitlines()) == 16
    kubectl("wait -n production --for=condition=Available deployment --all --timeout=30s")
    return path


def columns(table):
    """The head of a table, and its rows, as lists of words."""
    head, *rows = [re.split(r"\s{2,}", line.strip()) for line in table.splitlines()]
    return head, rows


def test_apply_tells_what_changes(kubectl, app, tmp_path):
    # policies.yaml leaves protocols out: to kubectl, which compares lists whole, that is a change each time.
    dns = f"apply -f {GUIDE}/allow-dns.yaml"
    for line in (f"apply -f {app}", f"apply --dry-run=server -f {app}", dns):
        again = kubectl(line).splitlines()
        assert [each for each in again if " unchanged" not in each] == []
    assert kubectl(f"diff -f {GUIDE}/policies.yaml") == ""
    changed = tmp_path / "changed.yaml"
    changed.write_text((GUIDE / "allow-dns.yaml").read_text().replace("port: 53", "port: 5353"))
    code, _ = kubectl(f"diff -f {changed}", fails=True)
    assert code == 1
    assert "allow-dns configured" in kubectl(f"apply -f {changed}")
    assert "allow-dns replaced" in kubectl(f"replace -f {GUIDE}/allow-dns.yaml")
    ports = "get -n production netpol allow-dns -o jsonpath={.spec.egress[0].ports[*].port}"
    assert kubectl(ports) == "53 53"


@pytest.mark.parametrize(
    ("what", "head"),
    [
        ("pods", "NAME READY STATUS RESTARTS AGE|IP NODE NOMINATED_NODE READINESS_GATES"),
        ("deployments", "NAME READY UP-TO-DATE AVAILABLE AGE|CONTAINERS IMAGES SELECTOR"),
        ("replicasets", "NAME DESIRED CURRENT READY AGE|CONTAINERS IMAGES SELECTOR"),
        ("services", "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE|SELECTOR"),
        ("networkpolicies", "NAME POD-SELECTOR AGE|"),
        ("endpointslices", "NAME ADDRESSTYPE PORTS ENDPOINTS AGE|"),
        (
            "nodes",
            "NAME STATUS ROLES AGE VERSION|INTERNAL-IP EXTERNAL-IP OS-IMAGE KERNEL-VERSION CONTAINER-RUNTIME",
        ),
        ("namespaces", "NAME STATUS AGE|"),
    ],
)
def test_tables_have_the_columns_that_people_know(kubectl, app, what, head):
    narrow, wide = (part.split() for part in head.split("|"))
    assert columns(kubectl(f"get -n production {what}"))[0] == narrow
    found, rows = columns(kubectl(f"get -n production {what} -o wide"))
    assert [name.replace(" ", "_") for name in found] == narrow + wide
    assert {len(row) for row in rows} == {len(found)}


def test_get_in_all_its_forms(kubectl, app):
    rows = columns(kubectl("get -n production pods"))[1]
    assert [row[1:4] for row in rows] == [["1/1", "Running", "0"]] * 4
    assert kubectl("get -n production deploy -o name").split() == [f"deployment.apps/{t}" for t in TIERS]
    labelled = columns(kubectl("get pods -A -l tier=api --show-labels"))
    assert labelled[0][0] == "NAMESPACE"
    assert [row[0] for row in labelled[1]] == ["production"]
    assert "tier=api" in labelled[1][0][-1]
    policy = json.loads(kubectl("get -n production netpol api-policy -o json"))
    assert policy["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert "kind: NetworkPolicy" in kubectl("get -n production netpol api-policy -o yaml")
    assert kubectl("get -n production svc api -o jsonpath={.spec.ports[0].targetPort}") == "8080"
    head, rows = columns(kubectl("get -n production events"))
    assert head == ["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]
    pod = next(row[3] for row in rows if row[3].startswith("pod/api-"))
    assert [row[2] for row in rows if row[3] == pod] == ["Scheduled", "Pulled", "Created", "Started"]
    assert kubectl("get -n default deployments") == ""
    watched = kubectl("get -n production deploy -w --request-timeout=1s")
    assert len(watched.splitlines()) == 5
    assert kubectl("get --raw /healthz") == "ok"
    for line, complaint in {
        "get potatoes": 'the server doesn\'t have a resource type "potatoes"',
        "get pods nothing": 'Error from server (NotFound): pods "nothing" not found',
        "get netpol -l ===": "found '==', expected: !, identifier",
    }.items():
        assert complaint in kubectl(line, fails=True)[1]


def test_describe_tells_the_story(kubectl, app):
    pod = kubectl("describe -n production pod -l app=api")
    assert pod.index("Scheduled") < pod.index("Pulled") < pod.index("Started container api")
    deployment = kubectl("describe -n production deployment api")
    assert "1 desired | 1 updated | 1 total | 1 available | 0 unavailable" in deployment
    assert re.search(r"Scaled up replica set api-\w+ from 0 to 1", deployment)
    assert re.search(r"Endpoints: +10\.244\.\d+\.\d+:8080", kubectl("describe -n production svc api"))
    policy = kubectl("describe -n production netpol api-policy")
    assert "To Port: 8080/TCP" in policy
    assert "PodSelector: tier=frontend" in policy
    assert re.search(r"coredns-\w+", kubectl("describe node node1") + kubectl("describe node node2"))
    assert "Status:       Active" in kubectl("describe ns production")


def test_writes_of_every_kind(kubectl, app):
    kubectl("label -n production netpol api-policy x=1")
    assert "--overwrite is false" in kubectl("label -n production netpol api-policy x=2", fails=True)[1]
    kubectl("label -n production netpol api-policy x=2 --overwrite")
    assert kubectl("get -n production netpol -l x=2 -o name").strip().endswith("/api-policy")
    kubectl("label -n production netpol api-policy x-")
    kubectl("annotate -n production netpol api-policy note=here")
    kubectl("patch -n production netpol api-policy --type=merge -p", '{"metadata":{"labels":{"m":"1"}}}')
    operation = '[{"op":"replace","path":"/metadata/labels/m","value":"2"}]'
    kubectl("patch -n production netpol api-policy --type=json -p", operation)
    assert kubectl("get -n production netpol -l m=2 -o name") != ""


def test_a_deployment_is_made_rolled_scaled_and_removed(kubectl, app):
    kubectl("create namespace writes")
    made = "create deployment web -n writes --port=8080 --replicas=2 --image=" + IMAGE
    assert json.loads(kubectl(f"{made} --dry-run=server -o json"))["spec"]["progressDeadlineSeconds"] == 600
    assert "NotFound" in kubectl("get -n writes deploy web", fails=True)[1]
    kubectl(made)
    kubectl("rollout status -n writes deployment/web --timeout=20s")
    kubectl("expose -n writes deployment web --port=80")
    environment = (
        '{"spec":{"template":{"spec":{"containers":[{"name":"agnhost","env":[{"name":"A","value":"1"}]}]}}}}'
    )
    kubectl("patch -n writes deployment web -p", environment)
    kubectl("rollout restart -n writes deployment/web")
    kubectl("rollout status -n writes deployment/web --timeout=20s")
    assert len(kubectl("rollout history -n writes deployment/web").split("<none>")) == 4
    kubectl("scale -n writes deployment web --replicas=1")
    kubectl("wait -n writes deployment/web --timeout=20s", "--for=jsonpath={.status.replicas}=1")
    kubectl("delete -n writes svc -l app=web")
    kubectl("delete namespace writes --timeout=30s")
    assert "NotFound" in kubectl("get namespace writes", fails=True)[1]


def test_objects_are_made_from_the_command_line(kubectl, app):
    kubectl("create configmap settings -n production --from-literal=a=b")
    kubectl("create serviceaccount robot -n production")
    kubectl("create service clusterip plain -n production --tcp=80:8080")
    assert kubectl("get -n production svc plain -o jsonpath={.spec.ports[0].targetPort}") == "8080"
    assert kubectl("get -n production cm settings -o jsonpath={.data.a}") == "b"
    kubectl("delete -n production cm/settings sa/robot svc/plain")
    kubectl("run lone -n production --image=agnhost -- pause")
    kubectl("wait -n production pod/lone --for=condition=Ready --timeout=20s")
    kubectl("delete -n production pod lone --now")
    kubectl("wait -n production pod/lone --for=delete --timeout=20s")


def test_exec_logs_and_cp(kubectl, app, tmp_path):
    into = "exec -n production deploy/api"
    assert kubectl(f"{into} -- sh -c", "echo hello") == "hello\n"
    assert kubectl(f"{into} -i -c api -- cat", stdin="in\n") == "in\n"
    assert kubectl(f"{into} -- sh -c", "exit 7", fails=True)[0] == 7
    assert '"nosuch": executable file not found' in kubectl(f"{into} -- nosuch", fails=True)[1]
    assert "container zz is not valid" in kubectl(f"{into} -c zz -- true", fails=True)[1]
    assert 'pods "nopod" not found' in kubectl("exec -n production nopod -- true", fails=True)[1]

    words = ["sh", "-c", "echo one; echo two; sleep 1; echo three"]
    kubectl(f"run talker -n production --image={IMAGE} --restart=Never --command --", *words)
    kubectl("wait -n production pod/talker --timeout=20s", "--for=jsonpath={.status.phase}=Running")
    assert kubectl("logs -n production -f talker --tail=1").splitlines()[-1] == "three"
    assert kubectl("logs -n production talker -c talker") == "one\ntwo\nthree\n"
    assert kubectl("logs -n production talker --tail=1") == "three\n"
    assert "container zz is not valid" in kubectl("logs -n production talker -c zz", fails=True)[1]
    for option, why in {"--previous": "not found", "--since=1h": "keeps no times"}.items():
        assert why in kubectl(f"logs -n production talker {option}", fails=True)[1]
    kubectl("delete -n production pod talker --now")

    pod = kubectl("get -n production pods -l app=api -o jsonpath={.items[0].metadata.name}")
    sent, back = tmp_path / "sent", tmp_path / "back"
    sent.write_text("by tar\n")
    kubectl(f"cp {sent} production/{pod}:/tmp/sent")
    assert kubectl(f"{into} -- cat /tmp/sent") == "by tar\n"
    kubectl(f"cp production/{pod}:/tmp/sent {back}")
    assert back.read_text() == "by tar\n"


def test_an_image_that_the_lab_has_not_is_told_of(kubectl, app):
    kubectl("run foreign -n production --image=nginx")
    waiting = "--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ErrImagePull"
    kubectl("wait -n production pod/foreign --timeout=20s", waiting)
    assert "is waiting to start: ErrImagePull" in kubectl("logs -n production foreign", fails=True)[1]
    assert 'container not found ("foreign")' in kubectl("exec -n production foreign -- true", fails=True)[1]
    assert "Failed to pull image" in kubectl("describe -n production pod foreign")
    kubectl("delete -n production pod foreign --now")


def test_questions_about_the_cluster_and_oneself(kubectl, app):
    assert "Server Version: v1.36.2+netprobe-lab" in kubectl("version")
    assert "is running at https://127.0.0.1" in kubectl("cluster-info")
    assert re.search(r"netpol +networking.k8s.io/v1 +true +NetworkPolicy", kubectl("api-resources"))
    assert "networking.k8s.io/v1" in kubectl("api-versions").split()
    assert re.search(r"egress\s+<\[\]NetworkPolicyEgressRule>", kubectl("explain networkpolicy.spec"))
    assert re.search(r"endPort\s+<integer>", kubectl("explain netpol.spec.egress.ports"))
    assert kubectl("auth can-i create pods --subresource=exec") == "yes\n"
    assert re.search(r"\*\.\* .*\[\*\]", kubectl("auth can-i --list"))
    assert re.search(r"Username +netprobe-lab", kubectl("auth whoami"))
    kubectl("cordon node2")
    assert kubectl("get nodes node2 --no-headers").split()[1] == "Ready,SchedulingDisabled"
    kubectl("uncordon node2")


def test_what_the_lab_has_not_is_refused_with_a_reason(kubectl, app):
    for line, complaint in {
        "attach -n production deploy/api": "the lab does not serve pods/attach; see a container's output",
        "port-forward -n production deploy/api :8080": "the lab does not serve pods/portforward; send the",
        "top pods": "Metrics API not available",
        "get secrets": 'the server doesn\'t have a resource type "secrets"',
        "explain networkpolicy.spec.nothing": 'field "nothing" does not exist',
        "create token default": "the server could not find the requested resource",
        f"apply --server-side -f {GUIDE}/policies.yaml": "Server-side apply not available on the server",
    }.items():
        assert complaint in kubectl(line, fails=True)[1]


def test_an_unknown_field_is_refused_or_warned_of(kubectl, app):
    typo = re.sub(r"policyTypes", "policyType", (GUIDE / "allow-dns.yaml").read_text())
    typo = typo.replace("name: allow-dns", "name: typo")
    refused = kubectl("apply -f -", stdin=typo, fails=True)[1]
    assert 'unknown field "spec.policyType"' in refused
    assert "NotFound" in kubectl("get -n production netpol typo", fails=True)[1]
    assert "typo created" in kubectl("apply --validate=warn -f -", stdin=typo)
    kubectl("delete -n production netpol typo")


def test_an_unknown_kind_is_named(kubectl, app):
    typo = (GUIDE / "allow-dns.yaml").read_text().replace("kind: NetworkPolicy", "kind: NetworkPolcy")
    refused = kubectl("apply -f -", stdin=typo, fails=True)[1]
    assert 'no matches for kind "NetworkPolcy" in version "networking.k8s.io/v1"' in refused
    assert "ensure CRDs are installed first" in refused


def test_the_application_goes_by_its_file(kubectl, app):
    """Last, since it ends what the other tests share."""
    # The namespaces come first, and the lab is quick to empty them.
    kubectl(f"delete -f {app} --ignore-not-found --timeout=30s")
    assert "NotFound" in kubectl("get ns production", fails=True)[1]
