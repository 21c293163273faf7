"""A cluster in memory: objects, network, shells and time without a kernel."""
