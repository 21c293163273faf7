"""Nodes, pods, servers and DNS as processes in network namespaces."""
