"""The entry point: parse, call, and turn every failure into sentences and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import click

from netprobe import __version__
from netprobe.cli.commands import COMMANDS
from netprobe.cli.failures import explain
from netprobe.cli.late import LateGroup

_EPILOG = (
    "Exit codes: 0 passed; 1 a failure was proved; 2 wrong input; 3 no answer; 70 internal error; "
    "130 or 143 stopped by a signal."
)


@click.command(
    cls=LateGroup,
    table=COMMANDS,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, message="netprobe %(version)s")
def netprobe() -> None:
    """Find out whether a cluster's network does what its NetworkPolicies say.

    netprobe sends real packets between pods, compares them with what the policies say and with
    what was intended, and names who is wrong: the network or the policy.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; ``arguments`` default to the process's own."""
    with ExitStack() as stack:
        if sys.stdout is None:  # closed by the caller (>&-): nobody reads, and that is no error
            sys.stdout = stack.enter_context(Path(os.devnull).open("w", encoding="utf-8"))
        sys.exit(execute(sys.argv[1:] if arguments is None else arguments))


def execute(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code; what went wrong is told on standard error."""
    try:
        code = netprobe.main(list(arguments), prog_name=_program_name(), standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as end:
        return end.exit_code
    except BrokenPipeError:
        return _leave_quietly()
    except BaseException as error:  # noqa: BLE001 - the last place: everything becomes a sentence and a code
        failure = explain(error, debug=os.environ.get("NETPROBE_DEBUG", "") not in ("", "0"))
        for line in failure.lines:
            click.echo(line, err=True)
        return failure.exit_code


def _program_name() -> str:
    return "kubectl netprobe" if Path(sys.argv[0]).name == "kubectl-netprobe" else "netprobe"


def _leave_quietly() -> int:
    """Nobody reads our output any more; end as a shell ends a program in that place (128 + SIGPIPE)."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return 141
