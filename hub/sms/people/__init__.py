"""Whom the hub knows by telephone: patients, and whether a telephone has stopped all messages."""
