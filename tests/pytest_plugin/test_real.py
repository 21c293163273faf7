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
        "scenarios/three-tier/scenario.yaml::the published policies/production/frontend[0]->production/"
        f"{tail}/tcp/ip"
        for tail in ("api[0]:8080", "database[0]:5432")
    ]
    result = pytester.runpytest_subprocess(*words, *named, timeout=80)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["LEAK  three-tier/the published policies/production/frontend*database*"])
