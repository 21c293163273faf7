"""Runs of whole scenarios on real packets."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor, wait

import pytest

from netprobe.app.check import CheckRequest, check
from netprobe.config.settings import Config
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


AUDITED = ("enforcing", "ports-ignored")


@pytest.fixture(scope="session", autouse=True)
def audits(request, tmp_path_factory):
    """Audits of labs of their own, begun before other tests of this folder: they mostly wait for silence."""
    if not any("test_the_audit" in item.nodeid for item in request.session.items):
        yield {}
        return
    journals = tmp_path_factory.mktemp("audits")

    def audit(profile):
        config = Config(cluster=f"lab:{profile}", settle=6.0, journals=str(journals / profile))
        return check(CheckRequest(config=config), Nobody())

    pool = ThreadPoolExecutor(len(AUDITED))
    futures = {profile: pool.submit(audit, profile) for profile in AUDITED}
    pool.shutdown(wait=False)  # its threads end with the audits: other tests fork, and want none
    yield futures
    wait(futures.values(), timeout=80)
