"""``-o prometheus=HOST:PORT``, as a scraper and whoever stops it see it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request


def test_metrics_are_served_after_the_run_until_it_is_stopped(scenario, desk):
    command = [sys.executable, "-m", "netprobe", "run", scenario(), "-q", "-o", "prometheus=127.0.0.1:0"]
    program = subprocess.Popen(
        command, cwd=desk, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    with program:
        assert program.stderr is not None
        told = next(line for line in program.stderr if "metrics are at" in line)
        url = re.search(r"http://127\.0\.0\.1:\d+/metrics", told)
        assert url is not None, told
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url[0], timeout=10) as answer:
            text = answer.read().decode()
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0, "the exit code is that of the run, not of the signal"
    assert 'netprobe_scenario_verdict{cluster="simulated",scenario="deny",verdict="PASS"} 1.0' in text
