"""The list of terminals: a small language that filters it, filters that are kept under a name, and what it shows."""
