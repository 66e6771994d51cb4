"""Terminals: which there are, what they last said of themselves, and the ledger of their messages."""
