"""netprobe's command lines in scripts and in pages, and whether the commands take them."""

from __future__ import annotations

import importlib
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from netprobe.app.clusters import find_provider
from netprobe.cli.main import netprobe
from netprobe.errors import InputError

CHECKOUT = Path(__file__).parents[2]
FORMATS = {
    "run": "netprobe.app.formats",
    "judge": "netprobe.app.formats",
    "check": "netprobe.app.check_reports",
    "compare": "netprobe.app.compare_reports",
    "lint": "netprobe.app.lint",
}
"""Where the formats of ``-o FORMAT=FILE`` are, by command."""
_ENDS = set("();<>|&\n")
_WORDS = {"netprobe", "kubectl-netprobe"}
_BEFORE = {"do", "then", "else", "!", "time", "exec", "sudo", "{"}


def commands_in(script: str) -> Iterator[list[str]]:
    """The arguments of each call of netprobe in a shell script; expressions of workflows become a word."""
    text = re.sub(r"\$\{\{.*?\}\}", "word", script).replace("\\\n", " ")
    for line in re.sub(r'\$\(|"\$\(', " ; ", text).splitlines():
        yield from _in_line(line)


def _in_line(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.commenters = ""
    lexer.whitespace_split = True
    found: list[str] | None = None
    at_start = True
    for token in _tokens(lexer):
        if set(token) <= _ENDS or token.startswith("#"):
            if found is not None:
                yield found
            found, at_start = None, not token.startswith("#")
        elif found is not None:
            found.append(token)
        elif at_start and token in _WORDS:
            found = []
        else:
            at_start = token in _BEFORE or (at_start and re.fullmatch(r"\w+=.*", token) is not None)
    if found is not None:
        yield found


def _tokens(lexer: shlex.shlex) -> Iterator[str]:
    """Tokens up to the first that does not close: the prose around a command is no shell."""
    try:
        yield from iter(lexer.get_token, None)
    except ValueError:
        return


def unknown_in(arguments: list[str]) -> list[str]:
    """The words of a command that is only mentioned, in part or with placeholders, that no command has."""
    command: click.Command = netprobe
    rest = list(arguments)
    while (
        isinstance(command, click.Group) and rest and re.fullmatch(r"[a-z-]+", rest[0]) and rest[0][0] != "-"
    ):
        found = command.get_command(click.Context(command), rest[0])
        if found is None:
            return rest[:1]
        command, rest = found, rest[1:]
    known = {"-h", "--help", "--version"}
    known |= {spelling for each in command.params for spelling in (*each.opts, *each.secondary_opts)}
    options = (re.match(r"--[a-z-]+|-[a-zA-Z]$", word) for word in rest)
    return [each[0] for each in options if each is not None and each[0] not in known]


def complaint_about(arguments: list[str]) -> str:
    """Why netprobe would not take the arguments as they are written; "" when it would."""
    command: click.Command = netprobe
    context = click.Context(netprobe, info_name="netprobe")
    rest = list(arguments)
    try:
        while isinstance(command, click.Group):
            if not rest or rest[0].startswith("-"):
                return "" if rest in (["--help"], ["-h"], ["--version"], []) else f"no command in {rest}"
            name, found, rest = command.resolve_command(context, rest)
            assert found is not None
            command = found
            context = click.Context(command, info_name=name, parent=context)
        made = command.make_context(context.info_name, rest, parent=context.parent)
    except click.exceptions.Exit:  # --help
        return ""
    except click.ClickException as error:
        return error.format_message()
    return _about_values(command.name or "", made.params)


def _about_values(command: str, values: Mapping[str, Any]) -> str:
    clusters = values.get("clusters") or [values.get("cluster")]
    for cluster in (each for each in clusters if each and each[0].islower()):
        try:
            find_provider(cluster.partition(":")[0])
        except InputError as error:
            return str(error)
    known = importlib.import_module(FORMATS[command]).FORMATS if command in FORMATS else ()
    unknown = [
        word for word in values.get("output") or () if "=" in word and word.partition("=")[0] not in known
    ]
    return f"netprobe {command} has no format for {', '.join(unknown)}" if unknown else ""
