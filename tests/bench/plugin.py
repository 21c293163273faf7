"""What the pytest plugin costs, measured on this machine: `python tests/bench/plugin.py`.

Medians of the processor time of whole ``pytest`` processes, on which other load tells less: a start
with the plugin installed and unused against one without it, and the collection of 50 scenarios against
that of the same folder with no scenario in it.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

REPEATS = 11
SCENARIOS = 50
SCENARIO = """netprobe: 1
name: scenario-NUMBER
title: A small scenario
grid:
  namespaces: [red]
  pods: [a, b]
  ports: [80]
steps:
- name: deny a
  apply: [deny-a.yaml]
  intent:
    default: allow
    deny: ["* -> red/a"]
"""
POLICY = """apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-a, namespace: red}
spec: {podSelector: {matchLabels: {pod: a}}, policyTypes: [Ingress]}
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_one.py").write_text("def test_one(): pass\n")
        for number in range(SCENARIOS):
            scenario = folder / "scenarios" / f"s{number}"
            scenario.mkdir(parents=True)
            (scenario / "scenario.yaml").write_text(SCENARIO.replace("NUMBER", str(number)))
            (scenario / "deny-a.yaml").write_text(POLICY)
        without, unused = pair(folder, ["test_one.py", "-p", "no:netprobe"], ["test_one.py"])
        print(f"a start with the plugin unused adds {(unused - without) * 1000:.0f} ms to {without:.2f} s")
        words = ["--collect-only", "-q", "scenarios"]
        without, collected = pair(folder, [*words, "-p", "no:netprobe"], words)
        print(f"{SCENARIOS} scenarios add {collected - without:.2f} s to {without:.2f} s (at most 0.5)")


def pair(folder: Path, one: list[str], other: list[str]) -> tuple[float, float]:
    """The medians of two commands, taken in turns so that both meet the same load."""
    times = [(measured(folder, one), measured(folder, other)) for _ in range(REPEATS)]
    return statistics.median(t for t, _ in times), statistics.median(t for _, t in times)


def measured(folder: Path, arguments: list[str]) -> float:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:hypothesispytest",
        *arguments,
    ]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
