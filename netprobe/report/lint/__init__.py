"""Findings of the lint as text, JSON, SARIF and GitHub annotations."""
