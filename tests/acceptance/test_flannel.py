"""``netprobe run`` and ``netprobe judge`` on a network that enforces nothing, from the shell."""

from __future__ import annotations

import json

import pytest

from tests.acceptance.measuring import netprobe

pytestmark = [pytest.mark.lab, pytest.mark.slow]

SCENARIO = """
netprobe: 1
name: deny
grid: {namespaces: {x: {}}, pods: [a, b], ports: [80]}
steps: [{name: deny all, apply: [deny.yaml], intent: {default: deny}}]
"""

DENY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-all, namespace: x}
spec: {podSelector: {}, policyTypes: [Ingress]}
"""


def run_and_judge(folder):
    (folder / "deny").mkdir()
    (folder / "deny/scenario.yaml").write_text(SCENARIO)
    (folder / "deny/deny.yaml").write_text(DENY)
    run, judge = (["-o", f"json={each}.json", "-o", f"junit={each}.xml"] for each in ("run", "judge"))
    options = ["--cluster", "lab:flannel", "--settle", "6", "--journal", "j.jsonl"]
    done = netprobe("run", "./deny", *options, *run, folder=folder)
    return folder, done, netprobe("judge", "j.jsonl", *judge, folder=folder)


STORIES = {"run and judge": run_and_judge}


def test_it_is_found_out_and_judged_the_same(told):
    folder, done, again = told("run and judge")
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.startswith("NetworkPolicy is not enforced on node")
    assert "lab, emulating Flannel" in done.stdout
    counts = json.loads((folder / "run.json").read_text())["runs"][0]["counts"]
    assert counts == {"flows": 2, "FAIL": 2, "LEAK": 2}
    assert (again.returncode, again.stdout) == (1, done.stdout)
    for kind in ("json", "xml"):
        assert (folder / f"judge.{kind}").read_bytes() == (folder / f"run.{kind}").read_bytes()
