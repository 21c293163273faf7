"""The command line, made from the click commands themselves: usage, what it does, arguments, options."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import click

from netprobe.cli.main import netprobe

MARK = "<!-- commands -->"


def sections() -> str:
    """A section for each command, groups before their commands, in the order of ``netprobe --help``."""
    return "\n".join(_command(netprobe, _context(netprobe, "netprobe")))


def _context(command: click.Command, name: str, parent: click.Context | None = None) -> click.Context:
    return click.Context(command, info_name=name, parent=parent, **command.context_settings)


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    path = context.command_path
    if context.parent is not None:
        level = 2 if context.parent.parent is None else 3
        yield from (f"{'#' * level} {path}", "", *_help(command, context))
    if isinstance(command, click.Group):
        names = command.list_commands(context)
        if context.parent is None:
            yield from _help(command, context)
        yield from ("| command | |", "|---|---|")
        below = [(name, command.get_command(context, name)) for name in names]
        for name, each in below:
            assert each is not None
            yield f"| [`{path} {name}`](#{_anchor(f'{path} {name}')}) | {_cell(_first(each))} |"
        yield ""
        for name, each in below:
            assert each is not None
            yield from _command(each, _context(each, name, context))


def _help(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join(command.collect_usage_pieces(context))
    yield from ("```text", f"{context.command_path} {usage}", "```", "")
    yield from (inspect.cleandoc(command.help or ""), "")
    options = [
        each for each in command.get_params(context) if isinstance(each, click.Option) and not each.hidden
    ]
    yield from ("| option | |", "|---|---|")
    yield from (f"| `{_spelling(each, context)}` | {_cell(each.help or '')} |" for each in options)
    yield ""
    if command.epilog:
        yield from (command.epilog, "")


def _spelling(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    assert record is not None
    return record[0].replace("|", "\\|")


def _first(command: click.Command) -> str:
    """The first paragraph of what a command says of itself."""
    return inspect.cleandoc(command.help or "").partition("\n\n")[0]


def _anchor(path: str) -> str:
    return path.replace(" ", "-")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the sections where the page wants them."""
    return markdown.replace(MARK, sections()) if MARK in markdown else markdown
