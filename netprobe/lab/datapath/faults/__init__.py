"""Faults that real CNIs had, each a small variation of the faithful data path.

Everything here is the lab's own reading of what went wrong; the oracle has another one.
"""
