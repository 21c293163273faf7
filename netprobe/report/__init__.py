"""A run as terminal text, JSON and JUnit."""
