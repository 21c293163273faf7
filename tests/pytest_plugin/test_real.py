"""The command of the documentation, from this checkout and on real packets: one lab."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.lab
@pytest.mark.slow
def test_the_scenarios_of_the_checkout_are_tests(pytester, monkeypatch):
    monkeypatch.setenv("NETPROBE_JOURNALS", str(pytester.path / "journals"))
    os.chdir(CHECKOUT)  # pytester goes back
    words = ("-q", "-p", "no:cacheprovider", "--netprobe-settle=6", "--netprobe-cluster=lab:flannel")
    named = [
        f"scenarios/deny-all-ingress/scenario.yaml::deny all ingress/{edge}:8080/tcp/ip"
        for edge in ("production/web[0]->outside/client[0]", "outside/client[0]->production/web[0]")
    ]
    result = pytester.runpytest_subprocess(*words, *named, timeout=80)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["LEAK  deny-all-ingress/deny all ingress/outside/client*production/web*"])
