"""The pitfalls of policies, found in what manifests say, without a cluster and without a packet."""
