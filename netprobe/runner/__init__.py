"""A run: deploy, baseline, steps, rounds, journal, cleanup. The only threads of a run."""
