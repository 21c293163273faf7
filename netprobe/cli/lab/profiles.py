"""``netprobe lab profiles``."""

from __future__ import annotations

import os
import sys

import click

from netprobe.cli.output import CONTEXT
from netprobe.cli.page import page_for
from netprobe.cli.table import table_lines
from netprobe.lab.cluster.profiles import DEFAULT, IDENTITIES
from netprobe.lab.datapath.profiles import PROFILES

_SPELLING = """\
A lab is spelled [PROFILE][@IDENTITY]: a profile says how its network treats
policies, an identity what it looks like to a tool that asks which CNI there
is. An identity alone has its own profile.

  netprobe run SCENARIO --cluster lab:none        a lab for one run
  netprobe run SCENARIO --cluster lab:flannel     the same, looking like Flannel
  netprobe run SCENARIO --cluster lab:enforcing@flannel
  netprobe lab up NAME --profile flannel          a lab that stays
"""


@click.command(context_settings=CONTEXT)
def profiles() -> int:
    """List what a lab's network can be like, and what it can look like."""
    page = page_for(sys.stdout, "never", os.environ)
    behaviours = [
        (name, profile.description + (" The default." if name == DEFAULT else ""))
        for name, profile in PROFILES.items()
    ]
    looks = [(name, look.profile, look.description) for name, look in IDENTITIES.items()]
    for line in table_lines(("PROFILE", "WHAT ITS NETWORK DOES"), behaviours, page.width):
        page.line(line)
    page.line("")
    for line in table_lines(("IDENTITY", "PROFILE", "WHAT IT LOOKS LIKE"), looks, page.width):
        page.line(line)
    page.line("")
    page.print(_SPELLING)
    return 0
