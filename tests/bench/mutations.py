"""Every fault profile of the lab against the audit: ``python tests/bench/mutations.py [PROFILE[*N]...]``.

Each profile is a network with one fault. The table says whether the audit fired, what it named first, and
whether that is the fault. Labs run side by side: NETPROBE_BENCH_JOBS of them, 6 unless told otherwise;
NETPROBE_BENCH_SETTLE is the ceiling in seconds (8).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tabulate import tabulate

from netprobe.lab.datapath.profiles import PROFILES

SETTLE = os.environ.get("NETPROBE_BENCH_SETTLE", "8")
NAMES = {
    "none": "nothing-enforced",
    "ingress-only": "egress-ignored",
    "egress-only": "ingress-ignored",
    "service-bypass": "service-open",
    "first-moments-open": "startup-window",
    "dead-node": "dead-node (node2)",
    "shut-node": "shut-node (node2)",
    "fail-open-after-restart": "fail-open-after-restart (node2)",
}
"""What the audit calls the fault of a profile, where that is not the profile's own name."""

OPTIONS = {"blocks-mean-no-node": ("--allow-exposure",)}
"""What an audit must be asked for to meet the fault of a profile."""


def audit(profile: str) -> dict[str, object]:
    """Run the audit on a lab of its own; return its JSON report."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "audit.json")
        command = [
            sys.executable, "-m", "netprobe", "check", "--cluster", f"lab:{profile}", "--settle", SETTLE,
            "--quiet", "-o", f"json={report}", "--journal", folder, *OPTIONS.get(_fault(profile), ()),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if not report.exists():
            return {"verdict": "no report", "conclusion": done.stderr[-200:]}
        found: dict[str, object] = json.loads(report.read_text(encoding="utf-8"))
        return found


def _fault(profile: str) -> str:
    """The profile without its condition and identity."""
    return profile.partition("@")[0].partition("+")[0]


def row(profile: str) -> tuple[str, ...]:
    """The profile, the verdict, the first suspects, and whether the fault was named."""
    found = audit(profile)
    suspects = [each["name"] for each in found.get("suspects") or ()]
    fault = _fault(profile)
    wanted = NAMES.get(fault, fault)
    if fault in ("", "enforcing"):
        named = "silent" if found["verdict"] == "ENFORCED" else "FALSE ALARM"
    elif found["verdict"] not in ("NOT ENFORCED", "PARTIALLY ENFORCED"):
        named = "MISSED"
    elif suspects[:1] == [wanted]:
        named = "named" if len(suspects) == 1 else f"named, with {len(suspects) - 1} alike"
    elif wanted in suspects:
        named = "among others"
    else:
        named = "unknown" if not suspects else "MISNAMED"
    near = [f"({each['name']})" for each in found.get("near") or ()]
    return profile, str(found["verdict"]), ", ".join(suspects[:3] or near[:2]), named


def main(profiles: list[str]) -> None:
    """Print the table; ``PROFILE*N`` asks for N runs of a profile."""
    wanted = [
        name for each in profiles for name in [each.partition("*")[0]] * int(each.partition("*")[2] or 1)
    ]
    with ThreadPoolExecutor(int(os.environ.get("NETPROBE_BENCH_JOBS", "6"))) as pool:
        rows = list(pool.map(row, wanted or list(PROFILES)))
    print(tabulate(rows, ("profile", "verdict", "suspects (nearest)", "result"), tablefmt="github"))
    sound = [each for each in rows if each[3] in ("silent", "FALSE ALARM")]
    faults = [each for each in rows if each not in sound]
    print(f"\nsilent on sound networks: {sum(each[3] == 'silent' for each in sound)} of {len(sound)}", end="")
    fired = sum(each[3] != "MISSED" for each in faults)
    named = sum(each[3].startswith("named") for each in faults)
    print(f"\nfired: {fired} of {len(faults)}; named first: {named} of {len(faults)}")


if __name__ == "__main__":
    main(sys.argv[1:])
