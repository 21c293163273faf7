"""Results as metrics for Prometheus (docs/metrics.md)."""
