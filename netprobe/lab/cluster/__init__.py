"""The embedded cluster as a whole: its process, its seed objects, its profiles."""
