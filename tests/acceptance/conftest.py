"""Runs of whole scenarios on real packets."""

from __future__ import annotations

import secrets

import pytest

from netprobe.record.journal import JournalWriter, parse_journal
from netprobe.report import to_json
from netprobe.runner.options import RunOptions
from netprobe.runner.progress import Nobody
from netprobe.runner.results import rejudge
from netprobe.runner.run import run_scenario


@pytest.fixture
def measure(tmp_path):
    """Run a scenario on a cluster; its journal, judged again, must give the same report."""

    def run(scenario, cluster, watcher=None, **options):
        path = tmp_path / f"{secrets.token_hex(3)}.jsonl"
        with JournalWriter(path) as journal:
            given = RunOptions(run_id=secrets.token_hex(3), settle=6.0, **options)
            result = run_scenario(scenario, cluster, journal, given, watcher or Nobody())
        again = rejudge(parse_journal(path.read_text(encoding="utf-8"), str(path)))
        assert to_json.render([again]) == to_json.render([result])
        return result

    return run
