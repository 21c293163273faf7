"""``netprobe explain`` as a person or a pipeline runs it."""

from __future__ import annotations

import io
import json

import pytest

from netprobe.cli.main import execute

APP = """apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: c, image: i, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, labels: {app: db}}
spec: {containers: [{name: c, image: i, ports: [{containerPort: 5432}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]
---
{kind: Secret, apiVersion: v1, metadata: {name: s}}
"""
DENIED = ["explain", "app.yaml", "--from", "web", "--to", "db:5432"]


@pytest.fixture
def app(desk):
    """The folder with the manifests."""
    (desk / "app.yaml").write_text(APP, encoding="utf-8")
    return desk


def test_the_answer_goes_to_standard_output_and_notes_do_not(app, capsys):
    assert execute(DENIED) == 0
    captured = capsys.readouterr()
    assert captured.out == (
        "DENIED  default/web → default/db:5432\n"
        "\n"
        "  egress of default/web: allowed\n"
        "    no policy isolates default/web for egress\n"
        "\n"
        "  ingress of default/db: denied\n"
        "    isolated by default/db (app.yaml:11:1)\n"
        "      admits ingress from pods with app=api on every port\n"
        "    nearest miss: default/db ingress rule 1 (app.yaml:16:13)\n"
        "      looks into namespace default, but default/web does not have app=api\n"
    )
    assert captured.err == "note: not looked at, since they decide nothing about flows: Secret (1)\n"


@pytest.mark.parametrize(("expected", "code"), [("deny", 0), ("allow", 1), ("undefined", 1)])
def test_an_expectation_decides_the_exit_code(expected, code, app, capsys):
    assert execute([*DENIED, "--expect", expected]) == code
    told = f"netprobe: {expected} was expected, not deny\n" in capsys.readouterr().err
    assert told == bool(code)


def test_a_program_gets_json(app, capsys):
    assert execute([*DENIED, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["answer"] == "DENY"
    assert document["notes"] == ["not looked at, since they decide nothing about flows: Secret (1)"]


def test_manifests_come_from_standard_input_and_names_from_a_namespace(app, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(APP))
    assert execute(["explain", "-", "-n", "shop", "--from", "db", "--to", "shop/web:80"]) == 0
    assert capsys.readouterr().out.startswith("ALLOWED  shop/db → shop/web:80\n")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "wbe", "--to", "db:5432"], 'did you mean "default/web"?'),
        (["--from", "web", "--to", "db"], "does not say a port"),
        (["--from", "web"], "missing option '--to'"),
        (["--from", "web", "--to", "db:1", "--defect", "udp-opn"], 'did you mean "udp-open"?'),
        (["--from", "web", "--to", "db:1", "--expect", "yes"], "'yes' is not one of"),
        (["nowhere", "--from", "web", "--to", "db:1"], "there is no file or folder nowhere"),
    ],
)
def test_a_wrong_question_is_answered_with_what_to_do(arguments, words, app, capsys):
    assert execute(["explain", "app.yaml", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("netprobe: ")
    assert words in captured.err


def test_one_problem_of_a_file_is_told_once(app, capsys):
    (app / "bad.yaml").write_text("kind: [Pod\n")
    assert execute(["explain", "bad.yaml", "--from", "web", "--to", "db:1"]) == 2
    assert capsys.readouterr().err.count("bad.yaml:") == 1
