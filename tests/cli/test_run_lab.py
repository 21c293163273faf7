"""``netprobe run`` on the embedded cluster: real pods, real packets, from the shell.

Labs that enforce, and that do not, are met in ``tests/acceptance``.
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


def test_the_cni_files_of_nodes_are_read_where_that_is_allowed(desk):
    command = netprobe("identify", "--cluster", "lab:flannel", "--look-on-nodes", "--format", "json")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=80)
    assert done.returncode == 0, done.stderr
    assert "CNI file 10-flannel.conflist" in done.stdout
    assert json.loads(done.stdout)["unseen"] == []


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
    command = netprobe("run", scenario(), "--cluster", "lab:flanel")
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=80)
    assert done.returncode == 2
    assert "did you mean 'flannel'?" in done.stderr
    assert "Traceback" not in done.stderr
