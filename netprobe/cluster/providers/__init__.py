"""Ways to come by a cluster."""
