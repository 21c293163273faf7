"""Judge journals again: the same reports as at the end of their runs, without a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from netprobe.app.audience import Audience
from netprobe.app.formats import parse_outputs, write_outputs
from netprobe.config.settings import Config
from netprobe.record.journal import read_journal
from netprobe.report.conclusion import exit_code_of
from netprobe.runner.results import rejudge


def judge_journals(journals: Sequence[str], config: Config, audience: Audience) -> int:
    """Show and report the run of each journal; return the exit code.

    Raises InputError for a journal that cannot be read, before anything is shown.
    """
    outputs = parse_outputs(config.output)
    paths = [Path(journal).expanduser() for journal in journals]
    results = [rejudge(read_journal(path)) for path in paths]
    audience.expect(len(results))
    for result, path in zip(results, paths, strict=True):
        audience.show(result, path)
    audience.conclude(results)
    write_outputs(outputs, results, audience.print_text, audience.serve)
    return exit_code_of(results)
