"""Workflows, the action, the GitLab file and the hook: valid by the published schemas.

And netprobe takes every command in them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import check_jsonschema
import pytest
import yaml
from click.testing import CliRunner
from pre_commit.clientlib import InvalidManifestError, load_manifest

from tests.docs.command_lines import CHECKOUT, commands_in, complaint_about

ACTION = CHECKOUT / ".github" / "actions" / "netprobe"
EXAMPLE = CHECKOUT / "docs" / "ci" / "github-actions.yaml"
GITLAB = CHECKOUT / "docs" / "ci" / "gitlab-ci.yaml"
HOOKS = CHECKOUT / ".pre-commit-hooks.yaml"
WORKFLOWS = sorted((CHECKOUT / ".github" / "workflows").glob("*.yaml"))
SCHEMAS = {
    **{path: ["vendor.github-workflows"] for path in (*WORKFLOWS, EXAMPLE)},
    ACTION / "action.yml": ["vendor.github-actions"],
    GITLAB: ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
}


def read(path: Path) -> Any:
    """The file with every scalar as text: YAML 1.1 would take ``on:`` for true."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_it_is_valid_by_the_published_schema(path):
    result = CliRunner().invoke(check_jsonschema.main, ["--builtin-schema", *SCHEMAS[path], str(path)])
    assert result.exit_code == 0, result.output


def test_a_wrong_workflow_would_be_refused(tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(EXAMPLE.read_text().replace("runs-on:", "run-on:"))
    result = CliRunner().invoke(
        check_jsonschema.main, ["--builtin-schema", "vendor.github-workflows", str(wrong)]
    )
    assert result.exit_code == 1


def scripts(node: Any, key: str = "") -> Iterator[str]:
    """Every text that a shell would run."""
    if isinstance(node, dict):
        for name, below in node.items():
            yield from scripts(below, name)
    elif isinstance(node, list):
        for below in node:
            yield from scripts(below, key)
    elif key in ("run", "script", "before_script"):
        yield node


@pytest.mark.parametrize("path", [*WORKFLOWS, EXAMPLE, GITLAB], ids=lambda path: path.name)
def test_netprobe_takes_every_command(path):
    commands = [each for script in scripts(read(path)) for each in commands_in(script)]
    assert commands or path.name == "ci.yaml"
    assert [(each, why) for each in commands if (why := complaint_about(each))] == []


def test_commands_are_found_in_scripts_and_wrong_ones_are_told():
    script = (
        'mkdir x && netprobe run a \\\n  --cluster "kind:${{ matrix.cni }}" || code=$?\n'
        "echo netprobe\nnetprobe lint - | wc"
    )
    assert list(commands_in(script)) == [["run", "a", "--cluster", "kind:word"], ["lint", "-"]]
    assert "No such option" in complaint_about(["run", "a", "--clutser", "lab"])
    assert "there is no command" in complaint_about(["rum"])
    assert "no format" in complaint_about(["check", "-o", "junt=x"])


def test_the_workflow_of_this_repository_runs_the_example():
    example = EXAMPLE.read_text(encoding="utf-8")
    ours = (CHECKOUT / ".github" / "workflows" / "cnis.yaml").read_text(encoding="utf-8")
    swapped = example.replace("pip install k8s-netprobe", "pip install .")
    swapped = swapped.replace("netprobe lint deploy/", "netprobe lint scenarios/three-tier")
    assert ours[ours.index("permissions:") :] == swapped[swapped.index("permissions:") :]


def test_pre_commit_takes_the_hook(tmp_path):
    (hook,) = load_manifest(str(HOOKS))
    assert (hook["id"], hook["types_or"]) == ("netprobe-lint", ["yaml", "json"])
    wrong = tmp_path / "hooks.yaml"
    wrong.write_text(HOOKS.read_text().replace("entry:", "entri:"))
    with pytest.raises(InvalidManifestError):
        load_manifest(str(wrong))


def test_the_hook_finds_what_lint_finds(tmp_path):
    (hook,) = read(HOOKS)
    assert (hook["id"], hook["language"], hook["pass_filenames"]) == ("netprobe-lint", "python", "false")
    commands = list(commands_in(hook["entry"]))
    assert commands == [["lint"]]
    assert complaint_about([*commands[0], *hook["args"]]) == ""
    shutil.copy(CHECKOUT / "tests" / "lint" / "cases" / "policy-selects-nothing" / "broken.yaml", tmp_path)
    call = [sys.executable, "-m", "netprobe", *commands[0], *hook["args"], "--fail-on", "warning"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "broken.yaml:" in done.stdout) == (1, True)


# The action's script, with a stand-in for netprobe that says how it was called.

STAND_IN = """#!/usr/bin/env bash
printf '%s\\n' "$@" >"$RECORD"
for word in "$@"; do case "$word" in markdown=*) echo '# A report' >"${word#markdown=}" ;; esac; done
exit "${STAND_IN_CODE:-0}"
"""


def act(folder: Path, code: int = 0, **inputs: str) -> tuple[int, list[str], str, str]:
    """Run the script in a folder: its exit code, netprobe's arguments, the outputs, the summary."""
    programs = folder / "bin"
    programs.mkdir()
    stand_in = programs / "netprobe"
    stand_in.write_text(STAND_IN)
    stand_in.chmod(0o755)
    files = {name: folder / name for name in ("RECORD", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.touch()
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "STAND_IN_CODE": str(code),
        "REPORTS": "out/reports",
        **{name: str(path) for name, path in files.items()},
        **inputs,
    }
    done = subprocess.run(
        ["bash", str(ACTION / "netprobe.sh")],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [path.read_text() for path in files.values()]
    return done.returncode, told[0].splitlines(), told[1], told[2] + done.stdout


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"COMMAND": "check"}, ["check", "--cluster"]),
        ({"COMMAND": "run"}, ["run", "--all", "--cluster"]),
        (
            {"COMMAND": "run", "SCENARIOS": "three-tier\n  ports "},
            ["run", "three-tier", "ports", "--cluster"],
        ),
    ],
)
def test_the_action_calls_netprobe(tmp_path, inputs, words):
    more = {"CLUSTER": "context:ci $(x)", "ARGUMENTS": "--settle 10"}
    code, called, outputs, summary = act(tmp_path, **inputs, **more)
    assert (code, outputs, summary) == (0, "exit-code=0\n", "# A report\n")
    assert called[: len(words) + 1] == [*words, "context:ci $(x)"]
    assert called[-2:] == ["--settle", "10"]
    assert complaint_about([word.replace("context:ci $(x)", "context:ci") for word in called]) == ""
    assert (tmp_path / "out" / "reports").is_dir()


def test_the_action_ends_as_netprobe_ends(tmp_path):
    code, _, outputs, summary = act(tmp_path, code=3, COMMAND="check", CLUSTER="context", SUMMARY="false")
    assert (code, outputs, summary) == (3, "exit-code=3\n", "")


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"COMMAND": "chekc"}, 'the input command is check or run, not "chekc"'),
        ({"COMMAND": "check", "SCENARIOS": "x"}, "the input scenarios goes with command: run"),
        ({"COMMAND": "check", "SUMMARY": "yes"}, 'the input summary is true or false, not "yes"'),
    ],
)
def test_wrong_inputs_of_the_action_are_told(tmp_path, inputs, sentence):
    code, called, _, told = act(tmp_path, CLUSTER="context", **inputs)
    assert (code, called) == (2, [])
    assert f"::error title=netprobe::{sentence}\n" in told


def test_the_script_reads_every_input_of_the_action():
    action = read(ACTION / "action.yml")
    given = {name for step in action["runs"]["steps"] for name in step.get("env", {})}
    said = (ACTION / "netprobe.sh").read_text() + (ACTION / "install.sh").read_text()
    assert {name.upper() for name in action["inputs"]} - {"PYTHON-VERSION"} == given
    assert all(f"${name}" in said or f"${{{name}" in said for name in given)
