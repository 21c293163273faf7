"""Decisions, observations and intent become findings."""
