"""Kannel: messages by its sendsms over HTTP, inbound messages and delivery reports by its smsbox's requests to us."""
