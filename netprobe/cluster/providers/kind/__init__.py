"""``kind[:CNI[@VERSION]]``: clusters in Docker, made for a run with the CNI that is to be judged."""
