"""The official Kubernetes client behind the port."""
