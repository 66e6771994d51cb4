"""The figures: from plain counts to values that may be published, with interval, base and formula.

Every module here is free of input and output. Where the counts come from, and which answers are left
out of them, is decided by whoever counts.
"""
