"""SMPP 3.4: a session with a carrier's message centre, without anything in between."""
