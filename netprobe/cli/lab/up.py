"""``netprobe lab up``."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import click

from netprobe.cli.lab.telling import tell_swept
from netprobe.cli.output import CONTEXT
from netprobe.cli.signals import interruptible
from netprobe.errors import RunInterrupted
from netprobe.lab.cluster.access import DEFAULT_NAME, refuse_foreign
from netprobe.lab.cluster.lab import MAX_NODES
from netprobe.lab.cluster.profiles import DEFAULT, describe
from netprobe.lab.cluster.records import Wanted, kubeconfig_of, labs_folder
from netprobe.lab.cluster.standing import Raised, end_labs, own_lab, raise_lab, wanted_lab

_NODES = 2


@click.command(context_settings=CONTEXT)
@click.argument("name", default=DEFAULT_NAME, metavar="[NAME]")
@click.option(
    "--profile",
    metavar="PROFILE",
    help="[PROFILE][+CONDITION...][@IDENTITY], as netprobe lab profiles lists them (enforcing).",
)
@click.option("--nodes", type=int, metavar="N", help=f"How many nodes, 1 to {MAX_NODES} ({_NODES}).")
@click.option("--kubeconfig", metavar="FILE", help="Write the kubeconfig to this file, too, and name it.")
@click.option("--foreground", is_flag=True, help="Stay, and end the lab with this command (Ctrl-C).")
def up(*, name: str, profile: str | None, nodes: int | None, kubeconfig: str | None, foreground: bool) -> int:
    """Start a lab that outlives this command, or find it running.

    NAME is lab unless given; labs of several names run side by side. Standard output is one line for
    your shell: eval "$(netprobe lab up)" lets kubectl speak to the lab. For a lab that runs already,
    options that you give must be what it was started with.
    """
    folder = labs_folder(os.environ)
    wanted = wanted_lab(name, DEFAULT if profile is None else profile, _NODES if nodes is None else nodes)
    given = {"profile": profile, "identity": profile, "nodes": nodes}
    file = None if kubeconfig is None else Path(kubeconfig).expanduser().absolute()
    if file is not None:
        refuse_foreign(file)
    if foreground:
        return _stay(folder, wanted, file)
    raised = raise_lab(folder, wanted, [key for key, value in given.items() if value is not None])
    try:
        _say(folder, raised, file)
    except BaseException:
        if raised.fresh:
            end_labs(folder, [name])
        raise
    return 0


def _stay(folder: Path, wanted: Wanted, file: Path | None) -> int:
    with interruptible() as interruption:
        try:
            with own_lab(folder, wanted) as (lab, raised):
                _say(folder, raised, file)
                click.echo("netprobe: Ctrl-C ends the lab", err=True)
                lab.wait()
        except RunInterrupted as stopped:
            click.echo(f'netprobe: lab "{wanted.name}" has ended: {stopped.message}', err=True)
            return interruption.exit_code(0)
    click.echo(f'netprobe: lab "{wanted.name}" has ended by itself', err=True)
    return 3


def _say(folder: Path, raised: Raised, file: Path | None) -> None:
    """Tell the shell on standard output, and a person on standard error."""
    wanted, access = raised.record.wanted, raised.record.access
    if file is not None:
        access.write_kubeconfig(file)
    tell_swept(raised.swept)
    state = "is up" if raised.fresh else "runs already"
    what = f"{describe(wanted.profile, wanted.identity)}, nodes: {wanted.nodes}"
    click.echo(
        f'netprobe: lab "{wanted.name}" {state}: {what}, {access.server}',
        err=True,
    )
    path = shlex.quote(str(file or kubeconfig_of(folder, wanted.name)))
    if sys.stderr.isatty():
        for line in _next_steps(wanted.name, is_read=not sys.stdout.isatty()):
            click.echo(line, err=True)
    click.echo(f"export KUBECONFIG={path}")


def _next_steps(name: str, *, is_read: bool) -> list[str]:
    given = "" if name == DEFAULT_NAME else f" {name}"
    cluster = "running-lab" if name == DEFAULT_NAME else f"running-lab:{name}"
    steps = [
        ("kubectl get pods -A", "look around" if is_read else "after the line below"),
        (f"netprobe run SCENARIO --cluster {cluster}", "see netprobe scenarios list"),
        (f"netprobe lab down{given}", "end it"),
    ]
    width = max(len(command) for command, _ in steps)
    return [f"  {command.ljust(width)}  # {why}" for command, why in steps]
