"""``netprobe run`` on the embedded cluster: real pods, real packets, from the shell.

The enforcing lab is met by ``tests/acceptance/test_library.py``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def netprobe(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "netprobe", *arguments]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(netprobe(*arguments), capture_output=True, text=True, check=False, timeout=80)


def test_a_lab_that_enforces_nothing_is_found_out_and_judged_the_same(scenario):
    outputs = ["-o", "json=run.json", "-o", "junit=run.xml", "--journal", "j.jsonl"]
    done = run("run", scenario(), "--cluster", "lab:flannel", "--settle", "6", *outputs)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.startswith("NetworkPolicy is not enforced on node")
    assert "lab, emulating Flannel" in done.stdout
    counts = json.loads(Path("run.json").read_text())["runs"][0]["counts"]
    assert counts == {"flows": 2, "FAIL": 2, "LEAK": 2}
    again = run("judge", "j.jsonl", "-o", "json=judge.json", "-o", "junit=judge.xml")
    assert (again.returncode, again.stdout) == (1, done.stdout)
    assert Path("judge.json").read_bytes() == Path("run.json").read_bytes()
    assert Path("judge.xml").read_bytes() == Path("run.xml").read_bytes()


def test_ctrl_c_in_a_terminal_leaves_a_report_and_no_process(scenario):
    """Ctrl-C goes to the whole process group: the lab must outlive it until the run has cleaned up."""
    command = netprobe("run", scenario(), "--cluster", "lab", "-o", "json=r.json")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        told = []
        for line in process.stderr:
            told.append(line)
            if line == "netprobe: step: deny all\n":
                os.killpg(process.pid, signal.SIGINT)
        out = process.stdout.read()
    assert process.returncode == 130, "".join(told)
    assert "INTERRUPTED: stopped by Ctrl-C" in out
    assert not any("namespaces are left" in line for line in told)
    assert json.loads(Path("r.json").read_text())["runs"][0]["interrupted"]
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_an_unknown_profile_is_wrong_input(scenario):
    done = run("run", scenario(), "--cluster", "lab:flanel")
    assert done.returncode == 2
    assert "did you mean 'flannel'?" in done.stderr
    assert "Traceback" not in done.stderr
