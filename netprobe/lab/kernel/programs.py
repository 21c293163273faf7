"""The programs of the operating system that the lab runs, and the packages they come from."""

from __future__ import annotations

import shutil

from netprobe.errors import InputError

SEARCH_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""Where the lab and its pods look for programs, whatever the PATH of the caller is."""

DEBIAN_PACKAGES = {
    "ip": "iproute2",
    "nft": "nftables",
    "curl": "curl",
    "nslookup": "bind9-dnsutils",
    "nc": "netcat-openbsd",
}
"""The programs that the lab needs beside ``sh``, and the Debian package of each."""


def require_programs() -> None:
    """Raise InputError, naming every missing program and its Debian package, unless all are there."""
    missing = [name for name in DEBIAN_PACKAGES if shutil.which(name, path=SEARCH_PATH) is None]
    if missing:
        packages = " ".join(DEBIAN_PACKAGES[name] for name in missing)
        raise InputError(
            f"the lab needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed",
            remedy=f"install the Debian or Ubuntu packages: apt-get install {packages}",
        )
