"""The rules of the lint, by theme; each is one function from a scene to findings."""
