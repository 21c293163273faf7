"""``netprobe matrix`` as a person or a pipeline runs it."""

from __future__ import annotations

import csv
import io
import json

import pytest

from netprobe.cli.main import execute

POD = """apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: shop, labels: {{app: {name}}}}}
spec: {{containers: [{{name: c, image: i, ports: [{{containerPort: 80}}]}}]}}
---
"""
SHUT = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shut, namespace: shop}
spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
"""


@pytest.fixture
def shop(desk):
    """Three pods, and a folder each for a policy before (none) and after."""
    (desk / "app.yaml").write_text("".join(POD.format(name=name) for name in ("api", "db", "web")))
    for name, text in (("old", "kind: Secret\napiVersion: v1\nmetadata: {name: s}\n"), ("new", SHUT)):
        (desk / name).mkdir()
        (desk / name / "policies.yaml").write_text(text)
    return desk


def test_the_table_is_for_people(shop, capsys):
    assert execute(["matrix", "app.yaml", "new"]) == 0
    assert capsys.readouterr().out == (
        "  ·  allowed\n"
        "  X  denied\n"
        "  =  a pod and itself: always allowed\n"
        "\n"
        "               shop\n"
        "  from ↓ to →  api, web  db\n"
        "               :80       :80\n"
        "  ───────────  ────────  ───\n"
        "  shop\n"
        "    api, web   ·         X\n"
        "    db         ·         =\n"
        "\n"
        "6 flows: 4 allowed, 2 denied\n"
    )


def test_a_change_that_opens_or_closes_exits_with_1(shop, capsys):
    assert execute(["matrix", "app.yaml", "--diff", "old", "new"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ("closes     shop/api, shop/web → shop/db:80\n2 of 6 flows change: 2 closed\n")
    assert captured.err == "note: not looked at, since they decide nothing about flows: Secret (1)\n"
    assert execute(["matrix", "app.yaml", "--diff", "old", "new", "-v"]) == 1
    assert "           denied at the destination: shut isolates shop/db" in capsys.readouterr().out


def test_a_change_that_changes_nothing_exits_with_0(shop, capsys):
    assert execute(["matrix", "app.yaml", "--diff", "new", "new"]) == 0
    assert capsys.readouterr().out == "none of 6 flows changes\n"


def test_programs_get_json_and_csv_with_the_ports_that_they_ask_for(shop, capsys):
    ports = ["--port", "443", "--port", "53/udp"]
    assert execute(["matrix", "app.yaml", "new", "--format", "json", *ports]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {(each["port"], each["protocol"]) for each in document["destinations"]} == {
        (80, "TCP"), (443, "TCP"), (53, "UDP"),
    }  # fmt: skip
    assert execute(["matrix", "app.yaml", "new", "--format", "csv", *ports]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["answer"] for row in rows if row["destination"] == "shop/db"} == {"DENY"}


def test_a_defect_of_the_network_is_noted(shop, capsys):
    assert execute(["matrix", "app.yaml", "new", "--defect", "nothing-enforced"]) == 0
    captured = capsys.readouterr()
    assert "6 flows: 6 allowed" in captured.out
    assert captured.err.startswith(
        "note: these are the answers of a network with the defect nothing-enforced"
    )


def test_a_cluster_is_looked_at_like_manifests(desk, capsys):
    assert execute(["matrix", "--cluster", "simulated"]) == 0
    assert "kube-system\n    coredns" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "there is nothing to look at"),
        (["app.yaml", "--port", "http"], '"http" is not a port'),
        (["app.yaml", "--port", "0"], "port 0 must be between 1 and 65535"),
        (["app.yaml", "--defect", "nothing-enforcd"], 'did you mean "nothing-enforced"?'),
        (["app.yaml", "--format", "xml"], "'xml' is not one of"),
        (["app.yaml", "--cluster", "simulated"], "cannot be looked at together"),
        (["--diff", "old", "new"], "name the manifests of the workloads, too"),
        (["app.yaml", "--diff", "old"], "requires 2 arguments"),
    ],
)
def test_a_wrong_question_is_answered_with_what_to_do(arguments, words, shop, capsys):
    assert execute(["matrix", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("netprobe: ")
    assert words in captured.err


def test_what_programs_read_is_utf_8_whatever_the_terminal_can(shop, monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert execute(["matrix", "app.yaml", "new", "--format", "markdown"]) == 0
    assert "| shop/api, web | ✅ | ❌ |" in raw.getvalue().decode()
