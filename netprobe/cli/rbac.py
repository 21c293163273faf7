"""``netprobe rbac``."""

from __future__ import annotations

import os
import sys

import click

from netprobe.app.rbac import DEFAULT, WORDS, RbacRequest
from netprobe.app.rbac import rbac as rbac_app
from netprobe.cli.output import CONTEXT
from netprobe.cli.page import page_for


@click.command(context_settings=CONTEXT)
@click.option(
    "--for",
    "words",
    multiple=True,
    type=click.Choice(sorted(WORDS)),
    default=DEFAULT,
    metavar="COMMAND",
    help=f"The command to permit: {', '.join(sorted(WORDS))}. Repeatable (run and check).",
)
@click.option("--name", metavar="NAME", help="What the roles are called (netprobe, or netprobe-COMMAND).")
@click.option(
    "--namespace", default="netprobe", metavar="NAME", help="The namespace of the account (netprobe)."
)
@click.option(
    "--service-account", default="netprobe", metavar="NAME", help="The account that gets them (netprobe)."
)
@click.option("--existing", is_flag=True, help="The namespace and the account are there: leave them out.")
def rbac(
    *, words: tuple[str, ...], name: str | None, namespace: str, service_account: str, existing: bool
) -> int:
    """Print the roles that netprobe needs on a cluster: kubectl apply -f - reads them.

    No cluster is asked. `netprobe doctor` says what an account lacks.
    """
    request = RbacRequest(
        words=tuple(dict.fromkeys(words)),
        name=name,
        namespace=namespace,
        service_account=service_account,
        bare=existing,
    )
    page_for(sys.stdout, "never", os.environ).print(rbac_app(request))
    return 0
