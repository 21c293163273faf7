"""Which CNI a cluster has, concluded from plain objects: a table of fingerprints and a matcher."""
