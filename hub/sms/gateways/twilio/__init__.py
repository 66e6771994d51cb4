"""Twilio, and whoever speaks its API: messages by REST, inbound messages and reports by signed webhooks."""
