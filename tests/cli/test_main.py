"""The command line as a whole: help, unknown words, late loading, exit codes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from netprobe import __version__
from netprobe.cli.commands import COMMANDS
from netprobe.cli.lab.group import COMMANDS as LAB
from netprobe.cli.main import execute, main
from netprobe.cli.scenarios.group import COMMANDS as SCENARIOS


def test_help_lists_every_command(capsys):
    assert execute(["--help"]) == 0
    text = capsys.readouterr().out
    for name, (_, line) in COMMANDS.items():
        assert name in text
        assert line[:30] in text
    assert "Exit codes" in text


@pytest.mark.parametrize(
    "name", [*COMMANDS, *(f"lab {each}" for each in LAB), *(f"scenarios {each}" for each in SCENARIOS)]
)
def test_every_command_of_the_table_has_help(name, capsys):
    assert execute([*name.split(), "--help"]) == 0
    assert f"Usage: netprobe {name}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["judg"], 'there is no command "judg"; did you mean "judge"?'),
        (
            ["frobnicate"],
            (
                'there is no command "frobnicate"; commands are: run, check, compare, judge, identify, '
                "explain, matrix, lint, scenarios, schema, lab, doctor, rbac, clean, images, version"
            ),
        ),
        (["--colour"], "no such option"),
        (["run", "--setle", "3"], "--settle"),
        (["run", "--settle", "soon", "x"], "not a valid float"),
        (["judge"], "missing argument"),
        (["version", "please"], "unexpected extra argument"),
    ],
)
def test_wrong_words_are_told_with_exit_code_2(arguments, words, capsys):
    assert execute(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("netprobe: ")
    assert words.lower() in captured.err.lower()
    assert "→ see netprobe" in captured.err


def test_without_a_command_the_help_is_shown(capsys):
    assert execute([]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("Usage: netprobe [OPTIONS] COMMAND")


def test_version_in_both_spellings(capsys):
    assert execute(["--version"]) == 0
    assert capsys.readouterr().out == f"netprobe {__version__}\n"
    assert execute(["version"]) == 0
    assert capsys.readouterr().out.startswith(f"netprobe {__version__} (Python 3.")


def test_main_exits_with_the_code():
    with pytest.raises(SystemExit) as end:
        main(["nonsense"])
    assert end.value.code == 2


def test_an_internal_error_is_70_and_no_traceback(monkeypatch, capsys):
    monkeypatch.setitem(COMMANDS, "version", ("netprobe.cli.nowhere:version", ""))
    assert execute(["version"]) == 70
    assert "internal error" in capsys.readouterr().err
    monkeypatch.setenv("NETPROBE_DEBUG", "1")
    assert execute(["version"]) == 70
    assert "Traceback" in capsys.readouterr().err


def test_help_imports_no_client_and_no_command():
    script = (
        "import sys\nfrom netprobe.cli.main import execute\ncode = execute(['--help'])\n"
        "heavy = {'kubernetes', 'aiohttp', 'pydantic', 'rich', 'yaml', 'netprobe.runner', 'netprobe.lab'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\nsys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert done.stderr == "[]\n"


def test_python_dash_m_works():
    command = [sys.executable, "-m", "netprobe", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, f"netprobe {__version__}\n")


def test_a_closed_standard_output_is_no_error():
    command = f"{sys.executable} -m netprobe version >&-"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
