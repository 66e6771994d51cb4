"""The audit log: who did or read what, kept for ever in a chain in which every change shows."""
