"""Reaching patients by telephone: when to try, and what came of it."""
