"""Asking by SMS those who passed no terminal: what replies mean, and how a conversation goes on."""
