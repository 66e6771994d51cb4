"""One file a state of the conversation: what a reply means there, when nothing heard in every state claimed it."""
