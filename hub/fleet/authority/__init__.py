"""The hub as a small certificate authority: which keys are terminals', for how long, and which are so no longer."""
