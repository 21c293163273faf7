"""Run a scenario, or a command of netprobe, as the stories of this folder do."""

from __future__ import annotations

import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from netprobe.cluster.port import Cluster
from netprobe.model.run import RunResult
from netprobe.model.scenario import Scenario
from netprobe.record.journal import JournalWriter, parse_journal
from netprobe.report import to_json
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Nobody, Watcher
from netprobe.runner.results import rejudge
from netprobe.runner.run import run_scenario


def measure(scenario: Scenario, cluster: Cluster, folder: Path, watcher: Watcher | None = None) -> RunResult:
    """Run a scenario on a cluster; its journal, judged again, must give the same report."""
    path = folder / f"{secrets.token_hex(3)}.jsonl"
    with JournalWriter(path) as journal:
        given = RunOptions(run_id=secrets.token_hex(3), settle=6.0)
        result = run_scenario(scenario, cluster, journal, given, watcher or Nobody())
    again = rejudge(parse_journal(path.read_text(encoding="utf-8"), str(path)))
    assert to_json.render([again]) == to_json.render([result])
    return result


def netprobe(
    *arguments: str, folder: Path, program: Sequence[str] = ("-m", "netprobe")
) -> subprocess.CompletedProcess[str]:
    """Run netprobe in ``folder``, as a user does, or a ``program`` that runs it."""
    return subprocess.run(
        [sys.executable, *program, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=140,
    )
