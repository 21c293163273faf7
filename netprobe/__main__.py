"""``python -m netprobe``."""

from __future__ import annotations

from netprobe.cli.main import main

if __name__ == "__main__":
    main()
