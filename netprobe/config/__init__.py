"""Settings: CLI over environment over [tool.netprobe]."""
