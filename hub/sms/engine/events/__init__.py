"""One file an event: what happened in a conversation, and how the session is afterwards."""
