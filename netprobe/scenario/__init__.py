"""The scenario file: loading, intent, flows, placement and dressing of workloads."""
