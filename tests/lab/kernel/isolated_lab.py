"""Run by test_isolation: enters isolation, says what it sees as one line of JSON, then does as told."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import shell
from netprobe.lab.kernel.isolation import assert_no_uplink, enter_isolation


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(life: str, deed: str) -> int:
    enter_isolation(life_fd=int(life) if life else None)
    assert_no_uplink()
    if deed == "uplink":
        assert shell.run(["ip", "link", "add", "up0", "type", "veth", "peer", "name", "up1"]).code == 0
        try:
            assert_no_uplink()
        except EnvironmentFailure as failure:
            say(failure.message)
        return 0
    mount = shell.run(["mount", "-t", "tmpfs", "of-the-test", "/mnt"])
    seen = {
        "pid": os.getpid(),
        "processes": sorted(int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()),
        "network": str(Path("/proc/self/ns/net").readlink()),
        "mounted": mount.code == 0 and "of-the-test" in Path("/proc/self/mounts").read_text(),
        "session": os.getsid(0),
    }
    say(json.dumps(seen))
    if deed == "stay":
        signal.pause()
    return int(deed)


sys.exit(main(*sys.argv[1:]))
