"""Clusters: the port that the runner sees, the Kubernetes client behind it, and the providers."""
