"""The lab's controllers: workloads, scheduling, services, garbage, rules."""
