"""``netprobe lab profiles``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import click

from netprobe.cli.output import CONTEXT
from netprobe.cli.page import page_for
from netprobe.cli.table import table_lines
from netprobe.lab.cluster.profiles import DEFAULT, IDENTITIES
from netprobe.lab.datapath.profile import Profile
from netprobe.lab.datapath.profiles import CONDITIONS, THEMES

_SPELLING = """\
A lab is spelled [PROFILE][+CONDITION...][@IDENTITY]: a profile says how its
network treats policies, conditions are weather that a sound network may have,
an identity is what it looks like to a tool that asks which CNI there is. An
identity in the place of the profile has its own one. The names in brackets are
rows of netprobe's catalogue of faults that CNIs had.

  netprobe run SCENARIO --cluster lab:none        a lab for one run
  netprobe run SCENARIO --cluster lab:ports-ignored+lossy
  netprobe run SCENARIO --cluster lab:+slow       sound, in slow weather
  netprobe run SCENARIO --cluster lab:flannel     the same as none, like Flannel
  netprobe run SCENARIO --cluster lab:enforcing@flannel
  netprobe lab up NAME --profile dead-node        a lab that stays
"""


@click.command(context_settings=CONTEXT)
def profiles() -> int:
    """List what a lab's network can be like, and what it can look like."""
    page = page_for(sys.stdout, "never", os.environ)
    conditions = [(each.name, each.description) for each in CONDITIONS.values()]
    looks = [(name, look.profile, look.description) for name, look in IDENTITIES.items()]
    for head, rows in (
        (("PROFILE", "WHAT ITS NETWORK DOES"), list(_behaviours())),
        (("CONDITION", "WHAT THE NETWORK IS LIKE"), conditions),
        (("IDENTITY", "PROFILE", "WHAT IT LOOKS LIKE"), looks),
    ):
        for line in table_lines(head, rows, page.width):
            page.line(line)
        page.line("")
    page.print(_SPELLING)
    return 0


def _behaviours() -> Iterator[tuple[str, str]]:
    for theme, behaviours in THEMES.items():
        yield "", ""
        yield f"{theme}:", ""
        for each in behaviours:
            yield f"  {each.name}", _told(each)


def _told(profile: Profile) -> str:
    default = " The default." if profile.name == DEFAULT else ""
    cites = f" [{', '.join(profile.cites)}]" if profile.cites else ""
    return f"{profile.description}{default}{cites}"
