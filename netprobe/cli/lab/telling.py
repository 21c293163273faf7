"""What every command about labs tells on standard error."""

from __future__ import annotations

from collections.abc import Sequence

import click


def tell_swept(names: Sequence[str]) -> None:
    """Tell in one line which dead labs' folders were removed."""
    if names:
        labs = "lab" if len(names) == 1 else "labs"
        click.echo(
            f"netprobe: swept what was left of the {labs} {', '.join(names)}, whose process is gone", err=True
        )
