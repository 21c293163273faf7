"""``netprobe rbac``: what it prints, and what of it stands in the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from netprobe.cli.main import execute
from netprobe.cluster.kube.permissions import PERMISSIONS, needed_for
from netprobe.model.permission import Purpose

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def printed(desk, capsys):
    """The text that a command line of rbac prints."""

    def run(*arguments):
        assert execute(["rbac", *arguments]) == 0
        return capsys.readouterr().out

    return run


def granted(text):
    """(namespace, group, resource, verb) that the roles in a text grant."""
    return {
        (body["metadata"].get("namespace", ""), group, resource, verb)
        for body in yaml.safe_load_all(text)
        if body["kind"].endswith("Role")
        for rule in body["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }


@pytest.mark.parametrize("word", ["run", "check", "identify", "doctor", "clean", "explain"])
def test_the_roles_grant_what_the_table_says_and_no_more(printed, word):
    wanted = {(each.namespace, each.group, each.path, each.verb) for each in needed_for(Purpose(word))}
    assert granted(printed("--for", word)) == wanted


def test_every_role_is_bound_to_the_account(printed):
    bodies = list(
        yaml.safe_load_all(printed("--name", "np", "--service-account", "probe", "--namespace", "ops"))
    )
    assert [body["kind"] for body in bodies[:2]] == ["Namespace", "ServiceAccount"]
    roles = {(body["kind"], body["metadata"].get("namespace")) for body in bodies if "rules" in body}
    bound = set()
    for body in bodies:
        if "roleRef" in body:
            assert body["subjects"] == [{"kind": "ServiceAccount", "name": "probe", "namespace": "ops"}]
            assert body["roleRef"]["name"] == "np"
            bound.add((body["roleRef"]["kind"], body["metadata"].get("namespace")))
    assert bound == roles
    assert ("ClusterRole", None) in roles


def test_an_account_that_is_there_is_left_out(printed):
    kinds = [body["kind"] for body in yaml.safe_load_all(printed("--existing", "--for", "identify"))]
    assert kinds == ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding", "Role", "RoleBinding"]


def test_it_says_what_the_account_could_do(printed):
    assert "delete ANY" in printed("--for", "run")
    assert "may delete ANY namespace" in printed("--for", "clean")
    assert "exec" not in printed("--for", "clean")
    reading = printed("--for", "doctor")
    assert "# It only reads." in reading
    assert {verb for *_, verb in granted(reading)} <= {"get", "list"}


def test_names_are_checked(desk, capsys):
    assert execute(["rbac", "--namespace", "Not_A_Name", "--name", "x/y"]) == 2
    err = capsys.readouterr().err
    assert "--name x/y" in err
    assert "--namespace Not_A_Name" in err


def test_it_is_as_wide_as_a_terminal(printed):
    assert max(len(line) for line in printed().splitlines()) <= 100


def test_the_documentation_has_what_it_prints(printed):
    text = printed()
    assert (DOCS / "in-cluster" / "rbac.yaml").read_text(encoding="utf-8") == text, (
        "docs/in-cluster/rbac.yaml is stale: netprobe rbac > docs/in-cluster/rbac.yaml"
    )
    role = text[text.index("kind: ClusterRole\n") :].partition("---\n")[0]
    assert role in (DOCS / "live-clusters.md").read_text(encoding="utf-8"), (
        "docs/live-clusters.md is stale: put in the ClusterRole that netprobe rbac prints"
    )


def test_a_permission_stands_in_the_table_once():
    keys = [
        (each.namespace, each.group, each.path, each.verb, purpose)
        for each in PERMISSIONS
        for purpose in each.purposes
    ]
    twice = {key for key in keys if keys.count(key) > 1}
    # an audit waits for its own workloads, and looks for the CNI's
    assert {(group, path, verb) for _, group, path, verb, _ in twice} <= {
        ("apps", "deployments", "list"),
        ("apps", "daemonsets", "list"),
    }
