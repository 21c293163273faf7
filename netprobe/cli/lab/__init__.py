"""``netprobe lab``: an embedded cluster that outlives the command."""
