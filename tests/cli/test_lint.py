"""``netprobe lint`` as a person and a CI system use it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from netprobe.cli.main import execute
from netprobe.lint.registry import RULES

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop%s}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  egress:
  - to: [{podSelector: {matchLabels: {app: 100%%}}}]
"""


@pytest.fixture
def policy(desk) -> Path:
    """A policy whose egress rule has no effect."""
    path = desk / "policy, one.yaml"
    path.write_text(POLICY.replace("100%%", "db") % "")
    return path


def test_an_error_fails_with_place_reason_and_fix(policy, capsys):
    assert execute(["lint", policy.name]) == 1
    out = capsys.readouterr().out
    assert "policy, one.yaml:8:5: error: NetworkPolicy shop/web: rules-without-type\n" in out
    assert (
        "  fix: name Egress in policyTypes:\n       policyTypes:\n       - Ingress\n       - Egress\n" in out
    )
    assert out.endswith("FAIL: 1 error, 1 info in 1 policy, 0 pods, 1 namespace (exit code 1)\n")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-on", "never"], 0),
        (["--disable", "rules-without-type"], 0),
        (["--disable", "rules-without-type", "--fail-on", "info"], 1),
        (["--disable", "rules-without-type,no-pods", "--fail-on", "info"], 0),
        (["--only", "no-dns", "--only", "no-pods", "--fail-on", "warning"], 0),
        (["--only", "rules-without-type", "--fail-on", "warning"], 1),
    ],
)
def test_what_fails_is_the_users_choice(options, code, policy, capsys):
    assert execute(["lint", policy.name, *options]) == code
    assert capsys.readouterr().out.splitlines()[-1].startswith("FAIL" if code else "PASS")


def test_an_annotation_silences_a_rule_for_its_object(desk, capsys):
    annotation = ', annotations: {netprobe.io/lint-ignore: "rules-without-type, no-pod"}'
    Path("policy.yaml").write_text(POLICY.replace("100%%", "db") % annotation)
    assert execute(["lint", "policy.yaml", "-q"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[3] for line in lines[:-1]] == ["unknown-ignore", "no-pods"]
    assert 'did you mean "no-pods"?' in lines[0]


def test_standard_input_and_a_default_namespace(desk, capsys, monkeypatch):
    monkeypatch.setattr(
        "sys.stdin", io.StringIO(POLICY.replace(", namespace: shop", "").replace("100%%", "x") % "")
    )
    assert execute(["lint", "-", "-n", "back", "-q"]) == 1
    assert "<stdin>:8:5: error: NetworkPolicy back/web: rules-without-type: " in capsys.readouterr().out


def test_annotations_for_a_workflow_are_escaped(policy, capsys):
    assert execute(["lint", policy.name, "--format", "github", "--only", "rules-without-type"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    where = "file=policy%2C one.yaml,line=8,col=5,title=rules-without-type%3A NetworkPolicy shop/web"
    assert line.startswith(
        f"::error {where}::policyTypes is [Ingress], so the egress rule is without effect%0A"
    )
    assert line.endswith("policyTypes:%0A- Ingress%0A- Egress")


def test_json_says_everything(policy, capsys):
    assert execute(["lint", policy.name, "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["netprobe_lint"] == 1
    assert found["exit_code"] == 1
    assert found["counts"] == {"error": 1, "warning": 0, "info": 1}
    (error,) = [each for each in found["findings"] if each["severity"] == "error"]
    assert error["object"] == {"kind": "NetworkPolicy", "namespace": "shop", "name": "web"}
    assert error["place"] == {"file": "policy, one.yaml", "line": 8, "column": 5}
    assert error["fix"]["yaml"].startswith("policyTypes:")
    assert [rule["id"] for rule in found["rules"]] == [rule.id for rule in RULES]


def test_files_beside_what_is_printed(policy, capsys):
    outputs = ["-o", "sarif=lint.sarif", "-o", "json=lint.json", "-o", "plain.txt"]
    assert execute(["lint", policy.name, *outputs]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("FAIL: ")
    assert json.loads(Path("lint.sarif").read_text())["version"] == "2.1.0"
    assert json.loads(Path("lint.json").read_text())["netprobe_lint"] == 1
    assert "rules-without-type\n" in Path("plain.txt").read_text()


def test_a_report_on_standard_output_sends_the_text_to_the_other_stream(policy, capsys):
    assert execute(["lint", policy.name, "-o", "sarif=-"]) == 1
    captured = capsys.readouterr()
    assert json.loads(captured.out)["version"] == "2.1.0"
    assert captured.err.splitlines()[-1].startswith("FAIL: ")


def test_rules_are_listed_without_manifests(desk, capsys):
    assert execute(["lint", "--rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [[rule.id, rule.severity] for rule in RULES]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "there is nothing to look at"),
        (["nowhere.yaml"], "nowhere.yaml"),
        (["policy, one.yaml", "--only", "no-dsn"], 'did you mean "no-dns"?'),
        (["policy, one.yaml", "--disable", "x"], "netprobe lint --rules lists them"),
        (["policy, one.yaml", "--format", "xml"], "--format"),
        (["policy, one.yaml", "-o", "junit=x.xml"], 'there is no format "junit"'),
        (["policy, one.yaml", "-o", "json=nowhere/x.json"], "nowhere"),
    ],
)
def test_wrong_input_is_told_with_exit_code_2(arguments, words, policy, capsys):
    assert execute(["lint", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert "Traceback" not in captured.err
