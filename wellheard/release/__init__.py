"""Releases for terminals: keys, building, signing, publishing and verifying."""
