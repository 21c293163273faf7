"""A run as a page: its data, its drawings, and what stands in it without scripts."""
