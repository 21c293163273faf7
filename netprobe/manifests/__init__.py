"""YAML and plain objects to model and back; every problem with file:line:column."""
