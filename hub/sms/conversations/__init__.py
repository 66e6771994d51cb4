"""Conversations by SMS as they are stored: what is heard, what is said, and what comes of it."""
