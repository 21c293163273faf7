"""What to ask a pod's shell, and how to read the answer. No I/O here."""
