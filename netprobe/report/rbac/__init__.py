"""Roles for a cluster, as manifests."""
