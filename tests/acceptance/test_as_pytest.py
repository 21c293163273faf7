"""The scenarios of this checkout as tests of pytest, on real packets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.lab, pytest.mark.slow]

CHECKOUT = Path(__file__).resolve().parents[2]
EDGES = ("production/web[0]->outside/client[0]", "outside/client[0]->production/web[0]")


def one_scenario(folder):
    words = ["-q", "-p", "no:cacheprovider", "--netprobe-settle=6", "--netprobe-cluster=lab:flannel"]
    path = "scenarios/deny-all-ingress/scenario.yaml::deny all ingress"
    named = [f"{path}/{edge}:8080/tcp/ip" for edge in EDGES]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *words, *named],
        cwd=CHECKOUT,
        env={**os.environ, "NETPROBE_JOURNALS": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
        timeout=140,
    )


STORIES = {"one scenario": one_scenario}


def test_a_flow_is_a_test_and_a_leak_a_failure(told):
    done = told("one scenario")
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    leak = "LEAK  deny-all-ingress/deny all ingress/outside/client"
    assert [line for line in lines if line.startswith(leak) and "production/web" in line], done.stdout
    assert lines[-1].startswith("1 failed, 1 passed"), lines[-1]
