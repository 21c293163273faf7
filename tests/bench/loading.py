"""How fast manifests are read, measured on this machine: `python tests/bench/loading.py [PART...]`.

Parts: ``pods`` (1,000 pods and 100 policies, as written by hand and as dumped by kubectl, YAML and JSON),
``stream`` (50 MB of documents: pods alone, and mostly kinds that decide nothing). Each is read in a
process of its own; prints one table of medians with what was promised, and the peak of memory.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml
from tabulate import tabulate

from netprobe.manifests.load import load_inventory

REPEATS = 3
STREAM = 50_000_000
"""Characters of the stream."""

Row = tuple[str, float, float, str]
"""What was measured, the median in seconds, the promise in seconds (0: none), a remark."""

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: web-{number}
  namespace: team-{team}
  labels:
    app: web
    tier: "front"
spec:
  nodeName: node-{node}
  containers:
  - name: web
    image: registry.example.com/web:1.{number}
    env:
    - name: MODE
      value: "1"
    - name: NAME
      valueFrom:
        fieldRef:
          fieldPath: metadata.name
    ports:
    - containerPort: 8080
      name: http
      protocol: TCP
    resources:
      requests: {{cpu: 100m, memory: 128Mi}}
      limits: {{cpu: 500m, memory: 256Mi}}
    readinessProbe:
      httpGet:
        path: /healthz
        port: http
      periodSeconds: 10
status:
  phase: Running
  podIP: 10.1.{high}.{low}
  conditions:
  - type: Ready
    status: "True"
"""

MANAGED = """\
managedFields:
- apiVersion: v1
  fieldsType: FieldsV1
  fieldsV1:
    f:metadata:
      f:labels:
        .: {}
        f:app: {}
    f:spec:
      f:containers:
        k:{"name":"web"}:
          .: {}
          f:image: {}
  manager: kube-controller-manager
  operation: Update
"""

POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: allow-{number}
  namespace: team-{team}
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes: [Ingress, Egress]
  ingress:
  - from:
    - podSelector: {{}}
    - namespaceSelector:
        matchExpressions:
        - {{key: team, operator: In, values: [a, b]}}
    ports:
    - port: http
  egress:
  - to:
    - ipBlock:
        cidr: 10.0.0.0/8
        except: [10.1.0.0/16]
    ports:
    - port: 53
      protocol: UDP
"""

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndata:\n  text: |\n" + "    some text\n" * 40


def main(parts: list[str]) -> None:
    rows = [row for name in parts or list(PARTS) for row in PARTS[name]()]
    table = [
        (what, f"{took:.2f}", *((f"{promise:g}", f"{took / promise:.2f}") if promise else ("", "")), remark)
        for what, took, promise, remark in rows
    ]
    headers = ("measured", "median s", "at most s", "ratio", "remark")
    print(tabulate(table, headers=headers, disable_numparse=True))


def bench_pods() -> Iterator[Row]:
    """1,000 pods and 100 policies."""
    pods, policies = [pod(number) for number in range(1000)], [policy(number) for number in range(100)]
    dumped = [text.replace("spec:\n", textwrap.indent(MANAGED, "  ") + "spec:\n", 1) for text in pods]
    items = "".join("- " + textwrap.indent(text, "  ")[2:] for text in dumped + policies)
    as_list = f"apiVersion: v1\nitems:\n{items}kind: List\nmetadata: {{}}\n"
    as_json = json.dumps(yaml.load(as_list, Loader=yaml.CSafeLoader), indent=4)
    texts = (("documents", "\n---\n".join(pods + policies)), ("one List", as_list), ("JSON", as_json))
    for how, text in texts:
        yield measured(f"1,000 pods and 100 policies, {how}", text, 1.5)


def bench_stream() -> Iterator[Row]:
    """50 MB of documents."""
    pods = "---\n".join(pod(number) for number in range(STREAM // len(pod(0))))
    yield measured("50 MB of pods", pods, 20)
    count = STREAM // (20 * len(CONFIG) + len(pod(0)) + len(policy(0)))
    mixed = "---\n".join(
        text for number in range(count) for text in (pod(number), policy(number), *[CONFIG] * 20)
    )
    yield measured("50 MB, mostly of other kinds", mixed, 20)


PARTS: dict[str, Callable[[], Iterator[Row]]] = {"pods": bench_pods, "stream": bench_stream}


def pod(number: int) -> str:
    return POD.format(
        number=number, team=number % 20, node=number % 5, high=number // 250 % 250, low=number % 250 + 1
    )


def policy(number: int) -> str:
    return POLICY.format(number=number, team=number % 20)


def measured(what: str, text: str, promise: float) -> Row:
    """Read the text REPEATS times, each in a fresh process, and return the median."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "all.json" if text.startswith("{") else "all.yaml")
        file.write_text(text)
        command = [sys.executable, __file__, "--read", str(file)]
        runs = [
            subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            for _ in range(REPEATS)
        ]
    took, peak = [float(run[0]) for run in runs], max(float(run[1]) for run in runs)
    remark = f"{len(text) / 1e6:.1f} MB; at most {peak:.0f} MB of memory; {runs[0][2]} pods"
    return what, statistics.median(took), promise, remark


def read_once(file: str) -> None:
    begin = time.perf_counter()
    inventory = load_inventory([file])
    took = time.perf_counter() - begin
    # Not getrusage: its peak counts the parent before exec, too.
    peak = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    print(took, int(peak.group(1)) / 1024 if peak else 0, len(inventory.topology.pods))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        read_once(sys.argv[2])
    else:
        main(sys.argv[1:])
