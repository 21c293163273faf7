"""What a lab would find on this machine: ``python -m netprobe.lab.cluster.tryout``, which starts no lab.

It leaves the host's network as a lab does, tries there what a lab's network is made of, and prints what came
of it as JSON. Everything that it makes ends with it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from collections.abc import Callable, Mapping

from netprobe.errors import EnvironmentFailure
from netprobe.lab.kernel import shell
from netprobe.lab.kernel.isolation import assert_no_uplink, enter_isolation

_RULES = """
table inet trial {
  map verdicts {
    type ipv4_addr : verdict
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    ct state established,related accept
    ip saddr vmap @verdicts
    meta l4proto tcp reject with tcp reset
  }
  chain translate {
    type nat hook prerouting priority dstnat; policy accept;
  }
}
"""
"""What the lab's rules consist of: a hook, connection tracking, a map of verdicts, a reset, and NAT."""


def main() -> int:
    """Try, and print ``{"refused": WORDS, "remedy": WORDS, "features": {NAME: WORDS}}``; "" is success."""
    features: dict[str, str] = {}
    refused = remedy = ""
    try:
        enter_isolation()
        assert_no_uplink()
        features = {name: attempt() for name, attempt in _FEATURES.items()}
    except EnvironmentFailure as failure:
        refused, remedy = failure.message, failure.remedy
    sys.stdout.write(json.dumps({"refused": refused, "remedy": remedy, "features": features}) + "\n")
    return 0


def _said(*argv: str, text: str = "") -> str:
    answer = shell.run(argv, text=text)
    return "" if answer.code == 0 else "".join(answer.errors.splitlines()[:1]) or f"exit code {answer.code}"


def _sctp() -> str:
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_SCTP).close()
    except OSError as error:
        return os.strerror(error.errno) if error.errno else str(error)
    return ""


_FEATURES: Mapping[str, Callable[[], str]] = {
    "nftables": lambda: _said("nft", "-f", "-", text=_RULES),
    "veth": lambda: _said("ip", "link", "add", "trial0", "type", "veth", "peer", "name", "trial1"),
    "bridge": lambda: _said("ip", "link", "add", "trial", "type", "bridge"),
    "sctp": _sctp,
}


if __name__ == "__main__":
    sys.exit(main())
