"""The conversation: session and message in, session and events out; nothing here reads or writes anything."""
