"""The journal: a run on disk, enough to judge it again with no cluster."""
